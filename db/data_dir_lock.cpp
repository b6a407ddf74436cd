#include "db/data_dir_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>

namespace nguon::db {

namespace {

constexpr std::string_view in_use_mark = "in use\n";
constexpr std::string_view clean_mark = "closed\n";

Error system_error(std::string key, std::filesystem::path const& path)
{
    if (errno == ENOSPC || errno == EDQUOT) key = "storage.full";
    return unavailable(std::move(key), path.string() + ": " + std::strerror(errno));
}

/// Makes the directory ours alone, or says why that cannot be.
Status prepare_directory(std::filesystem::path const& dir)
{
    std::error_code error;
    if (dir.has_parent_path()) std::filesystem::create_directories(dir.parent_path(), error);
    if (::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) return system_error("storage.permissions", dir);

    struct stat info = {};
    if (::stat(dir.c_str(), &info) != 0) return system_error("storage.permissions", dir);
    // The sticky bit marks directories that are shared on purpose, such as /tmp: never taken over.
    if (!S_ISDIR(info.st_mode) || info.st_uid != ::geteuid() || (info.st_mode & S_ISVTX) != 0) {
        return unavailable("storage.permissions", dir.string() + " is not a directory of this user alone");
    }
    if ((info.st_mode & 077) != 0 && ::chmod(dir.c_str(), 0700) != 0) return system_error("storage.permissions", dir);

    struct statfs system = {};
    if (::statfs(dir.c_str(), &system) != 0) return system_error("storage.permissions", dir);
    if (is_network_filesystem(static_cast<std::uint64_t>(system.f_type))) {
        return unavailable("storage.network_filesystem", dir.string() + " lies on a network file system");
    }
    return Done{};
}

/// Written over the mark before and only then cut to size: a full disk leaves that one as it was.
bool write_mark(int descriptor, std::string_view mark)
{
    return ::pwrite(descriptor, mark.data(), mark.size(), 0) == static_cast<ssize_t>(mark.size()) &&
           ::ftruncate(descriptor, static_cast<off_t>(mark.size())) == 0 && ::fsync(descriptor) == 0;
}

} // namespace

bool is_network_filesystem(std::uint64_t type)
{
    constexpr std::uint64_t cifs = 0xFF534D42;
    constexpr std::uint64_t ceph = 0x00C36400;
    constexpr std::uint64_t lustre = 0x0BD00BD0;
    constexpr std::uint64_t gfs2 = 0x01161970;
    constexpr std::uint64_t ocfs2 = 0x7461636F;
    constexpr std::uint64_t shared[] = {
        NFS_SUPER_MAGIC,
        SMB_SUPER_MAGIC,
        SMB2_SUPER_MAGIC,
        V9FS_MAGIC,
        AFS_SUPER_MAGIC,
        CODA_SUPER_MAGIC,
        NCP_SUPER_MAGIC,
        AFS_FS_MAGIC,
        cifs,
        ceph,
        lustre,
        gfs2,
        ocfs2,
    };
    return std::ranges::find(shared, type & 0xFFFFFFFF) != std::end(shared);
}

Result<DataDirLock> DataDirLock::acquire(std::filesystem::path const& dir)
{
    if (auto const prepared = prepare_directory(dir); !prepared) return prepared.error();

    auto const file = dir / "lock";
    DataDirLock lock;
    // Close-on-exec: a worker process that outlives us must not keep the directory.
    lock.descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock.descriptor_ < 0) return system_error("storage.permissions", file);
    if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) return system_error("storage.locked", file);

    char mark[16] = {};
    auto const length = ::pread(lock.descriptor_, mark, sizeof mark, 0);
    lock.was_unclean_ = length > 0 && std::string_view{mark, static_cast<std::size_t>(length)} != clean_mark;
    if (!write_mark(lock.descriptor_, in_use_mark)) return system_error("storage.permissions", file);
    return lock;
}

DataDirLock::~DataDirLock()
{
    if (descriptor_ >= 0) ::close(descriptor_);
}

DataDirLock::DataDirLock(DataDirLock&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)}, was_unclean_{other.was_unclean_}
{
}

DataDirLock& DataDirLock::operator=(DataDirLock&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    std::swap(was_unclean_, other.was_unclean_);
    return *this;
}

void DataDirLock::mark_clean()
{
    // When this fails the next start checks the database once more than needed.
    if (descriptor_ >= 0) static_cast<void>(write_mark(descriptor_, clean_mark));
}

} // namespace nguon::db
