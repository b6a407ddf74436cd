#include "db/deadlines.hpp"

namespace nguon::db::deadlines {
namespace {

Deadline from_row(Row const& row) { return {row.text(0), row.integer(1), row.text(2), row.text(3)}; }

} // namespace

Status change(Connection& c, Deadline const& deadline, Instant at)
{
    auto const changed = c.execute("UPDATE deadline SET amount = $2, unit = $3, changed_at = $4 WHERE name = $1",
                                   {deadline.name, deadline.amount, deadline.unit, at});
    if (changed == 0) return not_found("deadline.unknown");
    return Done{};
}

std::vector<Deadline> list(Connection& c)
{
    std::vector<Deadline> out;
    for (auto const& row : c.query("SELECT name, amount, unit, basis FROM deadline ORDER BY name"))
        out.push_back(from_row(row));
    return out;
}

Result<Deadline> find(Connection& c, std::string_view name)
{
    auto const rows = c.query("SELECT name, amount, unit, basis FROM deadline WHERE name = $1", {name});
    if (rows.empty()) return not_found("deadline.unknown");
    return from_row(rows.front());
}

void add_missing(Connection& c, std::vector<CalendarDay> const& days)
{
    for (auto const& day : days)
        c.execute("INSERT INTO calendar_day (day, working, name) VALUES ($1, $2, $3) ON CONFLICT (day) DO NOTHING",
                  {day.day, day.working, day.name});
}

void save(Connection& c, CalendarDay const& day)
{
    c.execute("INSERT INTO calendar_day (day, working, name) VALUES ($1, $2, $3)"
              " ON CONFLICT (day) DO UPDATE SET working = $2, name = $3",
              {day.day, day.working, day.name});
}

std::vector<CalendarDay> calendar(Connection& c)
{
    std::vector<CalendarDay> out;
    for (auto const& row : c.query("SELECT day, working, name FROM calendar_day ORDER BY day"))
        out.push_back({row.text(0), row.flag(1), row.text(2)});
    return out;
}

} // namespace nguon::db::deadlines
