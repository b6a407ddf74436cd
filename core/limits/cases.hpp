#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// What complaints, inspections and requests do not go beyond. Names end in their unit.
namespace nguon::limits {

inline constexpr std::size_t case_text_chars_max = 2'000;
inline constexpr std::int64_t case_photos_max = 10;         // of one case, from all sides
inline constexpr std::int64_t reports_per_subject_max = 20; // about one product in `report_window`
inline constexpr auto report_window = std::chrono::hours{1};
inline constexpr auto case_details_kept_time = std::chrono::hours{24 * 365}; // the reporter's words, behind the end
inline constexpr std::size_t checklist_text_chars_max = 500;
inline constexpr std::int64_t inspection_photos_max = 60;
inline constexpr std::int64_t inspection_actions_max = 20;
inline constexpr std::int64_t deadline_amount_max = 365;
inline constexpr std::int64_t case_details_erased_at_once = 200;

} // namespace nguon::limits
