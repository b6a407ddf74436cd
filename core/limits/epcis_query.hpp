#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// What queries of the event store do not go beyond.
namespace nguon::limits {

inline constexpr std::int64_t query_page_default = 30; // events, as the standard has it
inline constexpr std::int64_t query_page_max = 1'000;
inline constexpr std::size_t query_page_bytes = 8U * 1024 * 1024; // of events; then the page ends early
inline constexpr std::size_t query_conditions_max = 100;          // parameters of one query
inline constexpr std::size_t query_values_max = 200;              // of one parameter
inline constexpr std::size_t query_names_max = 100;               // prefixes in GS1-Extensions
inline constexpr std::int64_t query_events_read = 2'000; // bodies looked at for one page; then the page ends early
inline constexpr std::int64_t query_keys_read = 20'000;  // index rows walked for one page
inline constexpr std::int64_t query_set_max = 2'000;     // events that are sorted in memory instead of walked to
inline constexpr std::int64_t query_count_read = 50'000; // bodies looked at to know whether maxEventCount is kept
inline constexpr auto query_token_kept_time = std::chrono::hours{24 * 30};

inline constexpr std::size_t event_terms_max = 200;      // index terms of one event; more are found by looking at it
inline constexpr std::size_t event_term_bytes_max = 256; // of a value that is a term
inline constexpr std::int64_t event_terms_slice = 500;   // older events indexed in one transaction
inline constexpr auto event_terms_rest = std::chrono::milliseconds{200}; // between two slices

} // namespace nguon::limits
