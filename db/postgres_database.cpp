#include "db/postgres_database.hpp"

#include "core/runtime/clock.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <pthread.h>
#include <random>

namespace nguon::db {

namespace {

constexpr std::chrono::milliseconds reconnect_pause{500};

/// Transactions that collided must not meet again: up to 2, 4, 8 … 64 ms.
void pause_before_retry(int attempt)
{
    thread_local std::minstd_rand chance{std::random_device{}()};
    std::uniform_int_distribution<int> pause{0, 1000 << std::min(attempt, 6)};
    std::this_thread::sleep_for(std::chrono::microseconds{pause(chance)});
}

/// One try. `failure` is empty when the work itself refused or threw something of its own.
Status run_transaction(Piece const& piece, Connection& connection, Transaction::Kind kind,
                       std::optional<DbErrorKind>& failure)
{
    try {
        Transaction transaction{connection, kind};
        auto status = run_job(piece, connection, failure);
        if (status.ok()) transaction.commit();
        return status;
    } catch (DbError const& fault) {
        failure = fault.kind();
        return to_error(fault);
    }
}

Status prepare_schema(DatabaseSettings const& settings)
{
    auto const mode = settings.read_only ? PostgresConnection::Mode::reader : PostgresConnection::Mode::writer;
    PostgresConnection connection{settings.postgres_url, mode, settings.write_time};
    if (settings.read_only) return check_schema(connection, settings.migrations);
    connection.wait_without_limit();
    return migrate(connection, settings.migrations, SystemClock{}.now());
}

} // namespace

PostgresConnection& PostgresDatabase::Slot::get()
{
    if (connection_ != nullptr) return *connection_;
    // While the server is away each piece is answered at once instead of waiting for another connection attempt.
    if (std::chrono::steady_clock::now() < next_try_) {
        throw DbError{DbErrorKind::unreachable, "the server could not be reached a moment ago"};
    }
    next_try_ = std::chrono::steady_clock::now() + reconnect_pause;
    auto const time = mode_ == PostgresConnection::Mode::reader ? settings_.read_time : settings_.write_time;
    connection_ = std::make_unique<PostgresConnection>(settings_.postgres_url, mode_, time);
    next_try_ = {};
    return *connection_;
}

void PostgresDatabase::Slot::look_after()
{
    if (connection_ != nullptr && !connection_->idle()) connection_.reset();
}

Result<std::unique_ptr<Database>> PostgresDatabase::open(DatabaseSettings const& settings)
{
    try {
        if (auto const ready = prepare_schema(settings); !ready) return ready.error();
    } catch (DbError const& fault) {
        auto error = to_error(fault);
        if (fault.kind() == DbErrorKind::other) error = unavailable("storage.unavailable", fault.what());
        return error;
    }
    std::unique_ptr<Database> database{new PostgresDatabase{settings}};
    return database;
}

PostgresDatabase::PostgresDatabase(DatabaseSettings const& settings)
    : settings_{settings}, reads_{settings.read_queue_max}, writes_{settings.write_queue_max}
{
    auto const start = [this](int count, WorkQueue& queue, PostgresConnection::Mode mode, char const* name) {
        for (int index = 0; index < count; ++index) {
            threads_.emplace_back([this, &queue, mode] { serve(queue, mode); });
            pthread_setname_np(threads_.back().native_handle(), name);
        }
    };
    start(std::max(1, settings_.readers), reads_, PostgresConnection::Mode::reader, "db-reader");
    if (!settings_.read_only) {
        start(std::max(1, settings_.writers), writes_, PostgresConnection::Mode::writer, "db-writer");
    }
}

PostgresDatabase::~PostgresDatabase() { close(); }

void PostgresDatabase::close()
{
    reads_.close();
    writes_.close();
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

Database::Counters PostgresDatabase::counters() const
{
    Counters counters;
    counters.writes = counters.commits = committed_;
    counters.queue_full = reads_.refused() + writes_.refused();
    counters.retries = retries_;
    counters.write_queue = writes_.size();
    counters.read_queue = reads_.size();
    return counters;
}

void PostgresDatabase::submit_read(Job job, Finished finished)
{
    reads_.push(Piece{std::move(job), std::move(finished), std::chrono::steady_clock::now() + settings_.read_time});
}

void PostgresDatabase::submit_write(Job job, Finished finished)
{
    if (settings_.read_only) return finished(unavailable("storage.read_only", "opened for reading only"));
    writes_.push(Piece{std::move(job), std::move(finished), std::chrono::steady_clock::now() + settings_.write_time});
}

void PostgresDatabase::serve(WorkQueue& queue, PostgresConnection::Mode mode)
{
    bool const writes = mode == PostgresConnection::Mode::writer;
    Slot slot{settings_, mode};
    for (;;) {
        auto const taken = queue.take(1);
        if (taken.empty()) return;
        auto const status = run(taken.front(), slot, writes ? Transaction::Kind::write : Transaction::Kind::read);
        if (writes && status.ok()) ++committed_;
        taken.front().finished(status);
    }
}

/// Runs the whole transaction, again when it collided with another one, and once more when the connection turned out
/// to be broken before the commit was sent. After a commit without an answer it never runs again.
Status PostgresDatabase::run(Piece const& piece, Slot& slot, Transaction::Kind kind)
{
    bool reconnected = false;
    for (int attempt = 0;; ++attempt) {
        if (auto in_time = still_in_time(piece); !in_time) return in_time;
        bool was_connected = false;
        std::optional<DbErrorKind> failure;
        Status status;
        try {
            auto& connection = slot.get();
            was_connected = true;
            status = run_transaction(piece, connection, kind, failure);
        } catch (DbError const& fault) {
            failure = fault.kind();
            status = to_error(fault);
        }
        slot.look_after();
        if (failure == DbErrorKind::retry && attempt < limits::transaction_retries_max) {
            pause_before_retry(attempt);
        } else if (failure == DbErrorKind::unreachable && was_connected && !reconnected) {
            reconnected = true;
        } else {
            return status;
        }
        ++retries_;
    }
}

} // namespace nguon::db
