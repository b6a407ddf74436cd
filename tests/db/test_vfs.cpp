#include "tests/db/test_vfs.hpp"

#include "tests/db/vfs_registration.hpp"

#include <new>
#include <thread>
#include <unistd.h>

namespace nguon::testing {

namespace {

/// Lies at the start of the memory that SQLite gives to xOpen; the system's file follows it.
struct File {
    sqlite3_file base;
    TestVfs* owner;

    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& self(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return self(file).real(); }
sqlite3_io_methods const& calls(sqlite3_file* file) { return *real(file)->pMethods; }

int write(sqlite3_file* file, void const* bytes, int count, sqlite3_int64 offset)
{
    auto& owner = *self(file).owner;
    owner.count_operation();
    if (owner.is_out_of_space()) return SQLITE_FULL;
    return calls(file).xWrite(real(file), bytes, count, offset);
}

int sync(sqlite3_file* file, int flags)
{
    auto& owner = *self(file).owner;
    owner.count_operation();
    if (!owner.sync_succeeds()) return SQLITE_IOERR_FSYNC;
    return calls(file).xSync(real(file), flags);
}

int truncate(sqlite3_file* file, sqlite3_int64 size)
{
    self(file).owner->count_operation();
    return calls(file).xTruncate(real(file), size);
}

sqlite3_io_methods make_methods()
{
    sqlite3_io_methods methods = {};
    methods.iVersion = 2;
    methods.xClose = [](sqlite3_file* file) { return calls(file).xClose(real(file)); };
    methods.xRead = [](sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
        return calls(file).xRead(real(file), to, count, offset);
    };
    methods.xWrite = write;
    methods.xTruncate = truncate;
    methods.xSync = sync;
    methods.xFileSize = [](sqlite3_file* file, sqlite3_int64* size) { return calls(file).xFileSize(real(file), size); };
    methods.xLock = [](sqlite3_file* file, int level) { return calls(file).xLock(real(file), level); };
    methods.xUnlock = [](sqlite3_file* file, int level) { return calls(file).xUnlock(real(file), level); };
    methods.xCheckReservedLock = [](sqlite3_file* file, int* held) {
        return calls(file).xCheckReservedLock(real(file), held);
    };
    methods.xFileControl = [](sqlite3_file* file, int what, void* with) {
        return calls(file).xFileControl(real(file), what, with);
    };
    methods.xSectorSize = [](sqlite3_file* file) { return calls(file).xSectorSize(real(file)); };
    methods.xDeviceCharacteristics = [](sqlite3_file* file) { return calls(file).xDeviceCharacteristics(real(file)); };
    methods.xShmMap = [](sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
        return calls(file).xShmMap(real(file), page, size, extend, memory);
    };
    methods.xShmLock = [](sqlite3_file* file, int offset, int count, int flags) {
        return calls(file).xShmLock(real(file), offset, count, flags);
    };
    methods.xShmBarrier = [](sqlite3_file* file) { calls(file).xShmBarrier(real(file)); };
    methods.xShmUnmap = [](sqlite3_file* file, int remove) { return calls(file).xShmUnmap(real(file), remove); };
    return methods;
}

sqlite3_io_methods const methods = make_methods();

} // namespace

struct TestVfs::Registered : VfsRegistration {
    explicit Registered(TestVfs* owner)
        : VfsRegistration{owner, static_cast<int>(sizeof(File)) + system()->szOsFile, open}
    {
        announce();
    }

    static int open(sqlite3_vfs* vfs, char const* name, sqlite3_file* file, int flags, int* opened)
    {
        auto* const made = new (file) File{{nullptr}, static_cast<TestVfs*>(vfs->pAppData)};
        int const code = system()->xOpen(system(), name, made->real(), flags, opened);
        if (code == SQLITE_OK) made->base.pMethods = &methods;
        return code;
    }
};

TestVfs::TestVfs() : registered_{std::make_unique<Registered>(this)} {}

TestVfs::~TestVfs() = default;

std::string const& TestVfs::name() const { return registered_->name(); }

void TestVfs::count_operation()
{
    if (exit_at_operation > 0 && --exit_at_operation == 0) ::_exit(9);
}

bool TestVfs::sync_succeeds()
{
    ++syncs;
    std::this_thread::sleep_for(sync_time);
    return !sync_fails;
}

} // namespace nguon::testing
