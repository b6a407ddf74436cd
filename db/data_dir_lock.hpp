#pragma once

#include "core/result.hpp"

#include <filesystem>
#include <string>

namespace nguon::db {

/// True for the `f_type` of statfs(2) of file systems whose locks or syncs cannot be relied on.
bool is_network_filesystem(std::uint64_t type);

/// Ownership of a data directory: as long as the value lives no other process writes there.
class DataDirLock {
public:
    /// Creates the directory (0700) where it is missing and locks DIR/lock. Errors: "storage.locked" when another
    /// process has it, "storage.network_filesystem", "storage.permissions" when the directory belongs to somebody else
    /// or is shared.
    static Result<DataDirLock> acquire(std::filesystem::path const& dir);

    DataDirLock() = default;
    ~DataDirLock();
    DataDirLock(DataDirLock&& other) noexcept;
    DataDirLock& operator=(DataDirLock&& other) noexcept;

    /// Whether the last owner ended without `mark_clean`: killed, or the power failed.
    bool was_unclean() const { return was_unclean_; }

    /// To be called when everything is written and closed.
    void mark_clean();

private:
    int descriptor_ = -1;
    bool was_unclean_ = false;
};

} // namespace nguon::db
