#pragma once

#include "db/sqlite_connection.hpp"
#include "db/work_queue.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace nguon::db {

/// The one thread that writes and checkpoints an SQLite database. It takes what is waiting, runs each piece in a
/// savepoint of its own, commits once (one sync for all) and only then answers.
class Writer {
public:
    /// `on_fatal` is called when a write or sync failed: what the file holds is then unknown, so it must end the
    /// program, and the next start recovers. When it returns (tests), every later piece is refused.
    using OnFatal = std::function<void(std::string const& reason)>;

    Writer(std::unique_ptr<SqliteConnection> connection, std::size_t queue_max, OnFatal on_fatal);
    ~Writer();
    Writer(Writer const&) = delete;
    Writer& operator=(Writer const&) = delete;

    void submit(Piece piece) { queue_.push(std::move(piece)); }

    /// Finishes what waits, empties the log into the file and ends the thread. False when writing had failed.
    bool close();

    std::uint64_t writes() const { return writes_; }
    std::uint64_t commits() const { return commits_; }
    std::uint64_t refused() const { return queue_.refused(); }
    std::size_t waiting() const { return queue_.size(); }

private:
    using Group = std::vector<Piece>;

    void settle_log();
    void run();
    Group write_once(Group group);
    Status run_in_savepoint(Piece const& piece);
    Status run_alone(Piece const& piece);
    template <typename Within>
    Status run_piece(Piece const& piece, Within const& within);
    Status begin();
    Status commit();
    void undo();
    Status guarded(void (*step)(SqliteConnection&));
    void checkpoint_when_due();
    void stop(std::string const& reason);

    std::unique_ptr<SqliteConnection> connection_;
    WorkQueue queue_;
    OnFatal on_fatal_;
    bool failed_ = false;
    std::int64_t frames_moved_ = 0; // of the log, at the last checkpoint
    std::atomic<std::uint64_t> writes_ = 0;
    std::atomic<std::uint64_t> commits_ = 0;
    std::thread thread_; // last: it uses all of the above
};

} // namespace nguon::db
