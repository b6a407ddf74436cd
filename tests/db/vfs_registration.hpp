#pragma once

#include <atomic>
#include <sqlite3.h>
#include <string>

namespace nguon::testing {

/// Makes an SQLite VFS known under a name of its own for the life of the value. What the owner does not replace in
/// `vfs` is the system's.
class VfsRegistration {
public:
    VfsRegistration(void* owner, int file_bytes, decltype(sqlite3_vfs::xOpen) open)
    {
        static std::atomic<int> count = 0;
        name_ = "test" + std::to_string(++count);
        vfs = *system();
        vfs.pNext = nullptr;
        vfs.zName = name_.c_str();
        vfs.pAppData = owner;
        vfs.szOsFile = file_bytes;
        vfs.xOpen = open;
    }
    ~VfsRegistration() { sqlite3_vfs_unregister(&vfs); }
    VfsRegistration(VfsRegistration const&) = delete;
    VfsRegistration& operator=(VfsRegistration const&) = delete;

    /// To be called when `vfs` is as it shall be.
    void announce() { sqlite3_vfs_register(&vfs, 0); }

    std::string const& name() const { return name_; }
    static sqlite3_vfs* system() { return sqlite3_vfs_find(nullptr); }

    sqlite3_vfs vfs = {};

private:
    std::string name_;
};

} // namespace nguon::testing
