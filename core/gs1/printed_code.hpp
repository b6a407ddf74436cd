#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>

/// The code printed on a unit or lot: eleven random characters and one Luhn mod 32 check character.
namespace nguon::gs1 {

/// Digits and capital letters without I, L, O and U.
inline constexpr std::string_view printed_code_alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
inline constexpr std::size_t printed_code_chars = 12;

/// A new code with 55 random bits. It has a letter, so nobody takes it for a barcode number.
std::string new_printed_code();

/// The check character for text of the alphabet (Luhn mod 32).
char printed_code_check(std::string_view text);

/// What a person typed -> twelve characters: lower case is folded, O is 0, I and L are 1, spaces and dashes are
/// dropped. Errors: "code.character" {character, its place from 1}, "code.length" {number of characters, 12},
/// "code.check" {text}.
Result<std::string> read_printed_code(std::string_view text);

/// "ABCD-EFGH-JKMN", for people to read.
std::string to_grouped_code(std::string_view code);

} // namespace nguon::gs1
