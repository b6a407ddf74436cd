#include "core/working_days.hpp"

#include <array>
#include <utility>

namespace nguon {
namespace {

constexpr std::array<std::pair<std::string_view, TimeUnit>, 3> units{
    {{"hours", TimeUnit::hours}, {"days", TimeUnit::days}, {"working_days", TimeUnit::working_days}}};

Date next_day(Date day) { return Date{std::chrono::sys_days{day} + std::chrono::days{1}}; }

/// A calendar that knows no working day at all must not keep anybody here for ever.
constexpr int days_looked_at_max = 3'660;

} // namespace

bool is_working_day(Date day, CalendarDays const& calendar)
{
    if (auto const known = calendar.find(day); known != calendar.end()) return known->second;
    std::chrono::weekday const weekday{std::chrono::sys_days{day}};
    return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

Result<TimeUnit> read_time_unit(std::string_view text)
{
    for (auto const& [word, unit] : units)
        if (word == text) return unit;
    return invalid("deadline.unit", {std::string{text}});
}

Instant due_after(Instant from, std::int64_t amount, TimeUnit unit, CalendarDays const& calendar)
{
    if (unit == TimeUnit::hours) return from + std::chrono::hours{amount};
    auto day = vietnam_date(from);
    auto left = amount;
    int looked_at = 0;
    while (left > 0 && looked_at++ < days_looked_at_max) {
        day = next_day(day);
        if (unit == TimeUnit::days || is_working_day(day, calendar)) --left;
    }
    while (!is_working_day(day, calendar) && looked_at++ < days_looked_at_max) day = next_day(day);
    return start_of_day(next_day(day));
}

} // namespace nguon
