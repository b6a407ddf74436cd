#include "db/sqlite_database.hpp"

#include "core/runtime/clock.hpp"
#include "core/runtime/log.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <pthread.h>

namespace nguon::db {

namespace {

[[noreturn]] void end_program(std::string const& reason)
{
    // After a failed write or sync nobody knows what the file holds; only recovery at the next start finds out.
    log::error("storage failed, the program stops", {{"reason", reason}});
    std::abort();
}

/// The damage of an unclean end shows before anybody is served wrong records.
Status check_after_unclean_end(SqliteConnection& connection)
{
    log::warning("the database was not closed, checking it");
    auto const faults = check_integrity(connection, false);
    if (faults.empty()) return Done{};
    return unavailable("storage.damaged", faults.front());
}

Error opening_error(DbError const& fault)
{
    if (fault.kind() == DbErrorKind::corrupt) return unavailable("storage.foreign", fault.what());
    // A file that cannot be opened: somebody else's, or write-protected.
    if (fault.kind() == DbErrorKind::unreachable) return unavailable("storage.permissions", fault.what());
    return to_error(fault);
}

Status prepare_schema(SqliteConnection& writer, DatabaseSettings const& settings, bool unclean)
{
    if (unclean) {
        if (auto const sound = check_after_unclean_end(writer); !sound) return sound;
    }
    return migrate(writer, settings.migrations, SystemClock{}.now());
}

Status read_one(Piece const& piece, SqliteConnection& connection)
{
    if (auto in_time = still_in_time(piece); !in_time) return in_time;
    std::optional<DbErrorKind> failure;
    try {
        Transaction const state{connection, Transaction::Kind::read};
        connection.set_deadline(piece.deadline);
        auto status = run_job(piece, connection, failure);
        connection.clear_deadline();
        return status;
    } catch (DbError const& fault) {
        return to_error(fault);
    }
}

} // namespace

std::filesystem::path database_file(std::filesystem::path const& data_dir) { return data_dir / "nguon.db"; }

Result<std::unique_ptr<Database>> SqliteDatabase::open(DatabaseSettings const& settings)
{
    auto const file = database_file(settings.data_dir);
    DataDirLock lock;
    std::unique_ptr<SqliteConnection> writer;
    Readers readers;
    try {
        if (!settings.read_only) {
            auto locked = DataDirLock::acquire(settings.data_dir);
            if (!locked) return locked.error();
            lock = std::move(*locked);
            writer = std::make_unique<SqliteConnection>(file, SqliteConnection::Mode::writer, settings.sqlite_vfs);
            auto const ready = prepare_schema(*writer, settings, lock.was_unclean());
            if (!ready) return ready.error();
        }
        for (int index = 0; index < std::max(1, settings.readers); ++index) {
            readers.push_back(
                std::make_unique<SqliteConnection>(file, SqliteConnection::Mode::reader, settings.sqlite_vfs));
        }
        if (settings.read_only) {
            if (auto const known = check_schema(*readers.front(), settings.migrations); !known) return known.error();
        }
    } catch (DbError const& fault) {
        return opening_error(fault);
    }
    // Two connections that write or checkpoint could lose a commit in SQLite before 3.51.3.
    auto const reader_writes = [](auto const& reader) { return reader->can_write(); };
    if (std::ranges::any_of(readers, reader_writes)) return internal("a read connection is able to write");

    std::unique_ptr<Database> database{
        new SqliteDatabase{settings, std::move(lock), std::move(writer), std::move(readers)}};
    return database;
}

SqliteDatabase::SqliteDatabase(DatabaseSettings const& settings, DataDirLock lock,
                               std::unique_ptr<SqliteConnection> writer, Readers readers)
    : settings_{settings}, lock_{std::move(lock)}, readers_{std::move(readers)}, reads_{settings.read_queue_max}
{
    if (writer != nullptr) {
        writer_ = std::make_unique<Writer>(std::move(writer), settings_.write_queue_max,
                                           settings_.on_fatal ? settings_.on_fatal : end_program);
    }
    for (auto& reader : readers_) {
        threads_.emplace_back([this, &reader] { serve_reads(*reader); });
        pthread_setname_np(threads_.back().native_handle(), "db-reader");
    }
}

SqliteDatabase::~SqliteDatabase() { close(); }

void SqliteDatabase::close()
{
    reads_.close();
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
    // Readers go first: an open read keeps the writer from emptying the log.
    readers_.clear();
    if (writer_ == nullptr) return;
    if (writer_->close()) lock_.mark_clean();
}

int SqliteDatabase::writing_connections() const
{
    auto const writes = std::ranges::count_if(readers_, [](auto const& reader) { return reader->can_write(); });
    return static_cast<int>(writes) + (writer_ == nullptr ? 0 : 1);
}

Database::Counters SqliteDatabase::counters() const
{
    Counters counters;
    if (writer_ != nullptr) {
        counters.writes = writer_->writes();
        counters.commits = writer_->commits();
        counters.queue_full = writer_->refused();
        counters.write_queue = writer_->waiting();
    }
    counters.queue_full += reads_.refused();
    counters.read_queue = reads_.size();
    std::error_code error;
    auto const size = std::filesystem::file_size(database_file(settings_.data_dir).string() + "-wal", error);
    counters.wal_bytes = error ? 0 : size;
    return counters;
}

void SqliteDatabase::submit_read(Job job, Finished finished)
{
    reads_.push(Piece{std::move(job), std::move(finished), std::chrono::steady_clock::now() + settings_.read_time});
}

void SqliteDatabase::submit_write(Job job, Finished finished)
{
    if (writer_ == nullptr) return finished(unavailable("storage.read_only", "opened for reading only"));
    writer_->submit(
        Piece{std::move(job), std::move(finished), std::chrono::steady_clock::now() + settings_.write_time});
}

void SqliteDatabase::serve_reads(SqliteConnection& connection)
{
    for (;;) {
        auto const taken = reads_.take(1);
        if (taken.empty()) return;
        taken.front().finished(read_one(taken.front(), connection));
    }
}

} // namespace nguon::db
