#pragma once

#include "db/sqlite_connection.hpp"
#include "tests/db/crash_vfs.hpp"
#include "tests/db/service_writes.hpp"

#include <memory>

namespace nguon::testing {

/// An installation on its ground with every migration, closed. With its log, or one file without as a backup is
/// restored.
Disk const& prepared_disk(bool with_log);

/// The connections of an installation on the disk of the VFS, which gets an empty file where it has none. Throw
/// `DbError`.
std::unique_ptr<db::SqliteConnection> open_writer(CrashVfs& vfs);
std::unique_ptr<db::SqliteConnection> open_reader(CrashVfs& vfs);

/// What a start found on a disk.
struct Findings {
    std::string fault = {};          // empty: nothing to complain of
    std::vector<bool> is_there = {}; // of each entry of the ledger
};

/// Starts on `disk` and compares what is there with what clients were told by the time that the disk had been asked to
/// do `operations` things: everything acknowledged is there exactly once and with its answer (I1), records, messages
/// and deliveries together or not at all (I2), nothing vanished on its way to a portal (I6), and the file is sound.
Findings find_faults(Disk disk, Ledger const& ledger, std::size_t operations);

} // namespace nguon::testing
