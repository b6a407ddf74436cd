#pragma once

#include "core/runtime/clock.hpp"
#include "core/runtime/metrics.hpp"
#include "db/database.hpp"
#include "server/app/alarms.hpp"
#include "server/app/notice_channels.hpp"
#include "server/app/target_titles.hpp"

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace nguon {
class DiskWatch;
}

namespace nguon::server::app {

struct AlarmWatchOptions {
    std::string holder = {};                                  // of the lease: which process
    std::string server = {};                                  // how people know this server
    TargetTitles* titles = nullptr;                           // kept up to date when it is there
    bool take_over = false;                                   // no other process can hold it (SQLite)
    std::chrono::milliseconds tick = std::chrono::seconds{5}; // between two looks; every sixth judges
};

/// Looks every 30 s for what is wrong, keeps the alarms and sends the notices; every minute it writes down the figures
/// that charts are made of. Of several servers on one database one
/// does so, by a lease; every one measures its own disk for that one and keeps its board. A server that ends between
/// sending and writing it down leaves a notice that is sent again under the same id.
class AlarmWatch {
public:
    /// `executor` is a single thread; without `disk` nobody watches this server's. What is referred to outlives the end
    /// of `stop`.
    AlarmWatch(net::any_io_executor executor, db::Database& database, Clock const& clock, Metrics& metrics,
               DiskWatch const* disk, AlarmBoard& board, std::vector<std::unique_ptr<NoticeChannel>> channels,
               AlarmWatchOptions options);
    ~AlarmWatch();
    AlarmWatch(AlarmWatch const&) = delete;
    AlarmWatch& operator=(AlarmWatch const&) = delete;

    void start();
    /// Breaks off what is being sent and gives the lease back. On the executor.
    net::awaitable<void> stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace nguon::server::app
