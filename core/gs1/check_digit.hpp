#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>

namespace nguon::gs1 {

/// The mod 10 check digit (weights 3, 1 from the right) that belongs behind `digits`, which are digits only.
char check_digit(std::string_view digits);

/// True when `digits` are digits only, at least two, and the last is the check digit of the others.
bool has_check_digit(std::string_view digits);

/// GTIN-8, -12, -13 or -14 -> 14 digits, zeros in front. Spaces and dashes between the digits are dropped.
/// Errors: "gtin.digits" {text}, "gtin.length" {text, number of digits}, "gtin.check_digit" {text, right digit}.
Result<std::string> read_gtin(std::string_view text);

/// 13 digits. Errors: "gln.digits", "gln.length", "gln.check_digit" with values as `read_gtin`.
Result<std::string> read_gln(std::string_view text);

/// 18 digits. Errors: "sscc.digits", "sscc.length", "sscc.check_digit" with values as `read_gtin`.
Result<std::string> read_sscc(std::string_view text);

/// The shortest usual spelling of 14 digits: 13, 12 or 8 digits where the leading zeros allow it, for people to read.
std::string_view short_gtin(std::string_view gtin14);

/// The twelve digits that the eight of a UPC-E symbol stand for; empty when `digits` are no UPC-E number.
std::string upc_e_to_upc_a(std::string_view digits);

/// The same into twelve characters; false when `digits` are no UPC-E number.
bool expand_upc_e(std::string_view digits, char* upc_a);

} // namespace nguon::gs1
