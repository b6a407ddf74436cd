#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>

/// Numbers that Vietnamese authorities give out, and the checks on them.
namespace nguon {

/// 10 digits, or 13 as "0100109106-001" for a branch, or the 12 digits of a person; dashes, dots and spaces may be
/// missing or added. Errors: "mst.digits" {text}, "mst.length" {text, number of digits}, "mst.check_digit" {text, right
/// digit}, "mst.invalid" {text} when no check digit exists for the first nine, "mst.branch" {text}.
Result<std::string> read_tax_code(std::string_view text);

/// A household's or person's tax code is its 12-digit personal number: personal data.
inline bool is_personal_tax_code(std::string_view tax_code) { return tax_code.size() == 12; }

/// 12 digits of a citizen's card. Errors: "personal_id.digits" {}, "personal_id.length" {number of digits}; the number
/// itself never stands in an error.
Result<std::string> read_personal_id(std::string_view text);

/// "012345678901" -> "********8901"; shorter text is masked whole.
std::string mask_personal_id(std::string_view number);

/// A Vietnamese telephone number -> digits with 0 in front: mobile (03, 05, 07, 08, 09), landline (02), or a 1800 or
/// 1900 number. "+84" and "84" become 0. Errors: "phone.digits" {text}, "phone.format" {text}.
Result<std::string> read_phone(std::string_view text);

/// "+84912345678" for a tel: link; 1800 and 1900 numbers stay as they are.
std::string to_international_phone(std::string_view phone);

/// Growing-area or packing-house code: two to six parts of capitals and digits joined by "-", "VN-12-03388-001-26",
/// "VN-LCOR-0001"; the fold is upper case, dots, slashes and spaces become "-". Errors: "growing_area.format" {text}.
Result<std::string> read_growing_area_code(std::string_view text);

/// Customs classification: 2, 4, 6, 8 or 10 digits, dots and spaces dropped. Errors: "hs_code.digits" {text},
/// "hs_code.length" {text, number of digits}, "hs_code.chapter" {text} (01 to 98 without 77).
Result<std::string> read_hs_code(std::string_view text);

/// OCOP rank 3, 4 or 5. Errors: "ocop.stars" {text}.
Result<int> read_ocop_stars(std::string_view text);

/// The rank that `points` (0–100) earn: 3 from 50, 4 from 70, 5 from 90; 0 below. Errors: "ocop.points" {points}.
Result<int> ocop_stars_for(int points);

/// A website address as people give it: http or https and a host with a dot; "https://" is put in front when missing.
/// Errors: "web_address.format" {text}.
Result<std::string> read_web_address(std::string_view text);

/// One "@", no spaces, a host with a dot, at most 254 bytes; the host becomes lower case. Errors: "email.format"
/// {text}.
Result<std::string> read_email(std::string_view text);

} // namespace nguon
