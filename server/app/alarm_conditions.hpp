#pragma once

#include "db/alarms.hpp"
#include "db/server_disks.hpp"
#include "server/app/sync_status.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

/// What is an alarm, judged from figures alone.
namespace nguon::server::app {

/// Clocks that are further apart are told of.
inline constexpr std::chrono::seconds skew_warn{5};

struct TargetReading {
    TargetStatus status = {};
    db::sync_desk::Stopped stopped = {}; // refused ones of the last hour
    std::int64_t differences = 0;        // from what the portal holds, that wait for a person
};

/// A programme's report of this year that nobody has frozen figures for yet.
struct ReportDue {
    std::string plan = {};
    std::string number = {}; // "3319/KH-UBND"
    Date due = {};
};
/// Plans whose report of this year is asked for and not frozen: no figures of the year were kept since 1 October.
std::vector<ReportDue> reports_due(db::Connection& c, Instant now);

/// Everything that is looked at, of one moment.
struct Readings {
    Instant now = {};
    Instant watched_since = {}; // what stood still before is not held against a service that has just begun
    bool paused = false;
    std::vector<TargetReading> targets = {};
    std::optional<Instant> log_unsigned_since = {};
    std::optional<Instant> unwitnessed_since = {};        // a witness signed until then, and no longer
    std::optional<Instant> connector_until = {};          // the end of its lease; nothing: there was never one
    std::vector<db::server_disks::ServerDisk> disks = {}; // of the servers that run
    std::vector<ReportDue> reports = {};                  // from 1 October on
    std::vector<std::pair<std::string, db::alarms::ChannelState>> channels = {};
    std::vector<db::alarms::Alarm> open = {}; // those not settled: how long something lasts
};

/// A trouble as it is now. `detail` may hold count, at (ISO), text: what its sentences mention; of a
/// portal title, adapter and several: how it is called.
struct Condition {
    std::string kind = {};
    std::string subject = {};
    db::alarms::Severity severity = db::alarms::Severity::warn;
    std::int64_t step = 0; // a higher one is told again
    nlohmann::json detail = nlohmann::json::object();
    std::optional<std::chrono::seconds> repeat_after = std::chrono::hours{24}; // while nobody has acknowledged it
};

/// Reads all but channels; of a target, nothing when it is not connected.
Readings read_trouble(db::Connection& c, Instant now);

/// One for each kind and subject. A target that is "off" has none.
std::vector<Condition> conditions_of(Readings const& readings);

} // namespace nguon::server::app
