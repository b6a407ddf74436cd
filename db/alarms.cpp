#include "db/alarms.hpp"

#include "core/limits.hpp"

#include <algorithm>

namespace nguon::db::alarms {
namespace {

constexpr char alarm_columns[] =
    "id, kind, subject, severity, detail, since, last_seen, cleared_at, settled,"
    " noticed_severity, noticed_step, noticed_at, acknowledged_at, acknowledged_by, acknowledged_reason,"
    " coalesce((SELECT d.name FROM person_detail d WHERE d.person_id = alarm.acknowledged_by), '')";
constexpr char notice_columns[] = "id, alarm_id, reason, channel, body, created_at, tries, not_before, state, fault,"
                                  " settled_at";

Severity severity_of(std::string const& text)
{
    if (text == "critical") return Severity::critical;
    return text == "high" ? Severity::high : Severity::warn;
}

Alarm alarm_of(Row const& row)
{
    return {row.text(0),
            row.text(1),
            row.text(2),
            severity_of(row.text(3)),
            row.text(4),
            row.instant(5),
            row.instant(6),
            row.optional_instant(7),
            row.flag(8),
            severity_of(row.text(9)),
            row.integer(10),
            row.instant(11),
            row.optional_instant(12),
            row.text(13),
            row.text(14),
            row.text(15)};
}

Notice notice_of(Row const& row)
{
    return {row.text(0),
            row.text(1),
            row.text(2),
            row.text(3),
            row.text(4),
            row.instant(5),
            row.integer(6),
            row.instant(7),
            row.text(8),
            row.text(9),
            row.optional_instant(10)};
}

template <typename Rows>
std::vector<Alarm> alarms_of(Rows const& rows)
{
    std::vector<Alarm> out;
    for (auto const& row : rows) out.push_back(alarm_of(row));
    return out;
}

template <typename Rows>
std::vector<Notice> notices_of_rows(Rows const& rows)
{
    std::vector<Notice> out;
    for (auto const& row : rows) out.push_back(notice_of(row));
    return out;
}

} // namespace

std::string_view to_text(Severity severity)
{
    switch (severity) {
    case Severity::warn:
        return "warn";
    case Severity::high:
        return "high";
    case Severity::critical:
        break;
    }
    return "critical";
}

std::vector<Alarm> unsettled(Connection& c)
{
    return alarms_of(
        c.query(std::string{"SELECT "} + alarm_columns + " FROM alarm WHERE settled = 0 ORDER BY since, id"));
}

std::vector<Alarm> standing(Connection& c)
{
    auto out = unsettled(c);
    std::erase_if(out, [](Alarm const& alarm) { return alarm.cleared_at.has_value(); });
    std::ranges::stable_sort(out, std::ranges::greater{}, &Alarm::severity);
    return out;
}

std::vector<Alarm> ended(Connection& c, std::int64_t offset, std::int64_t count)
{
    auto const sql = std::string{"SELECT "} + alarm_columns +
                     " FROM alarm WHERE cleared_at IS NOT NULL ORDER BY cleared_at DESC, id LIMIT $1 OFFSET $2";
    return alarms_of(c.query(sql, {count, offset}));
}

Result<Alarm> find(Connection& c, std::string_view id)
{
    auto const rows = c.query(std::string{"SELECT "} + alarm_columns + " FROM alarm WHERE id = $1", {id});
    if (rows.empty()) return not_found("alarm.unknown");
    return alarm_of(rows.front());
}

void insert(Connection& c, Alarm const& alarm)
{
    c.execute("INSERT INTO alarm (id, kind, subject, severity, detail, since, last_seen, noticed_severity,"
              " noticed_step, noticed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
              {alarm.id, alarm.kind, alarm.subject, to_text(alarm.severity), alarm.detail, alarm.since, alarm.last_seen,
               to_text(alarm.noticed_severity), alarm.noticed_step, alarm.noticed_at});
}

void update(Connection& c, Alarm const& alarm, bool forget_acknowledgement)
{
    c.execute("UPDATE alarm SET severity = $1, detail = $2, last_seen = $3, cleared_at = $4, settled = $5,"
              " noticed_severity = $6, noticed_step = $7, noticed_at = $8,"
              " acknowledged_at = CASE WHEN $9 = 1 THEN NULL ELSE acknowledged_at END,"
              " acknowledged_by = CASE WHEN $9 = 1 THEN '' ELSE acknowledged_by END,"
              " acknowledged_reason = CASE WHEN $9 = 1 THEN '' ELSE acknowledged_reason END WHERE id = $10",
              {to_text(alarm.severity), alarm.detail, alarm.last_seen, alarm.cleared_at, alarm.settled,
               to_text(alarm.noticed_severity), alarm.noticed_step, alarm.noticed_at, forget_acknowledgement,
               alarm.id});
}

Status acknowledge(Connection& c, std::string_view id, std::string const& by, std::string const& reason, Instant now)
{
    auto const changed = c.execute("UPDATE alarm SET acknowledged_at = $1, acknowledged_by = $2,"
                                   " acknowledged_reason = $3 WHERE id = $4 AND cleared_at IS NULL",
                                   {now, by, reason, id});
    if (changed == 1) return Done{};
    if (auto const alarm = find(c, id); !alarm) return alarm.error();
    return conflict("alarm.over");
}

bool put(Connection& c, Notice const& notice)
{
    c.execute("UPDATE notice SET state = 'replaced', settled_at = $1 WHERE alarm_id = $2 AND channel = $3"
              " AND state = 'waiting' AND alarm_id <> ''",
              {notice.created_at, notice.alarm_id, notice.channel});
    auto const waiting =
        c.query("SELECT count(*) FROM notice WHERE channel = $1 AND state = 'waiting'", {notice.channel});
    if (waiting.front().integer(0) >= static_cast<std::int64_t>(limits::notices_waiting_max)) return false;
    c.execute("INSERT INTO notice (id, alarm_id, reason, channel, body, state, created_at, not_before)"
              " VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $6)",
              {notice.id, notice.alarm_id, notice.reason, notice.channel, notice.body, notice.created_at});
    return true;
}

std::vector<Notice> due(Connection& c, std::string_view channel, Instant now, std::int64_t count)
{
    auto const sql = std::string{"SELECT "} + notice_columns +
                     " FROM notice WHERE channel = $1 AND state = 'waiting' AND not_before <= $2"
                     " ORDER BY created_at, id LIMIT $3";
    return notices_of_rows(c.query(sql, {channel, now, count}));
}

void settle(Connection& c, Notice const& notice)
{
    c.execute("UPDATE notice SET state = $1, tries = $2, not_before = $3, fault = $4, settled_at = $5"
              " WHERE id = $6 AND state = 'waiting'",
              {notice.state, notice.tries, notice.not_before, notice.fault, notice.settled_at, notice.id});
}

ChannelState channel_state(Connection& c, std::string_view channel)
{
    ChannelState out;
    auto const waiting = c.query("SELECT count(*), coalesce(max(tries), 0) FROM notice"
                                 " WHERE channel = $1 AND state = 'waiting'",
                                 {channel});
    out.waiting = waiting.front().integer(0);
    out.tries = waiting.front().integer(1);
    auto const sent = c.query("SELECT max(settled_at) FROM notice WHERE channel = $1 AND state = 'sent'", {channel});
    out.sent_at = sent.front().optional_instant(0);
    auto const since = out.sent_at.value_or(Instant{});
    auto const failed = c.query("SELECT fault, coalesce(settled_at, created_at) FROM notice WHERE channel = $1"
                                " AND state IN ('waiting', 'given_up') AND fault <> ''"
                                " AND (state = 'waiting' OR settled_at > $2) ORDER BY created_at DESC LIMIT 1",
                                {channel, since});
    if (failed.empty()) return out;
    out.fault = failed.front().text(0);
    out.failed_at = failed.front().instant(1);
    return out;
}

std::vector<Notice> notices_of(Connection& c, std::string_view alarm_id)
{
    auto const sql =
        std::string{"SELECT "} + notice_columns + " FROM notice WHERE alarm_id = $1 ORDER BY created_at DESC, id";
    return notices_of_rows(c.query(sql, {alarm_id}));
}

std::optional<Notice> latest_trial(Connection& c, std::string_view channel)
{
    auto const sql = std::string{"SELECT "} + notice_columns +
                     " FROM notice WHERE alarm_id = '' AND channel = $1 ORDER BY created_at DESC LIMIT 1";
    auto const rows = c.query(sql, {channel});
    if (rows.empty()) return std::nullopt;
    return notice_of(rows.front());
}

void forget(Connection& c, Instant before)
{
    c.execute("DELETE FROM notice WHERE created_at < $1"
              " AND alarm_id NOT IN (SELECT id FROM alarm WHERE settled = 0)",
              {before});
    c.execute("DELETE FROM alarm WHERE settled = 1 AND cleared_at < $1", {before});
}

} // namespace nguon::db::alarms
