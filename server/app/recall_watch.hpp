#pragma once

#include "core/limits/recalls.hpp"
#include "core/runtime/clock.hpp"
#include "db/database.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace nguon {
class Metrics;
}

namespace nguon::server::app {

struct RecallWatchOptions {
    std::string holder = {};
    bool take_over = false; // no other process can hold the lease (SQLite)
    std::chrono::milliseconds interval = limits::recall_watch_time;
};

/// Publishes what a stopped server left of a recall, and drills once a month on a lot by chance, on a thread of its
/// own. Of several servers one does this, by the lease "recalls".
class RecallWatch {
public:
    /// What is referred to outlives it.
    RecallWatch(db::Database& database, Clock const& clock, Metrics& metrics, RecallWatchOptions options);
    /// Stops.
    ~RecallWatch();
    RecallWatch(RecallWatch const&) = delete;
    RecallWatch& operator=(RecallWatch const&) = delete;

    void start();
    /// One look, for tests and the thread itself.
    void round();
    void stop();

private:
    bool lead();
    void publish_left();
    void drill_when_due();
    void serve();

    db::Database& database_;
    Clock const& clock_;
    Metrics& metrics_;
    RecallWatchOptions options_;
    std::int64_t epoch_ = 0; // 0: another server does it
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false; // guarded by mutex_
    std::thread thread_;
};

} // namespace nguon::server::app
