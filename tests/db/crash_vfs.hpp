#pragma once

#include "tests/db/crash_disk.hpp"
#include "tests/db/vfs_registration.hpp"

#include <array>
#include <memory>
#include <mutex>
#include <optional>

namespace nguon::testing {

/// A call of SQLite to its VFS that fails.
struct IoFault {
    enum class Kind { io_error, no_space, short_write };
    Kind kind = Kind::io_error;
    int call = 1;         // counted among those that may fail so
    bool lasting = false; // every later one fails, too
};

/// An SQLite VFS wholly in memory, over a `Disk`, that writes down everything the disk is asked to do. As the system's
/// VFS does it syncs the directory with the first sync of a journal or log that it opened. Several connections in
/// several threads work as in one process: locks and the log's index (shared memory) are there, and both are lost with
/// the value.
class CrashVfs {
public:
    explicit CrashVfs(Disk disk = {});
    CrashVfs(CrashVfs const&) = delete;
    CrashVfs& operator=(CrashVfs const&) = delete;

    std::string const& name() const { return registration_.name(); }

    /// From now on syncs answer well and do nothing.
    void lie_about_syncs() { lies_ = true; }

    /// What others do to the directory beside SQLite: an empty file, a directory that is synced.
    void create_file(std::string const& name);
    void sync_directory();

    void arm(IoFault fault);
    /// Whether a call failed since `arm`; none will from now on.
    bool disarm();

    std::size_t operations() const;
    /// For use when no connection works.
    std::vector<DiskOperation> const& history() const { return history_; }
    Disk const& disk() const { return disk_; }

private:
    struct OpenFile;
    struct Calls;
    enum class Call { read, write, sync, truncate, map };
    static constexpr std::size_t lock_slots = 8;

    /// The shared memory beside one database.
    struct Shared {
        std::vector<std::unique_ptr<char[]>> regions = {};
        std::array<int, lock_slots> readers = {};
        std::array<bool, lock_slots> owned = {};
        int users = 0;
    };

    void perform(DiskOperation operation);
    std::size_t create(std::string const& name);
    std::optional<IoFault::Kind> fault_of(Call call);
    int lock_file(OpenFile& file, int level);
    int lock_shared(OpenFile& file, unsigned mask, int flags);
    void leave_shared(OpenFile& file);

    mutable std::mutex mutex_;
    Disk disk_;
    std::vector<DiskOperation> history_;
    bool lies_ = false;
    std::optional<IoFault> fault_;
    int calls_ = 0;
    bool struck_ = false;
    std::vector<OpenFile*> open_;
    std::map<std::size_t, Shared> shared_;
    VfsRegistration registration_;
};

} // namespace nguon::testing
