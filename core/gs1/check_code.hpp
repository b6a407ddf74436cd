#pragma once

#include "core/gs1/verdict.hpp"

#include <string_view>

/// The readers of every spelling of a GS1 code. None allocates memory; each reports every fault. The text must outlive
/// the verdict's use.
namespace nguon::gs1 {

/// The separator in data that scanners transmit; people type "^" instead, and the readers take both.
inline constexpr char group_separator = '\x1d';

constexpr bool is_separator(char c) { return c == group_separator || c == '^'; }

/// Reads whichever form it is: bracketed text, an element string that starts with FNC1 ("^" or U+001D) or contains it,
/// scan data with a symbology identifier, the 8, 12, 13 or 14 digits of a GTIN, a Digital Link URI, compressed or not.
/// An element string without any separator is taken, and noted, when it starts with a whole GTIN or SSCC; else it is
/// "gs1.no_start", and what does not even start with an AI is "code.unknown".
void check_code(std::string_view text, CheckOptions const& options, Verdict& verdict);

/// "(01)08939999000017(10)LO-7": a literal "(" in a value is written "\(".
void check_bracketed(std::string_view text, CheckOptions const& options, Verdict& verdict);

/// "^0108939999000017^10LO-7" or the same with U+001D; a leading separator may be missing.
void check_element_string(std::string_view text, CheckOptions const& options, Verdict& verdict);

/// Data with a symbology identifier in front: ]C1 ]e0 ]e1 ]e2 ]d2 ]d5 ]d8 ]Q3 ]Q5 ]J1 carry element strings; ]E0 ]E3
/// ]E4 ]I1 a GTIN, and behind "|" the composite part. ]d1 ]Q1 ]J0 ]C0 … may carry a Digital Link; with anything else
/// they are "gs1.symbology_plain".
void check_scan_data(std::string_view text, CheckOptions const& options, Verdict& verdict);

/// A Digital Link URI (URI syntax 1.6) on any host below any path: the rightmost primary key starts the data. "+" is a
/// plus in the path and a space in the query; the fragment is ignored. Compressed links are recognised by their last
/// segment.
void check_digital_link(std::string_view uri, CheckOptions const& options, Verdict& verdict);

/// The same for path and query of a request: "/01/08939999000017/10/LO7?17=271231".
void check_link_path(std::string_view target, CheckOptions const& options, Verdict& verdict);

} // namespace nguon::gs1
