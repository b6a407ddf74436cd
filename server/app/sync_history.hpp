#pragma once

#include "db/sync_samples.hpp"

#include <optional>
#include <vector>

/// The last day of a portal, made of the samples of its minutes.
namespace nguon::server::app {

inline constexpr int history_hours = 24;

struct SyncHour {
    Instant begin = {};
    bool known = false; // somebody was there to count
    std::int64_t delivered = 0;
    std::int64_t waiting = 0; // at its end
    db::sync_samples::Lags lags = {};
};

struct SyncHistory {
    std::vector<SyncHour> hours = {};                   // history_hours, oldest first, the last one goes on
    std::vector<db::sync_samples::Sample> backlog = {}; // the most of each ten minutes, and the newest
    std::optional<Instant> empty_at = {};               // when nothing waits any more, as it goes now
    bool growing = false;                               // more comes than goes
};

/// Of the samples since a day before `now`, oldest first.
SyncHistory sync_history(std::vector<db::sync_samples::Sample> const& samples, Instant now);

} // namespace nguon::server::app
