#include "server/app/deadlines.hpp"

#include "core/limits/cases.hpp"
#include "db/audit_log.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

CalendarDays calendar_of(db::Connection& c)
{
    CalendarDays out;
    for (auto const& day : db::deadlines::calendar(c))
        if (auto const date = parse_date(day.day)) out[*date] = day.working;
    return out;
}

} // namespace

Result<Instant> due_at(db::Connection& c, std::string_view deadline, Instant from)
{
    auto const found = db::deadlines::find(c, deadline);
    if (!found) return found.error();
    auto const unit = read_time_unit(found->unit);
    if (!unit) return unit.error();
    return due_after(from, found->amount, *unit, *unit == TimeUnit::hours ? CalendarDays{} : calendar_of(c));
}

Status change_deadline(db::Connection& c, Actor const& actor, db::deadlines::Deadline const& wanted)
{
    if (auto const unit = read_time_unit(wanted.unit); !unit) return unit.error();
    if (wanted.amount < 1 || wanted.amount > limits::deadline_amount_max)
        return invalid_fields({{"/amount", "field.range", {"1", std::to_string(limits::deadline_amount_max)}}});
    if (auto changed = db::deadlines::change(c, wanted, actor.at); !changed) return changed;
    note(c, actor, {}, "deadline.change", "deadline", wanted.name, std::to_string(wanted.amount) + " " + wanted.unit);
    return Done{};
}

Status save_calendar_day(db::Connection& c, Actor const& actor, db::deadlines::CalendarDay const& day)
{
    auto const date = parse_date(day.day);
    if (!date) return invalid_fields({{"/day", date.error().key, date.error().values}});
    db::deadlines::save(c, {to_iso(*date), day.working, day.name});
    note(c, actor, {}, "calendar.change", "calendar", to_iso(*date), day.name);
    return Done{};
}

void note(db::Connection& c, Actor const& actor, OrganizationId const& org, std::string const& action,
          std::string const& kind, std::string const& id, std::string const& reason)
{
    db::audit_log::Entry entry;
    entry.org = org;
    entry.action = action;
    entry.entity_kind = kind;
    entry.entity_id = id;
    if (!reason.empty()) entry.detail = nlohmann::json{{"reason", reason}}.dump();
    db::audit_log::append(c, actor.change(reason), entry);
}

} // namespace nguon::server::app
