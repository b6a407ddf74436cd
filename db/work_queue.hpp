#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace nguon::db {

using Job = std::function<Status(Connection&)>; // may run twice
using Finished = std::function<void(Status)>;   // called exactly once, on a thread of the database

/// One piece of work on its way to a thread of the database.
struct Piece {
    Job job = {};
    Finished finished = {};
    std::chrono::steady_clock::time_point deadline = {};
};

/// "storage.timeout" when the piece has waited so long that its time is over.
Status still_in_time(Piece const& piece);

/// Runs the job. Everything thrown becomes an `Error`; `failure` is told what kind a `DbError` was.
Status run_job(Piece const& piece, Connection& connection, std::optional<DbErrorKind>& failure);

/// What a caller of the database gets to see of a `DbError`.
Error to_error(DbError const& fault);

/// A bounded line of pieces between many callers and the threads of the database.
class WorkQueue {
public:
    explicit WorkQueue(std::size_t pieces_max) : pieces_max_{pieces_max} {}

    /// When the line is full or closed the piece is answered at once: "storage.busy", "storage.unavailable".
    void push(Piece piece);

    /// Waits for work and takes at most `count` pieces; an empty answer means closed and nothing left.
    std::vector<Piece> take(std::size_t count);

    /// What is waiting will still be taken, nothing new is accepted.
    void close();

    std::size_t size() const;
    std::uint64_t refused() const { return refused_; }

private:
    std::size_t const pieces_max_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Piece> pieces_;
    bool closed_ = false;
    std::atomic<std::uint64_t> refused_ = 0;
};

} // namespace nguon::db
