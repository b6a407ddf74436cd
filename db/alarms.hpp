#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "db/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What is wrong with the installation, and the messages about it. Serves the province.
namespace nguon::db::alarms {

enum class Severity { warn, high, critical };

std::string_view to_text(Severity severity);

/// A trouble from its beginning to its end. While it lasts there is one for each kind and subject.
struct Alarm {
    std::string id = {};
    std::string kind = {};    // "waiting", "conservation" …
    std::string subject = {}; // a target, a channel; "": the installation
    Severity severity = Severity::warn;
    std::string detail = "{}"; // JSON: what its sentences mention
    Instant since = {};
    Instant last_seen = {};
    std::optional<Instant> cleared_at = {};
    bool settled = false;                       // cleared for so long that the next one is another alarm
    Severity noticed_severity = Severity::warn; // the worst that notices told of
    std::int64_t noticed_step = 0;              // of what gets worse within a severity: a certificate's days
    Instant noticed_at = {};
    std::optional<Instant> acknowledged_at = {};
    std::string acknowledged_by = {}; // a person's id
    std::string acknowledged_reason = {};
    std::string acknowledged_name = {}; // of the person; "" for a program or once erased
};

/// Those not settled, the oldest first.
std::vector<Alarm> unsettled(Connection& c);
/// Those that stand: worst first, then the oldest.
std::vector<Alarm> standing(Connection& c);
/// Those that are over, the latest first.
std::vector<Alarm> ended(Connection& c, std::int64_t offset, std::int64_t count);
/// Errors: not_found "alarm.unknown".
Result<Alarm> find(Connection& c, std::string_view id);

void insert(Connection& c, Alarm const& alarm);
/// Severity, detail, notices and times; what a person acknowledged stays unless `forget_acknowledgement`.
void update(Connection& c, Alarm const& alarm, bool forget_acknowledgement);
/// The caller audits. Errors: not_found "alarm.unknown", conflict "alarm.over" when it no longer stands.
Status acknowledge(Connection& c, std::string_view id, std::string const& by, std::string const& reason, Instant now);

/// One message on its way; `state`: waiting, sent, given_up, replaced.
struct Notice {
    std::string id = {};
    std::string alarm_id = {}; // "": a trial
    std::string reason = {};   // raised, worse, reminded, cleared, trial
    std::string channel = {};  // email, webhook
    std::string body = {};     // JSON: the alarm as it was
    Instant created_at = {};
    std::int64_t tries = 0;
    Instant not_before = {};
    std::string state = "waiting";
    std::string fault = {}; // why the last try failed
    std::optional<Instant> settled_at = {};
};

/// In the place of what still waits to be said of the same alarm there. False when the channel's line is full.
bool put(Connection& c, Notice const& notice);
/// Those whose time has come, the oldest first.
std::vector<Notice> due(Connection& c, std::string_view channel, Instant now, std::int64_t count);
/// What became of a try; nothing when the notice does not wait any more.
void settle(Connection& c, Notice const& notice);

/// How a channel does.
struct ChannelState {
    std::int64_t waiting = 0;
    std::int64_t tries = 0; // most of one that waits
    std::string fault =
        {}; // of the latest try that failed, while something waits or was given up since the last success
    std::optional<Instant> sent_at = {};
    std::optional<Instant> failed_at = {};
};
ChannelState channel_state(Connection& c, std::string_view channel);
/// Of an alarm, the latest first.
std::vector<Notice> notices_of(Connection& c, std::string_view alarm_id);
/// The latest trial on a channel.
std::optional<Notice> latest_trial(Connection& c, std::string_view channel);

/// Alarms that ended before `before`, and every notice of them; also what waits for a channel that is no more.
void forget(Connection& c, Instant before);

} // namespace nguon::db::alarms
