#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace nguon {

/// A moment in UTC to the microsecond; the database keeps its count since 1970 as BIGINT.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Date = std::chrono::year_month_day;

/// Viet Nam keeps +07:00 all year.
inline constexpr std::chrono::minutes vietnam_offset{7 * 60};

/// A moment as somebody stated it: the instant and the offset it was said in.
struct OffsetTime {
    Instant at = {};
    std::chrono::minutes offset = vietnam_offset;

    bool operator==(OffsetTime const&) const = default;
};

inline std::int64_t to_micros(Instant at) { return at.time_since_epoch().count(); }
inline Instant from_micros(std::int64_t micros) { return Instant{std::chrono::microseconds{micros}}; }

/// RFC 3339 with seconds and any fraction (further digits than six are cut), "Z" or an offset within ±14:00.
/// Errors: "time.format".
Result<OffsetTime> parse_time(std::string_view text);

/// "+07:00"; errors: "time.offset".
Result<std::chrono::minutes> parse_offset(std::string_view text);

/// "yyyy-mm-dd" or "dd/mm/yyyy", a day that exists. Errors: "date.format".
Result<Date> parse_date(std::string_view text);

/// "2026-11-21T08:00:00.123Z": UTC with three decimals.
std::string to_iso(Instant at);
/// "2026-11-21T15:00:00.123+07:00": three decimals, in its own offset.
std::string to_iso(OffsetTime const& time);
/// "+07:00"
std::string to_offset_text(std::chrono::minutes offset);
/// "2026-11-21"
std::string to_iso(Date date);
/// "21/11/2026", as Vietnamese readers expect it.
std::string to_vietnamese(Date date);
/// "15:00 21/11/2026" in Viet Nam's time.
std::string to_vietnamese(Instant at);

/// The calendar day in Viet Nam at that moment.
Date vietnam_date(Instant at);
/// The start of that day in Viet Nam.
Instant start_of_day(Date date);
/// Whole days from `from` to `to`, negative when `to` is earlier.
int days_between(Date from, Date to);

} // namespace nguon
