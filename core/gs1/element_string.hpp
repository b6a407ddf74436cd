#pragma once

#include "core/gs1/ai_value.hpp"

#include <span>
#include <string>
#include <string_view>

namespace nguon::gs1 {

/// The separator in data that scanners transmit; people type "^" instead, and this module reads both.
inline constexpr char group_separator = '\x1d';

/// Bracketed text, "(01)08939999000017(10)LO-7": a literal "(" in a value is written "\(". Reports every fault.
/// Keys: "gs1.syntax", "gs1.ai_unknown" {ai} and those of `check_elements`.
Reading read_bracketed(std::string_view text);

/// "^0108939999000017^10LO-7" or the same with U+001D; a leading separator may be missing. Reports every fault.
Reading read_element_string(std::string_view text);

/// Data with a symbology identifier in front as scanners send it: ]C1 ]e0 ]d2 ]Q3 ]J1 ]d5 ]d8 ]Q5 carry element
/// strings; ]E0 ]E4 ]E3 ]I1 a GTIN. Texts of ]d1 ]Q1 ]J0 ]C0 are not GS1 data: "gs1.symbology_plain" {identifier}.
/// Further key: "gs1.symbology_unknown" {identifier}.
Reading read_scan_data(std::string_view text);

/// Checks every value against the table, and that no AI occurs twice with two values.
/// Keys: "gs1.ai_unknown" {ai}, "gs1.repeated" {ai} and those of `rule_key`, whose values are {ai, value, part, right
/// characters if they can be known}.
std::vector<Fault> check_elements(std::span<AiValue const> elements);

/// As `check_elements` for one element; `position` is where its value starts in the text that was read.
void check_element(AiValue const& element, std::size_t position, std::vector<Fault>& faults);

/// "(01)08939999000017(10)LO-7"
std::string to_bracketed(std::span<AiValue const> elements);

/// "^0108939999000017^10LO-7…" with `separator` at the front and only where it is needed. AIs of predefined length
/// keep their place.
std::string to_element_string(std::span<AiValue const> elements, char separator = '^');

} // namespace nguon::gs1
