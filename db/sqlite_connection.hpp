#pragma once

#include "db/connection.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace nguon::db {

using SteadyTime = std::chrono::steady_clock::time_point;

/// "NGU0" in the file header: this SQLite file is ours.
inline constexpr std::int64_t application_id = 0x4E475530;

/// A connection to one SQLite file. The constructor sets and then asserts everything that durability and the single
/// writer depend on: WAL, synchronous=FULL, foreign keys, defensive, no automatic checkpoint on any connection.
class SqliteConnection final : public Connection {
public:
    enum class Mode {
        writer,  // creates the file (0600) where it is missing; the one connection that writes and checkpoints
        reader,  // opened read-only, query_only, never checkpoints
        at_rest, // as reader, but of a file that nobody changes: no lock, no log, nothing is left beside it
    };

    /// `vfs`: empty for the system's. Throws `DbError`.
    SqliteConnection(std::filesystem::path const& file, Mode mode, std::string const& vfs = {});
    ~SqliteConnection() override;
    SqliteConnection(SqliteConnection const&) = delete;
    SqliteConnection& operator=(SqliteConnection const&) = delete;

    using Connection::execute;
    using Connection::query;
    Rows query(std::string_view sql, std::span<Value const> parameters) override;
    std::int64_t execute(std::string_view sql, std::span<Value const> parameters) override;
    void run_script(std::string_view sql) override;
    Dialect dialect() const override { return Dialect::sqlite; }

    /// Statements fail with `timeout` after that.
    void set_deadline(SteadyTime deadline) { deadline_ = deadline; }
    void clear_deadline() { deadline_ = SteadyTime::max(); }

    bool can_write() const;
    /// False when the engine has undone the transaction by itself, as it does on a full disk.
    bool in_transaction() const;

    /// Frames in the write-ahead log after the last commit of this connection.
    std::int64_t wal_frames() const { return wal_frames_; }
    enum class Checkpoint { passive, truncate };
    /// Moves the log into the file. Passive never waits; truncate waits for readers up to `wait` and empties the log.
    /// Returns false when readers were in the way. Throws `DbError`.
    bool checkpoint(Checkpoint mode, std::chrono::milliseconds wait = std::chrono::milliseconds{0});

    /// Writes the state of this moment to a new file, while others read and write (online backup). Throws `DbError`.
    void copy_to(std::filesystem::path const& file);

    /// Number of prepared statements kept.
    std::size_t statements_kept() const { return statements_.size(); }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;
    struct Statement {
        std::string sql;
        Prepared handle;
        std::vector<std::size_t> positions; // of each SQLite parameter index, the number behind its `$`, from 0
        std::size_t parameters = 0;
    };
    using Statements = std::list<Statement>;

    void configure(Mode mode);
    void assert_settings(Mode mode);
    std::string pragma(char const* name);
    Statement& prepared(std::string_view sql);
    void bind(Statement& statement, std::span<Value const> parameters);
    [[noreturn]] void fail(std::string_view doing) const;
    static int on_progress(void* self);
    static int on_commit_to_wal(void* self, sqlite3* handle, char const* name, int frames);

    sqlite3* handle_ = nullptr;
    Statements statements_; // most recently used first
    std::unordered_map<std::string_view, Statements::iterator> by_sql_;
    SteadyTime deadline_ = SteadyTime::max();
    std::int64_t wal_frames_ = 0;
};

/// What PRAGMA quick_check (or integrity_check when `thorough`) and the foreign keys have to say; empty when all is
/// well.
std::vector<std::string> check_integrity(SqliteConnection& connection, bool thorough);

} // namespace nguon::db
