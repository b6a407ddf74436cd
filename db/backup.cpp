#include "db/backup.hpp"

#include "db/events.hpp"
#include "db/postgres_connection.hpp"
#include "db/sqlite_connection.hpp"
#include "db/sqlite_database.hpp"
#include "db/versions.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace nguon::db {

namespace {

constexpr std::chrono::hours counting_time{1};

bool sync(std::filesystem::path const& path)
{
    int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    bool const synced = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return synced;
}

Error failed(std::string const& what) { return unavailable("storage.unavailable", "backup: cannot " + what); }

/// Nothing but what every version of the schema has: a copy may be older than the program.
Contents count(Connection& c)
{
    Contents out;
    auto const installation = c.query("SELECT id FROM installation");
    if (!installation.empty()) out.installation = installation.front().text(0);
    out.events = events::count(c);
    out.records = versions::count(c);
    return out;
}

} // namespace

Status backup_sqlite(std::filesystem::path const& data_dir, std::filesystem::path const& destination)
{
    auto partial = destination;
    partial += ".partial";
    std::error_code error;
    std::filesystem::remove(partial, error); // of an earlier try that was killed
    try {
        SqliteConnection source{database_file(data_dir), SqliteConnection::Mode::reader};
        source.copy_to(partial);
    } catch (DbError const& fault) {
        std::filesystem::remove(partial, error);
        return to_error(fault);
    }
    if (!sync(partial)) return failed("sync " + partial.string());
    std::filesystem::rename(partial, destination, error);
    if (error) return failed("rename " + partial.string() + ": " + error.message());
    // Until the directory is synced a power cut may bring back the old name.
    if (!sync(std::filesystem::absolute(destination).parent_path())) return failed("sync the folder");
    return Done{};
}

Result<std::vector<std::string>> check_copy(std::filesystem::path const& file)
{
    try {
        SqliteConnection copy{file, SqliteConnection::Mode::at_rest};
        return check_integrity(copy, true);
    } catch (DbError const& fault) {
        if (fault.kind() == DbErrorKind::corrupt) return unavailable("storage.foreign", fault.what());
        return to_error(fault);
    }
}

Result<Contents> contents_of_copy(std::filesystem::path const& file)
{
    try {
        SqliteConnection copy{file, SqliteConnection::Mode::at_rest};
        return count(copy);
    } catch (DbError const& fault) {
        return unavailable("storage.foreign", fault.what());
    }
}

Result<Contents> contents_of_postgres(std::string const& url)
{
    return dump_postgres(url, [](std::string const&) -> Status { return Done{}; });
}

Result<Contents> dump_postgres(std::string const& url, std::function<Status(std::string const& snapshot)> const& dump)
{
    try {
        PostgresConnection connection{url, PostgresConnection::Mode::reader, counting_time};
        // Stays open until the dump has taken its snapshot over; afterwards the server may end it, which is no fault.
        Transaction const state{connection, Transaction::Kind::read};
        auto const contents = count(connection);
        auto const dumped = dump(connection.query("SELECT pg_export_snapshot()").front().text(0));
        if (!dumped) return dumped.error();
        return contents;
    } catch (DbError const& fault) {
        return unavailable("storage.unavailable", fault.what());
    }
}

} // namespace nguon::db
