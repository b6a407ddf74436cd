#include "tests/db/crash_vfs.hpp"

#include <algorithm>
#include <new>

namespace nguon::testing {

using Kind = DiskOperation::Kind;
using Lock = std::lock_guard<std::mutex>;

/// Lies in the memory that SQLite gives to xOpen.
struct CrashVfs::OpenFile {
    sqlite3_file base = {};
    CrashVfs* owner = nullptr;
    std::size_t file = 0;
    bool syncs_directory = false; // a journal or log, until its first sync
    int level = SQLITE_LOCK_NONE;
    bool shares = false;
    unsigned read_slots = 0;
    unsigned owned_slots = 0;
};

/// What SQLite calls.
struct CrashVfs::Calls {
    static OpenFile& self(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
    static CrashVfs& owner(sqlite3_vfs* vfs) { return *static_cast<CrashVfs*>(vfs->pAppData); }

    static int open(sqlite3_vfs* vfs, char const* name, sqlite3_file* to, int flags, int* opened);
    static int remove(sqlite3_vfs* vfs, char const* name, int sync_directory);
    static int access(sqlite3_vfs* vfs, char const* name, int flags, int* answer);
    static int full_name(sqlite3_vfs* vfs, char const* name, int bytes, char* to);

    static int close(sqlite3_file* file);
    static int read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset);
    static int write(sqlite3_file* file, void const* bytes, int count, sqlite3_int64 offset);
    static int truncate(sqlite3_file* file, sqlite3_int64 size);
    static int sync(sqlite3_file* file, int flags);
    static int size(sqlite3_file* file, sqlite3_int64* size);
    static int lock(sqlite3_file* file, int level);
    static int unlock(sqlite3_file* file, int level);
    static int is_reserved(sqlite3_file* file, int* answer);
    static int control(sqlite3_file* file, int what, void* with);
    static int shared_map(sqlite3_file* file, int region, int bytes, int extend, void volatile** memory);
    static int shared_lock(sqlite3_file* file, int offset, int count, int flags);
    static int shared_unmap(sqlite3_file* file, int remove);

    static sqlite3_io_methods const methods;
};

sqlite3_io_methods const CrashVfs::Calls::methods = [] {
    sqlite3_io_methods methods = {};
    methods.iVersion = 2;
    methods.xClose = close;
    methods.xRead = read;
    methods.xWrite = write;
    methods.xTruncate = truncate;
    methods.xSync = sync;
    methods.xFileSize = size;
    methods.xLock = lock;
    methods.xUnlock = unlock;
    methods.xCheckReservedLock = is_reserved;
    methods.xFileControl = control;
    // As the system's VFS on Linux has them.
    methods.xSectorSize = [](sqlite3_file*) { return 4096; };
    methods.xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; };
    methods.xShmMap = shared_map;
    methods.xShmLock = shared_lock;
    methods.xShmBarrier = [](sqlite3_file* file) { Lock const barrier{self(file).owner->mutex_}; };
    methods.xShmUnmap = shared_unmap;
    return methods;
}();

int CrashVfs::Calls::open(sqlite3_vfs* vfs, char const* name, sqlite3_file* to, int flags, int* opened)
{
    auto& vfs_of = owner(vfs);
    Lock const lock{vfs_of.mutex_};
    auto& file = *new (to) OpenFile{};
    auto const known = name == nullptr ? std::nullopt : vfs_of.disk_.find(name);
    if (!known && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    constexpr int journals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    file.owner = &vfs_of;
    file.file = known ? *known : vfs_of.create(name == nullptr ? "" : name);
    file.syncs_directory = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & journals) != 0;
    file.base.pMethods = &methods;
    vfs_of.open_.push_back(&file);
    if (opened != nullptr) *opened = flags;
    return SQLITE_OK;
}

int CrashVfs::Calls::remove(sqlite3_vfs* vfs, char const* name, int sync_directory)
{
    auto& vfs_of = owner(vfs);
    Lock const lock{vfs_of.mutex_};
    auto const file = vfs_of.disk_.find(name);
    if (!file) return SQLITE_IOERR_DELETE_NOENT;
    vfs_of.perform({Kind::remove, *file, 0, {}, name});
    if (sync_directory != 0) vfs_of.perform({Kind::sync_directory, 0, 0, {}, {}});
    return SQLITE_OK;
}

int CrashVfs::Calls::access(sqlite3_vfs* vfs, char const* name, int /*flags*/, int* answer)
{
    auto& vfs_of = owner(vfs);
    Lock const lock{vfs_of.mutex_};
    auto const file = vfs_of.disk_.find(name);
    // As the system's: an empty journal is as good as none.
    *answer = file && vfs_of.disk_.content(*file).size() > 0 ? 1 : 0;
    return SQLITE_OK;
}

int CrashVfs::Calls::full_name(sqlite3_vfs* /*vfs*/, char const* name, int bytes, char* to)
{
    sqlite3_snprintf(bytes, to, "%s", name);
    return SQLITE_OK;
}

int CrashVfs::Calls::close(sqlite3_file* file)
{
    auto& open_file = self(file);
    Lock const lock{open_file.owner->mutex_};
    open_file.owner->leave_shared(open_file);
    std::erase(open_file.owner->open_, &open_file);
    return SQLITE_OK;
}

int CrashVfs::Calls::read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset)
{
    auto& vfs = *self(file).owner;
    Lock const lock{vfs.mutex_};
    if (vfs.fault_of(Call::read)) return SQLITE_IOERR_READ;
    auto const& content = vfs.disk_.content(self(file).file);
    auto const from = static_cast<std::size_t>(offset);
    auto const wanted = static_cast<std::size_t>(count);
    content.read(from, static_cast<char*>(to), wanted);
    return from + wanted <= content.size() ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int CrashVfs::Calls::write(sqlite3_file* file, void const* bytes, int count, sqlite3_int64 offset)
{
    auto& vfs = *self(file).owner;
    Lock const lock{vfs.mutex_};
    auto const fault = vfs.fault_of(Call::write);
    if (fault == IoFault::Kind::io_error) return SQLITE_IOERR_WRITE;
    if (fault == IoFault::Kind::no_space) return SQLITE_FULL;
    std::string written{static_cast<char const*>(bytes), static_cast<std::size_t>(fault ? count / 2 : count)};
    vfs.perform({Kind::write, self(file).file, static_cast<std::size_t>(offset), std::move(written), {}});
    return fault ? SQLITE_FULL : SQLITE_OK; // what the system's VFS says of a short write
}

int CrashVfs::Calls::truncate(sqlite3_file* file, sqlite3_int64 size)
{
    auto& vfs = *self(file).owner;
    Lock const lock{vfs.mutex_};
    if (vfs.fault_of(Call::truncate)) return SQLITE_IOERR_TRUNCATE;
    vfs.perform({Kind::truncate, self(file).file, static_cast<std::size_t>(size), {}, {}});
    return SQLITE_OK;
}

int CrashVfs::Calls::sync(sqlite3_file* file, int /*flags*/)
{
    auto& open_file = self(file);
    auto& vfs = *open_file.owner;
    Lock const lock{vfs.mutex_};
    if (vfs.fault_of(Call::sync)) return SQLITE_IOERR_FSYNC;
    vfs.perform({Kind::sync, open_file.file, 0, {}, {}});
    if (std::exchange(open_file.syncs_directory, false)) vfs.perform({Kind::sync_directory, 0, 0, {}, {}});
    return SQLITE_OK;
}

int CrashVfs::Calls::size(sqlite3_file* file, sqlite3_int64* size)
{
    auto const& vfs = *self(file).owner;
    Lock const lock{vfs.mutex_};
    *size = static_cast<sqlite3_int64>(vfs.disk_.content(self(file).file).size());
    return SQLITE_OK;
}

int CrashVfs::Calls::lock(sqlite3_file* file, int level)
{
    Lock const lock{self(file).owner->mutex_};
    return self(file).owner->lock_file(self(file), level);
}

int CrashVfs::Calls::unlock(sqlite3_file* file, int level)
{
    Lock const lock{self(file).owner->mutex_};
    self(file).level = std::min(self(file).level, level);
    return SQLITE_OK;
}

int CrashVfs::Calls::is_reserved(sqlite3_file* file, int* answer)
{
    auto const& vfs = *self(file).owner;
    Lock const lock{vfs.mutex_};
    *answer = std::ranges::any_of(vfs.open_, [&](OpenFile const* other) {
        return other->file == self(file).file && other->level >= SQLITE_LOCK_RESERVED;
    });
    return SQLITE_OK;
}

int CrashVfs::Calls::control(sqlite3_file* /*file*/, int what, void* with)
{
    if (what != SQLITE_FCNTL_MMAP_SIZE) return SQLITE_NOTFOUND;
    *static_cast<sqlite3_int64*>(with) = 0; // nothing is mapped
    return SQLITE_OK;
}

int CrashVfs::Calls::shared_map(sqlite3_file* file, int region, int bytes, int extend, void volatile** memory)
{
    auto& open_file = self(file);
    auto& vfs = *open_file.owner;
    Lock const lock{vfs.mutex_};
    auto& shared = vfs.shared_[open_file.file];
    if (!std::exchange(open_file.shares, true)) ++shared.users;
    auto const index = static_cast<std::size_t>(region);
    *memory = nullptr;
    if (index >= shared.regions.size() && extend == 0) return SQLITE_OK;
    while (shared.regions.size() <= index) {
        if (vfs.fault_of(Call::map)) return SQLITE_IOERR_SHMSIZE;
        shared.regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(bytes)));
    }
    *memory = shared.regions[index].get();
    return SQLITE_OK;
}

int CrashVfs::Calls::shared_lock(sqlite3_file* file, int offset, int count, int flags)
{
    Lock const lock{self(file).owner->mutex_};
    auto const mask = ((1U << static_cast<unsigned>(count)) - 1U) << static_cast<unsigned>(offset);
    return self(file).owner->lock_shared(self(file), mask, flags);
}

int CrashVfs::Calls::shared_unmap(sqlite3_file* file, int /*remove*/)
{
    Lock const lock{self(file).owner->mutex_};
    self(file).owner->leave_shared(self(file));
    return SQLITE_OK;
}

CrashVfs::CrashVfs(Disk disk)
    : disk_{std::move(disk)}, registration_{this, static_cast<int>(sizeof(OpenFile)), Calls::open}
{
    registration_.vfs.xDelete = Calls::remove;
    registration_.vfs.xAccess = Calls::access;
    registration_.vfs.xFullPathname = Calls::full_name;
    registration_.announce();
}

void CrashVfs::create_file(std::string const& name)
{
    Lock const lock{mutex_};
    create(name);
}

void CrashVfs::sync_directory()
{
    Lock const lock{mutex_};
    perform({Kind::sync_directory, 0, 0, {}, {}});
}

void CrashVfs::arm(IoFault fault)
{
    Lock const lock{mutex_};
    fault_ = fault;
    calls_ = 0;
    struck_ = false;
}

bool CrashVfs::disarm()
{
    Lock const lock{mutex_};
    fault_.reset();
    return struck_;
}

std::size_t CrashVfs::operations() const
{
    Lock const lock{mutex_};
    return history_.size();
}

void CrashVfs::perform(DiskOperation operation)
{
    bool const syncs = operation.kind == Kind::sync || operation.kind == Kind::sync_directory;
    if (lies_ && syncs) return;
    disk_.apply(operation);
    history_.push_back(std::move(operation));
}

std::size_t CrashVfs::create(std::string const& name)
{
    auto const file = disk_.next_file();
    perform({Kind::create, file, 0, {}, name});
    return file;
}

std::optional<IoFault::Kind> CrashVfs::fault_of(Call call)
{
    if (!fault_) return std::nullopt;
    bool const writes = call == Call::write;
    bool const concerned = fault_->kind == IoFault::Kind::io_error   ? call != Call::map
                           : fault_->kind == IoFault::Kind::no_space ? writes || call == Call::sync || call == Call::map
                                                                     : writes;
    if (!concerned) return std::nullopt;
    ++calls_;
    if (calls_ != fault_->call && (!fault_->lasting || calls_ < fault_->call)) return std::nullopt;
    struck_ = true;
    return fault_->kind;
}

int CrashVfs::lock_file(OpenFile& file, int level)
{
    if (level <= file.level) return SQLITE_OK;
    for (auto const* const other : open_) {
        if (other == &file || other->file != file.file) continue;
        bool const in_the_way = level == SQLITE_LOCK_SHARED     ? other->level >= SQLITE_LOCK_PENDING
                                : level == SQLITE_LOCK_RESERVED ? other->level >= SQLITE_LOCK_RESERVED
                                                                : other->level >= SQLITE_LOCK_SHARED;
        if (in_the_way) return SQLITE_BUSY;
    }
    file.level = level;
    return SQLITE_OK;
}

int CrashVfs::lock_shared(OpenFile& file, unsigned mask, int flags)
{
    auto& shared = shared_[file.file];
    bool const exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    auto& mine = exclusive ? file.owned_slots : file.read_slots;
    bool const locks = (flags & SQLITE_SHM_LOCK) != 0;
    auto const concerned = locks ? mask & ~mine : mask & mine;
    for (std::size_t slot = 0; locks && slot < lock_slots; ++slot) {
        if ((concerned >> slot & 1U) == 0) continue;
        if (shared.owned[slot] || (exclusive && shared.readers[slot] > 0)) return SQLITE_BUSY;
    }
    for (std::size_t slot = 0; slot < lock_slots; ++slot) {
        if ((concerned >> slot & 1U) == 0) continue;
        if (exclusive) {
            shared.owned[slot] = locks;
        } else {
            shared.readers[slot] += locks ? 1 : -1;
        }
    }
    mine = locks ? mine | mask : mine & ~mask;
    return SQLITE_OK;
}

void CrashVfs::leave_shared(OpenFile& file)
{
    if (!std::exchange(file.shares, false)) return;
    lock_shared(file, file.read_slots, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
    lock_shared(file, file.owned_slots, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
    if (--shared_[file.file].users == 0) shared_.erase(file.file);
}

} // namespace nguon::testing
