#pragma once

#include <cstddef>
#include <cstdint>

/// Limits of the programme: plans, evidence, needs and reports.
namespace nguon::limits {

inline constexpr std::size_t plan_bytes_max = 512 * 1024; // a plan's file
inline constexpr std::size_t plan_items_max = 200;        // of each of its lists
inline constexpr std::size_t plan_text_chars_max = 1'000;
inline constexpr std::int64_t plans_max = 50;
inline constexpr std::int64_t plan_records_max = 20'000; // evidence of one plan
inline constexpr std::int64_t plan_needs_max = 5'000;    // of one plan in one year
inline constexpr std::int64_t plan_snapshots_max = 200;  // of one plan
inline constexpr std::size_t record_files_max = 10;      // of one piece of evidence
inline constexpr int report_years_max = 30;              // in one range

} // namespace nguon::limits
