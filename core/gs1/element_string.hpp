#pragma once

#include "core/gs1/ai_value.hpp"
#include "core/gs1/check_code.hpp"

#include <span>
#include <string>
#include <string_view>

namespace nguon::gs1 {

/// Bracketed text, "(01)08939999000017(10)LO-7": a literal "(" in a value is written "\(". Reports every fault; which
/// AIs belong together is not judged (check_code.hpp does). Keys: "gs1.syntax", "gs1.ai_unknown" {ai} and those of
/// `check_elements`.
Reading read_bracketed(std::string_view text);

/// "^0108939999000017^10LO-7" or the same with U+001D; a leading separator may be missing. Reports every fault.
Reading read_element_string(std::string_view text);

/// Data with a symbology identifier in front as scanners send it, see `check_scan_data`. Keys besides those of
/// `check_elements`: "gs1.symbology_plain" {identifier}, "gs1.symbology_unknown" {identifier}, "gs1.symbol_digits"
/// {identifier, digits, right number}, "gtin.check_digit".
Reading read_scan_data(std::string_view text);

/// Checks every value against the table, and that no AI occurs twice with two values.
/// Keys: "gs1.ai_unknown" {ai}, "gs1.repeated" {ai} and those of `rule_key`, whose values are {ai, value, part, right
/// characters if they can be known}.
std::vector<Fault> check_elements(std::span<AiValue const> elements);

/// "(01)08939999000017(10)LO-7"
std::string to_bracketed(std::span<AiValue const> elements);

/// "^0108939999000017^10LO-7…" with `separator` at the front and only where it is needed. AIs of predefined length
/// keep their place.
std::string to_element_string(std::span<AiValue const> elements, char separator = '^');

/// What a scanner sends for a symbol with this identifier: "]C1010893999900001710LO-7", "]E08939999000017",
/// "]Q1https://id.gs1.org/01/…". Errors: "gs1.symbology_unknown" {identifier}, "gs1.not_in_symbol" {identifier} when
/// the symbol cannot carry these elements, and those of `to_canonical_link`.
Result<std::string> to_scan_data(std::span<AiValue const> elements, std::string_view identifier);

/// The lines printed beside a symbol, one for each AI: "(10) LO-7", with its data title in front when `titles` are
/// wanted: "BATCH/LOT (10) LO-7" (General Specifications §4.15).
std::vector<std::string> to_printed_lines(std::span<AiValue const> elements, bool titles = false);

} // namespace nguon::gs1
