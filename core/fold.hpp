#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Text as people write it, and as Vietnamese readers search and sort it.
namespace nguon {

enum class Lines { one, many };

/// Text that may be stored: NFC, trimmed, every kind of space a plain one, "\n" as line end. Control characters, signs
/// that change the writing direction, invisible characters and more than four marks on one letter are refused.
/// Empty text stays empty. Errors: "text.utf8", "text.control" {U+202E, place from 1}, "text.marks" {place},
/// "text.too_long" {characters max, characters}.
Result<std::string> clean_text(std::string_view text, std::size_t chars_max, Lines lines = Lines::one);

/// True for well-formed UTF-8 without surrogates and overlong forms.
bool is_utf8(std::string_view text);

/// Number of code points; a broken byte counts as one.
std::size_t count_chars(std::string_view text);

/// The first character of a text with its marks left out; one byte when it is broken, nothing when the text is empty.
std::string_view first_char(std::string_view text);

/// The front of somebody's text for a message: valid UTF-8 on one line, "…" behind what was cut.
std::string excerpt(std::string_view text, std::size_t chars_max = 40);

/// For search without marks: lower case, no marks, đ -> d: "ĐẮK LẮK" -> "dak lak". Broken UTF-8 becomes U+FFFD.
std::string fold(std::string_view text);

/// For exact comparison: NFC and lower case, marks kept.
std::string exact_key(std::string_view text);

/// The words (runs of letters, marks and digits) of a text, each as `exact_key` gives it, in order.
std::vector<std::string> words(std::string_view text);

/// Bytes that order texts as a Vietnamese dictionary does when they are compared bytewise.
std::string sort_key(std::string_view text);

} // namespace nguon
