#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// What tracing, recalls and drills do not go beyond.
namespace nguon::limits {

using namespace std::chrono_literals;

// One closure over the event store. What is cut says so in the answer and in a counter.
inline constexpr std::size_t trace_things_max = 100'000;
inline constexpr std::size_t trace_links_max = 500'000;
inline constexpr std::int64_t trace_depth_max = 64;
inline constexpr auto trace_time = 5s;
inline constexpr std::size_t trace_things_shown = 300; // on a page; the sheet has all of them
inline constexpr std::size_t trace_things_drawn = 60;  // in a picture

// Recalls
inline constexpr std::size_t recall_lots_max = 20'000;      // of one case
inline constexpr std::size_t recall_lots_published = 1'000; // in one transaction; the rest follows
inline constexpr std::size_t recall_text_chars_max = 2'000;
inline constexpr std::size_t recall_reason_chars_max = 500;
inline constexpr auto drill_interval = std::chrono::hours{24 * 30};
inline constexpr auto recall_watch_time = 30s; // between two looks for what is to be done
inline constexpr auto recall_lease_time = 60s;

} // namespace nguon::limits
