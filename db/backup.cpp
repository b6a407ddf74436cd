#include "db/backup.hpp"

#include "db/sqlite_connection.hpp"
#include "db/sqlite_database.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace nguon::db {

namespace {

bool sync(std::filesystem::path const& path)
{
    int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    bool const synced = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return synced;
}

Error failed(std::string const& what) { return unavailable("storage.unavailable", "backup: cannot " + what); }

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

} // namespace nguon::db
