#include "db/targets.hpp"

#include "db/counters.hpp"
#include "db/outbox.hpp"

#include <sstream>

namespace nguon::db::targets {

namespace {

/// " event batch ": every word between spaces, so that SQL finds one by taking it out.
std::string words_of(std::vector<std::string> const& types)
{
    std::string words;
    for (auto const& type : types) words += (words.empty() ? " " : "") + type + " ";
    return words;
}

std::vector<std::string> types_of(std::string_view words)
{
    std::vector<std::string> types;
    std::istringstream in{std::string{words}};
    for (std::string type; in >> type;) types.push_back(type);
    return types;
}

TargetState state_from(Row const& row)
{
    TargetState state;
    state.target = row.text(0);
    state.state = row.text(1);
    state.detail = row.text(2);
    state.next_try_at = row.optional_instant(3);
    state.succeeded_at = row.optional_instant(4);
    state.failed_at = row.optional_instant(5);
    state.certificate_expires_at = row.optional_instant(6);
    state.portal_certificate_expires_at = row.optional_instant(7);
    state.changed_at = row.instant(8);
    if (auto const skew = row.optional_integer(9)) state.skew = std::chrono::seconds{*skew};
    return state;
}

} // namespace

void put(Connection& c, Target const& target)
{
    // A message that is being written at this moment sees the target or is seen here: both take the outbox counter's
    // row. Without this, on PostgreSQL, neither would see the other and the message would have no delivery.
    counters::take(c, "outbox", 0);
    c.execute("INSERT INTO target (name, adapter, enabled, since, record_types, complete_products, title)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7)"
              " ON CONFLICT (name) DO UPDATE SET adapter = excluded.adapter, enabled = excluded.enabled,"
              " record_types = excluded.record_types, complete_products = excluded.complete_products,"
              " title = excluded.title",
              {target.name, target.adapter, target.enabled, target.since, words_of(target.record_types),
               target.complete_products, target.title});
    if (target.enabled) outbox::backfill(c, target.name, target.since);
}

std::vector<Target> list(Connection& c)
{
    std::vector<Target> targets;
    for (auto const& row :
         c.query("SELECT name, adapter, enabled, since, record_types, complete_products, title FROM target"
                 " ORDER BY name"))
        targets.push_back(
            {row.text(0), row.text(1), row.flag(2), row.instant(3), types_of(row.text(4)), row.flag(5), row.text(6)});
    return targets;
}

Labels labels(Connection& c)
{
    Labels labels;
    std::map<std::string, int> untitled;
    // A connection's title counts as it stands now, before the connector has taken it up.
    for (auto const& row : c.query("SELECT t.name, COALESCE(p.title, t.title), t.adapter FROM target t"
                                   " LEFT JOIN portal_connection p ON p.target = t.name"
                                   " UNION ALL SELECT p.target, p.title, p.adapter FROM portal_connection p"
                                   " WHERE NOT EXISTS (SELECT 1 FROM target t WHERE t.name = p.target)")) {
        auto const& label = labels[row.text(0)] = Label{row.text(1), row.text(2)};
        if (label.title.empty()) ++untitled[label.adapter];
    }
    for (auto& [name, label] : labels) label.alone = untitled[label.adapter] <= 1;
    return labels;
}

void put_state(Connection& c, TargetState const& state)
{
    c.execute(
        "INSERT INTO target_state (target, state, detail, next_try_at, succeeded_at, failed_at,"
        " certificate_expires_at, portal_certificate_expires_at, changed_at, skew)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (target) DO UPDATE SET state = excluded.state,"
        " detail = excluded.detail, next_try_at = excluded.next_try_at,"
        " succeeded_at = COALESCE(excluded.succeeded_at, target_state.succeeded_at),"
        " failed_at = COALESCE(excluded.failed_at, target_state.failed_at),"
        " certificate_expires_at = excluded.certificate_expires_at, portal_certificate_expires_at ="
        " COALESCE(excluded.portal_certificate_expires_at, target_state.portal_certificate_expires_at),"
        " changed_at = excluded.changed_at, skew = COALESCE(excluded.skew, target_state.skew)",
        {state.target, state.state, state.detail, state.next_try_at, state.succeeded_at, state.failed_at,
         state.certificate_expires_at, state.portal_certificate_expires_at, state.changed_at,
         state.skew ? Value{state.skew->count()} : Value{}});
}

std::vector<TargetState> states(Connection& c)
{
    std::vector<TargetState> states;
    for (auto const& row :
         c.query("SELECT target, state, detail, next_try_at, succeeded_at, failed_at, certificate_expires_at,"
                 " portal_certificate_expires_at, changed_at, skew FROM target_state ORDER BY target"))
        states.push_back(state_from(row));
    return states;
}

bool is_paused(Connection& c)
{
    auto const rows = c.query("SELECT sync_paused FROM installation");
    return !rows.empty() && rows.front().flag(0);
}

void set_paused(Connection& c, bool paused) { c.execute("UPDATE installation SET sync_paused = $1", {paused}); }

} // namespace nguon::db::targets
