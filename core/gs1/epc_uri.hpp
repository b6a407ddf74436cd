#pragma once

#include "core/gs1/ai_value.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nguon::gs1 {

/// How many digits the company prefix at the front of a key has. A Digital Link does not say it and an EPC URN needs
/// it. The rows are the operator's own knowledge: "every key that starts with 8938505 has a prefix of 10 digits".
class CompanyPrefixTable {
public:
    static constexpr std::size_t length_min = 4;
    static constexpr std::size_t length_max = 12;

    /// Keys that start with `leading` have a company prefix of `length` digits. Viet Nam's 893 gives out 7, 8, 9, 10
    /// and 12 digits. Errors: "prefix.digits" {leading}, "prefix.length" {leading, length}.
    Status add(std::string_view leading, std::size_t length);

    /// Lines "8938505 10"; empty lines and lines with "#" in front are skipped. Errors: every faulty line, as fields
    /// with the line number as pointer; "prefix.line" besides those of `add`.
    static Result<CompanyPrefixTable> parse(std::string_view text);

    /// `digits` starts with the company prefix; the longest row that fits decides.
    std::optional<std::size_t> length_of(std::string_view digits) const;

    bool empty() const { return lengths_.empty(); }

private:
    std::map<std::string, std::size_t, std::less<>> lengths_;
};

/// True for urn:epc:id:, urn:epc:class: and urn:epc:idpat:.
bool is_epc_uri(std::string_view text);

/// Reads an EPC pure identity URI, a class URI or a pattern that names a class ("urn:epc:idpat:sgtin:893850500.001.*")
/// into AI values with check digits. Schemes: sgtin sscc sgln grai giai gsrn gsrnp gdti sgcn cpi itip upui pgln ginc
/// gsin, class:lgtin, idpat of sgtin grai gdti sgcn cpi itip upui.
/// Errors: "epc.syntax" {text}, "epc.scheme" {scheme}, "epc.part" {text, part}, and those of `check_elements`.
Result<std::vector<AiValue>> read_epc_uri(std::string_view uri);

/// The canonical Digital Link of the same thing.
Result<std::string> epc_to_digital_link(std::string_view uri);

/// The EPC URI of the path of a Digital Link: an instance with a serial, a lot as class, a class as pattern.
/// `prefix_length`: digits of the company prefix. Errors: "epc.no_urn" {key} when EPC knows no such URI,
/// "epc.prefix_length" {length}.
Result<std::string> to_epc_uri(std::span<AiValue const> path, std::size_t prefix_length);

/// The same with a table; further error: "epc.prefix_unknown" {key value}.
Result<std::string> to_epc_uri(std::span<AiValue const> path, CompanyPrefixTable const& prefixes);

/// The digits of the key of `path` from the company prefix on; empty when the key has none.
std::string_view company_prefix_part(std::span<AiValue const> path);

} // namespace nguon::gs1
