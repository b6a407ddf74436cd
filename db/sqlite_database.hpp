#pragma once

#include "db/data_dir_lock.hpp"
#include "db/database.hpp"
#include "db/sqlite_connection.hpp"
#include "db/writer.hpp"

#include <memory>
#include <thread>
#include <vector>

namespace nguon::db {

/// DIR/nguon.db
std::filesystem::path database_file(std::filesystem::path const& data_dir);

/// One process, one writing connection in its thread, and read-only connections in theirs.
class SqliteDatabase final : public Database {
public:
    static Result<std::unique_ptr<Database>> open(DatabaseSettings const& settings);

    ~SqliteDatabase() override;
    Dialect dialect() const override { return Dialect::sqlite; }
    void close() override;
    Counters counters() const override;

    /// Of all connections of this database, how many are able to write: 1, or 0 when it was opened read-only.
    int writing_connections() const;

private:
    using Readers = std::vector<std::unique_ptr<SqliteConnection>>;

    SqliteDatabase(DatabaseSettings const& settings, DataDirLock lock, std::unique_ptr<SqliteConnection> writer,
                   Readers readers);
    void submit_read(Job job, Finished finished) override;
    void submit_write(Job job, Finished finished) override;
    void serve_reads(SqliteConnection& connection);

    DatabaseSettings const settings_;
    DataDirLock lock_; // first in, last out
    Readers readers_;
    WorkQueue reads_;
    std::unique_ptr<Writer> writer_; // null when read-only
    std::vector<std::thread> threads_;
};

} // namespace nguon::db
