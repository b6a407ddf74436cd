#pragma once

#include "core/time.hpp"

#include <map>
#include <string_view>

/// Clocks of offices: deadlines in hours, days or working days.
namespace nguon {

/// Days that are not what the week makes of them: true for a Saturday that is worked, false for a holiday.
using CalendarDays = std::map<Date, bool>;

/// Monday to Friday, but for the days of the calendar.
bool is_working_day(Date day, CalendarDays const& calendar);

enum class TimeUnit { hours, days, working_days };

/// "hours", "days", "working_days"; errors: "deadline.unit" {text}.
Result<TimeUnit> read_time_unit(std::string_view text);

/// When what begins at `from` is due. Hours count as they pass; days end with the last one (Civil Code Art. 147: the
/// day of the beginning does not count), and a last day without work moves to the next that has some (Art. 148).
Instant due_after(Instant from, std::int64_t amount, TimeUnit unit, CalendarDays const& calendar);

} // namespace nguon
