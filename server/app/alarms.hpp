#pragma once

#include "server/app/actor.hpp"
#include "server/app/alarm_conditions.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

/// The life of alarms: raised once, told when they get worse, cleared when their cause is gone.
namespace nguon::server::app {

/// What a round over the alarms did.
struct AlarmRound {
    std::size_t noticed = 0;               // alarms that something is to be said of
    std::vector<std::string> dropped = {}; // channels whose line was full
};

/// Makes the alarms say what the conditions say, and writes a notice for each channel where something is to be told.
/// A trouble that pauses for less than ten minutes stays one alarm, and nothing is told of the pause.
AlarmRound keep_alarms(db::Connection& c, std::vector<Condition> const& conditions, Instant now,
                       std::vector<std::string> const& channels);

/// Somebody looks after it: it is not repeated until it gets worse. Errors: "alarm.reason_missing" at "reason",
/// "alarm.unknown", "alarm.over".
Status acknowledge_alarm(db::Connection& c, Actor const& actor, std::string const& id, std::string const& reason);

/// A trial on every channel; their number. Errors: "alarm.no_channel".
Result<std::size_t> send_trials(db::Connection& c, Actor const& actor, std::vector<std::string> const& channels);

/// The alarms that stand, for every page; any thread.
class AlarmBoard {
public:
    using Alarms = std::shared_ptr<std::vector<db::alarms::Alarm> const>;

    void set(std::vector<db::alarms::Alarm> alarms)
    {
        auto fresh = std::make_shared<std::vector<db::alarms::Alarm> const>(std::move(alarms));
        std::lock_guard const lock{mutex_};
        alarms_ = std::move(fresh);
    }
    /// Worst first; never null.
    Alarms get() const
    {
        std::lock_guard const lock{mutex_};
        return alarms_;
    }

private:
    mutable std::mutex mutex_;
    Alarms alarms_ = std::make_shared<std::vector<db::alarms::Alarm> const>();
};

} // namespace nguon::server::app
