#include "server/app/alarms.hpp"

#include "core/ids.hpp"
#include "db/audit_log.hpp"

#include <algorithm>

namespace nguon::server::app {
namespace {

using namespace std::chrono_literals;
using db::alarms::Alarm;
using db::alarms::Notice;
using nlohmann::json;

constexpr auto clear_time = 45s;    // two rounds that saw nothing
constexpr auto settle_time = 10min; // what comes back within it is the same trouble

std::string body_of(Alarm const& alarm)
{
    return json{{"id", alarm.id},
                {"kind", alarm.kind},
                {"subject", alarm.subject},
                {"severity", db::alarms::to_text(alarm.severity)},
                {"since", to_iso(OffsetTime{alarm.since, vietnam_offset})},
                {"detail", json::parse(alarm.detail)}}
        .dump();
}

/// One round's writing.
class Round {
public:
    Round(db::Connection& c, Instant now, std::vector<std::string> const& channels)
        : c_{c}, now_{now}, channels_{channels}
    {
    }

    void raise(Condition const& condition)
    {
        Alarm alarm;
        alarm.id = new_uuid();
        alarm.kind = condition.kind;
        alarm.subject = condition.subject;
        alarm.severity = alarm.noticed_severity = condition.severity;
        alarm.noticed_step = condition.step;
        alarm.detail = condition.detail.dump();
        alarm.since = alarm.last_seen = alarm.noticed_at = now_;
        db::alarms::insert(c_, alarm);
        tell(alarm, "raised");
    }

    void renew(Alarm alarm, Condition const& condition)
    {
        alarm.cleared_at.reset();
        alarm.last_seen = now_;
        alarm.severity = condition.severity;
        alarm.detail = condition.detail.dump();
        bool const higher = condition.severity > alarm.noticed_severity;
        bool const worse = higher || condition.step > alarm.noticed_step;
        bool const due =
            !alarm.acknowledged_at && condition.repeat_after && now_ - alarm.noticed_at >= *condition.repeat_after;
        if (worse || due) {
            alarm.noticed_severity = std::max(alarm.noticed_severity, condition.severity);
            alarm.noticed_step = std::max(alarm.noticed_step, condition.step);
            alarm.noticed_at = now_;
            tell(alarm, worse ? "worse" : "reminded");
        }
        db::alarms::update(c_, alarm, higher);
    }

    /// Nothing is to be seen of it this time.
    void rest(Alarm alarm)
    {
        if (!alarm.cleared_at) {
            if (now_ - alarm.last_seen < clear_time) return;
            alarm.cleared_at = now_;
        } else {
            if (now_ - *alarm.cleared_at < settle_time) return;
            alarm.settled = true;
            tell(alarm, "cleared");
        }
        db::alarms::update(c_, alarm, false);
    }

    AlarmRound done() { return std::move(done_); }

private:
    void tell(Alarm const& alarm, std::string const& reason)
    {
        ++done_.noticed;
        for (auto const& channel : channels_) {
            // That a way is broken is said on the others.
            if (alarm.kind == "channel" && alarm.subject == channel) continue;
            Notice notice;
            notice.id = new_uuid();
            notice.alarm_id = alarm.id;
            notice.reason = reason;
            notice.channel = channel;
            notice.body = body_of(alarm);
            notice.created_at = now_;
            if (!db::alarms::put(c_, notice)) done_.dropped.push_back(channel);
        }
    }

    db::Connection& c_;
    Instant now_;
    std::vector<std::string> const& channels_;
    AlarmRound done_;
};

void note(db::Connection& c, Actor const& actor, std::string const& action, std::string const& id, json const& detail)
{
    db::audit_log::Entry entry;
    entry.action = action;
    entry.entity_kind = "alarm";
    entry.entity_id = id;
    entry.detail = detail.dump();
    db::audit_log::append(c, actor.change(), entry);
}

} // namespace

AlarmRound keep_alarms(db::Connection& c, std::vector<Condition> const& conditions, Instant now,
                       std::vector<std::string> const& channels)
{
    auto const open = db::alarms::unsettled(c);
    Round round{c, now, channels};
    auto const is_of = [](Alarm const& alarm, Condition const& condition) {
        return alarm.kind == condition.kind && alarm.subject == condition.subject;
    };
    for (auto const& condition : conditions) {
        auto const found = std::ranges::find_if(open, [&](auto const& alarm) { return is_of(alarm, condition); });
        if (found == open.end())
            round.raise(condition);
        else
            round.renew(*found, condition);
    }
    for (auto const& alarm : open)
        if (std::ranges::none_of(conditions, [&](auto const& condition) { return is_of(alarm, condition); }))
            round.rest(alarm);
    return round.done();
}

Status acknowledge_alarm(db::Connection& c, Actor const& actor, std::string const& id, std::string const& reason)
{
    if (reason.empty()) return invalid_fields({{"/reason", "alarm.reason_missing", {}}});
    auto const done = db::alarms::acknowledge(c, id, actor.subject, reason, actor.at);
    if (!done) return done;
    note(c, actor, "alarm.acknowledge", id, {{"reason", reason}});
    return Done{};
}

Result<std::size_t> send_trials(db::Connection& c, Actor const& actor, std::vector<std::string> const& channels)
{
    if (channels.empty()) return invalid("alarm.no_channel");
    std::size_t count = 0;
    for (auto const& channel : channels) {
        Notice notice;
        notice.id = new_uuid();
        notice.reason = "trial";
        notice.channel = channel;
        notice.body = json{{"since", to_iso(OffsetTime{actor.at, vietnam_offset})}}.dump();
        notice.created_at = actor.at;
        if (db::alarms::put(c, notice)) ++count;
    }
    note(c, actor, "alarm.trial", "", {{"channels", channels}});
    return count;
}

} // namespace nguon::server::app
