#pragma once

#include "db/database.hpp"
#include "db/postgres_connection.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace nguon::db {

/// Pools of writing and of reading connections, each with its thread. A write is a transaction of its own, READ
/// COMMITTED: our writes decide by unique keys, row locks and advisory locks, and each statement must see what others
/// have just committed. A read is one REPEATABLE READ, read-only transaction.
class PostgresDatabase final : public Database {
public:
    static Result<std::unique_ptr<Database>> open(DatabaseSettings const& settings);

    ~PostgresDatabase() override;
    Dialect dialect() const override { return Dialect::postgres; }
    void close() override;
    Counters counters() const override;

private:
    /// A connection that is made again when it broke.
    class Slot {
    public:
        Slot(DatabaseSettings const& settings, PostgresConnection::Mode mode) : settings_{settings}, mode_{mode} {}
        /// Ready for a transaction. Throws `DbError` `unreachable`, at once when the last try was a moment ago.
        PostgresConnection& get();
        /// To be called after each piece: forgets a connection that is broken or has a transaction left open.
        void look_after();

    private:
        DatabaseSettings const& settings_;
        PostgresConnection::Mode mode_;
        std::unique_ptr<PostgresConnection> connection_;
        std::chrono::steady_clock::time_point next_try_ = {};
    };

    explicit PostgresDatabase(DatabaseSettings const& settings);
    void submit_read(Job job, Finished finished) override;
    void submit_write(Job job, Finished finished) override;
    void serve(WorkQueue& queue, PostgresConnection::Mode mode);
    Status run(Piece const& piece, Slot& slot, Transaction::Kind kind);

    DatabaseSettings const settings_;
    WorkQueue reads_;
    WorkQueue writes_;
    std::atomic<std::uint64_t> committed_ = 0;
    std::atomic<std::uint64_t> retries_ = 0;
    std::vector<std::thread> threads_;
};

} // namespace nguon::db
