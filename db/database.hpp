#pragma once

#include "core/limits.hpp"
#include "core/result.hpp"
#include "db/connection.hpp"
#include "db/migrator.hpp"
#include "db/operations.hpp"
#include "db/work_queue.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>

#include <boost/asio/awaitable.hpp>

namespace nguon::db {

namespace net = boost::asio;

/// Where an installation keeps its records.
struct DatabaseSettings {
    std::filesystem::path data_dir = {}; // SQLite: DIR/nguon.db and the lock file DIR/lock
    std::string postgres_url = {};       // empty: SQLite
    int readers = 4;                     // read connections
    int writers = 4;                     // PostgreSQL only; SQLite has one writer
    bool read_only = false;              // a command that only reads: no lock, no migration, no writer

    // Ours to change in tests only.
    std::span<EmbeddedFile const> migrations = embedded::migrations();
    std::string sqlite_vfs = {}; // empty: the system's
    std::chrono::milliseconds read_time = limits::read_time;
    std::chrono::milliseconds write_time = limits::write_time;
    std::size_t read_queue_max = limits::read_queue_max;
    std::size_t write_queue_max = limits::write_queue_max;
    std::function<void(std::string const& reason)> on_fatal = {}; // empty: log and abort
};

/// The one way to the records. `read` and `write` may be awaited from any coroutine; the work runs on another thread,
/// captures values only and may run twice. Expected refusals are `Error`s; a `DbError` becomes one here: unavailable
/// "storage.unavailable", "storage.full", "storage.timeout", "storage.busy", or "storage.unknown_outcome" when the
/// connection broke during the commit (ask again with the same `Operation`). Waiting and working together end within
/// the read or write time; a wait that its coroutine gives up still runs to that end.
class Database {
public:
    /// Opens, takes the data-directory lock (SQLite), runs what is missing of the migrations and starts the threads.
    /// Errors: "storage.locked" when another process serves this directory, "storage.permissions",
    /// "storage.network_filesystem", "storage.foreign" when the file or schema is not ours, "storage.newer",
    /// "storage.altered", "storage.older" (read-only), "storage.damaged" when the check after an unclean end found
    /// faults, "storage.unavailable" when the server cannot be reached.
    static Result<std::unique_ptr<Database>> open(DatabaseSettings const& settings);

    virtual ~Database() = default;

    virtual Dialect dialect() const = 0;

    /// Runs `work` on a read connection inside one read transaction: all its queries see the same state.
    template <typename Work>
    auto read(Work work) -> net::awaitable<std::invoke_result_t<Work&, Connection&>>;

    /// Runs `work` in a transaction. A good `Result` is committed durably before this returns; an `Error` undoes it.
    template <typename Work>
    auto write(Work work) -> net::awaitable<std::invoke_result_t<Work&, Connection&>>;

    /// A write that changes nothing which public pages show (scans, sessions, deliveries): the generation stays.
    template <typename Work>
    auto write_unseen(Work work) -> net::awaitable<std::invoke_result_t<Work&, Connection&>>;

    /// Grows with every committed `write` of this process, before its caller learns of the commit.
    std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

    /// The same, once for this operation: repeated with the same request it answers as before without running `work`
    /// (Connection& -> Result<OperationAnswer>). Errors: invalid "operation.key_reused" when the key came with another
    /// request, conflict "operation.running" while another connection works on it.
    template <typename Work>
    auto write(Operation operation, Work work) -> net::awaitable<Result<OperationAnswer>>;

    /// The same for callers without a coroutine (commands, tests, threads of their own). Never call these on an I/O
    /// thread.
    template <typename Work>
    auto read_now(Work work) -> std::invoke_result_t<Work&, Connection&>;
    template <typename Work>
    auto write_now(Work work) -> std::invoke_result_t<Work&, Connection&>;
    template <typename Work>
    auto write_unseen_now(Work work) -> std::invoke_result_t<Work&, Connection&>;
    template <typename Work>
    auto write_now(Operation operation, Work work) -> Result<OperationAnswer>;

    /// Finishes what waits, checkpoints and closes. Later calls answer "storage.unavailable".
    virtual void close() = 0;

    struct Counters {
        std::uint64_t writes = 0;      // pieces of work committed
        std::uint64_t commits = 0;     // commits, each one sync: writes / commits is the group's size
        std::uint64_t queue_full = 0;  // works refused because the queue was full
        std::uint64_t retries = 0;     // PostgreSQL: transactions run again
        std::uint64_t write_queue = 0; // waiting now
        std::uint64_t read_queue = 0;  // waiting now
        std::uint64_t wal_bytes = 0;   // SQLite: size of the write-ahead log
    };
    virtual Counters counters() const = 0;

protected:
    /// Queues the job; `finished` is called exactly once, on a thread of the database, after the commit or the failure
    /// (at once when the queue is full).
    virtual void submit_read(Job job, Finished finished) = 0;
    virtual void submit_write(Job job, Finished finished) = 0;

private:
    enum class Lane { read, write, unseen_write };
    void submit(Lane lane, Job job, Finished finished);
    net::awaitable<Status> wait_for(Lane lane, Job job);
    Status wait_now(Lane lane, Job job);
    template <typename Work>
    auto await_answer(Lane lane, Work work) -> net::awaitable<std::invoke_result_t<Work&, Connection&>>;
    template <typename Work>
    auto answer_now(Lane lane, Work work) -> std::invoke_result_t<Work&, Connection&>;

    std::atomic<std::uint64_t> generation_ = 0;
};

} // namespace nguon::db

#include "db/database_await.hpp"
