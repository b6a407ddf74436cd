#pragma once

#include "core/limits.hpp"
#include "core/runtime/clock.hpp"
#include "core/sealed.hpp"
#include "db/database.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace nguon {
class Metrics;
class Sealer;
} // namespace nguon

namespace nguon::server::app {

struct LabelWorkerOptions {
    std::string holder = {};                                  // of the leases: which process
    bool take_over = false;                                   // no other process can hold one (SQLite)
    std::chrono::milliseconds idle = std::chrono::seconds{1}; // between two looks, when nobody wakes it
    std::int64_t file_bytes_max = limits::label_file_bytes_max;
    std::shared_ptr<Sealer const> sealer = {}; // of the keys of checks; may be null
};

/// Draws the label jobs that wait, on threads of its own: small jobs on one, so that nobody's five labels wait behind
/// somebody's hundred thousand, and any job on the other, which gives way to the rest of the service. Several servers
/// share one queue; a job is one server's by a lease, and whoever takes up what a killed server left begins it anew.
class LabelWorker {
public:
    /// What is referred to outlives it.
    LabelWorker(db::Database& database, Clock const& clock, Metrics& metrics, LabelWorkerOptions options);
    /// Stops.
    ~LabelWorker();
    LabelWorker(LabelWorker const&) = delete;
    LabelWorker& operator=(LabelWorker const&) = delete;

    void start();
    /// A job was put into the queue.
    void wake();
    /// Puts back what is being drawn and joins the threads.
    void stop();

private:
    class Drawing;
    void serve(std::int64_t labels_max);
    bool draw_next(std::int64_t labels_max);
    void keep_up();
    void wait(std::chrono::milliseconds time);

    db::Database& database_;
    Clock const& clock_;
    Metrics& metrics_;
    LabelWorkerOptions options_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;   // guarded by mutex_
    std::uint64_t wakes_ = 0; // guarded by mutex_
    std::vector<std::thread> threads_;
};

} // namespace nguon::server::app
