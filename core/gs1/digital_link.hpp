#pragma once

#include "core/gs1/ai_value.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nguon::gs1 {

class Verdict;

inline constexpr std::string_view canonical_base = "https://id.gs1.org";
inline constexpr std::size_t link_bytes_max = 8 * 1024;

/// A GS1 Digital Link URI taken apart (URI syntax 1.6).
struct DigitalLink {
    std::string base = {};              // "https://example.vn/some/path", no slash at the end
    std::vector<AiValue> elements = {}; // key, its qualifiers, then the data attributes
    std::size_t path_elements = 0;      // how many of them stand in the path
    std::vector<std::pair<std::string, std::string>> parameters = {}; // other query parameters, decoded: linkType …

    std::span<AiValue const> path() const { return std::span{elements}.first(path_elements); }
    std::span<AiValue const> attributes() const { return std::span{elements}.subspan(path_elements); }
    bool operator==(DigitalLink const&) const = default;
};

/// A Digital Link and everything that is wrong with it.
struct LinkReading {
    DigitalLink link = {};
    std::vector<Fault> faults = {};
    std::string_view edition = {}; // of the table that judged

    bool valid() const { return faults.empty(); }
};

/// Reads an uncompressed URI on any host below any path as a resolver does: a slash at its end is read over, and which
/// AIs belong together is not judged (`check_digital_link` does). Keys: "link.scheme", "link.host",
/// "link.no_key", "link.escape" {escape}, "link.path" {segment}, "link.qualifier_order" {ai, key},
/// "link.belongs_in_path" {ai, key}, "link.not_in_query" {ai}, "link.query_ai" {name}, "link.repeated" {ai},
/// "link.too_long" {bytes max}; and those of `check_elements`.
LinkReading read_digital_link(std::string_view uri);

/// The same for path and query of a request on our own host: "/01/08939999000017/10/LO7" and "17=271231". The path may
/// be compressed.
LinkReading read_digital_link_path(std::string_view path, std::string_view query = {});

/// As `read_digital_link`, with the faults as an `Error`.
Result<DigitalLink> parse_digital_link(std::string_view uri);

/// True when the text starts with http:// or https:// and has a primary key in its path, valid or not.
bool looks_like_digital_link(std::string_view uri);

/// The URI below `base` ("https://example.vn", with or without a slash at its end): the first primary key among the
/// elements, its qualifiers in order, the rest as attributes in their order. The values must be valid.
/// Errors: "link.no_key", "link.not_in_link" {ai} for an AI that neither path nor query may carry.
Result<std::string> to_digital_link(std::span<AiValue const> elements, std::string_view base);

/// `to_digital_link` below https://id.gs1.org with attributes ordered by AI, so that equal things have equal texts.
Result<std::string> to_canonical_link(std::span<AiValue const> elements);

/// `to_canonical_link` of a link that was checked and found valid.
std::string write_canonical_link(Verdict const& verdict);

/// Key and qualifiers only, as events name things: https://id.gs1.org/01/…/21/….
Result<std::string> to_canonical_path(std::span<AiValue const> elements);

/// %XX for everything but A-Z a-z 0-9 - . _ ~
std::string percent_encode(std::string_view text);

/// Decodes %XX; `plus_is_space` as in a query. Errors: "link.escape" {escape} for a broken escape and %00.
Result<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

} // namespace nguon::gs1
