#pragma once

#include "db/deadlines.hpp"
#include "server/app/actor.hpp"

#include <string>
#include <string_view>

/// The clocks of the desk.
namespace nguon::server::app {

/// When what begins at `from` is due by the deadline of that name. Errors: "deadline.unknown".
Result<Instant> due_at(db::Connection& c, std::string_view deadline, Instant from);

/// The operator sets a clock anew; what runs already keeps its end. Errors: "deadline.unknown", "deadline.unit",
/// "field.range" at "amount".
Status change_deadline(db::Connection& c, Actor const& actor, db::deadlines::Deadline const& wanted);

/// A holiday, or a Saturday that is worked. Errors: "date.format" at "day".
Status save_calendar_day(db::Connection& c, Actor const& actor, db::deadlines::CalendarDay const& day);

/// Notes something of a case in the audit.
void note(db::Connection& c, Actor const& actor, OrganizationId const& org, std::string const& action,
          std::string const& kind, std::string const& id, std::string const& reason = {});

} // namespace nguon::server::app
