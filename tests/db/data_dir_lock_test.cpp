#include "db/data_dir_lock.hpp"

#include "db/database.hpp"
#include "db/sqlite_database.hpp"
#include "tests/db/small_schema.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nguon::testing {

namespace {

class DataDirLockTest : public ::testing::Test {
protected:
    db::DatabaseSettings settings() const
    {
        db::DatabaseSettings settings;
        settings.data_dir = data_;
        settings.migrations = small_schema();
        settings.readers = 1;
        return settings;
    }

    /// In a process of its own; its exit status, or 100 + the signal that ended it.
    static int in_child(std::function<int()> const& action)
    {
        auto const child = ::fork();
        if (child == 0) ::_exit(action());
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
    }

    void write_item_and_die() const
    {
        auto const status = in_child([this] {
            auto const database = db::Database::open(settings());
            if (!database.ok()) return 1;
            auto const saved = (*database)->write_now([](db::Connection& c) -> Status {
                for (int index = 0; index < 500; ++index) {
                    c.execute("INSERT INTO item (name, picture) VALUES ($1, $2)", {index, std::string(500, 'x')});
                }
                return Done{};
            });
            if (saved.ok()) ::kill(::getpid(), SIGKILL);
            return 2;
        });
        ASSERT_EQ(status, 100 + SIGKILL);
    }

    TempDir dir_;
    std::filesystem::path data_ = dir_.path() / "some/where/data";
};

} // namespace

TEST_F(DataDirLockTest, CreatesADirectoryForItsOwnerOnly)
{
    auto const lock = db::DataDirLock::acquire(data_);
    ASSERT_TRUE(lock.ok());
    struct stat info = {};
    ASSERT_EQ(::stat(data_.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700U);
}

TEST_F(DataDirLockTest, ClosesADirectoryThatOthersCouldRead)
{
    std::filesystem::create_directories(data_);
    ::chmod(data_.c_str(), 0755);
    ASSERT_TRUE(db::DataDirLock::acquire(data_).ok());
    struct stat info = {};
    ASSERT_EQ(::stat(data_.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700U);
}

TEST_F(DataDirLockTest, RefusesASharedDirectoryAndAFile)
{
    std::filesystem::create_directories(data_);
    ::chmod(data_.c_str(), 01777);
    auto const shared = db::DataDirLock::acquire(data_);
    ASSERT_FALSE(shared.ok());
    EXPECT_EQ(shared.error().key, "storage.permissions");

    auto const file = dir_.path() / "file";
    std::ofstream{file} << "x";
    EXPECT_FALSE(db::DataDirLock::acquire(file).ok());
}

TEST_F(DataDirLockTest, RefusesTheSecondOwnerUntilTheFirstHasGone)
{
    {
        auto const first = db::DataDirLock::acquire(data_);
        ASSERT_TRUE(first.ok());
        auto const second = db::DataDirLock::acquire(data_);
        ASSERT_FALSE(second.ok());
        EXPECT_EQ(second.error().key, "storage.locked");
        EXPECT_EQ(in_child([&] { return db::DataDirLock::acquire(data_).ok() ? 1 : 7; }), 7);
    }
    EXPECT_TRUE(db::DataDirLock::acquire(data_).ok());
}

TEST_F(DataDirLockTest, RefusesASecondDatabase)
{
    auto const first = db::Database::open(settings());
    ASSERT_TRUE(first.ok());
    auto const second = db::Database::open(settings());
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().key, "storage.locked");
}

TEST_F(DataDirLockTest, RemembersAnUncleanEnd)
{
    EXPECT_FALSE(db::DataDirLock::acquire(data_)->was_unclean());
    EXPECT_TRUE(db::DataDirLock::acquire(data_)->was_unclean());
    {
        auto lock = db::DataDirLock::acquire(data_);
        lock->mark_clean();
    }
    EXPECT_FALSE(db::DataDirLock::acquire(data_)->was_unclean());
}

TEST_F(DataDirLockTest, KeepsWhatWasAcknowledgedBeforeAKill)
{
    write_item_and_die();
    auto const database = db::Database::open(settings());
    ASSERT_TRUE(database.ok()) << database.error().log_text;
    auto const count = (*database)->read_now([](db::Connection& c) -> Result<std::int64_t> {
        return c.query("SELECT count(*) FROM item").front().integer(0);
    });
    EXPECT_EQ(count.value_or(-1), 500);
}

TEST_F(DataDirLockTest, FindsDamageAfterAnUncleanEnd)
{
    write_item_and_die();
    ASSERT_TRUE(db::Database::open(settings()).ok()); // moves the log into the file, and closes well
    {
        auto const unclean = db::DataDirLock::acquire(data_);
        std::fstream file{db::database_file(data_), std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(4096 * 20);
        file << std::string(4096 * 4, '\x5a');
    }
    auto const damaged = db::Database::open(settings());
    ASSERT_FALSE(damaged.ok());
    EXPECT_EQ(damaged.error().key, "storage.damaged") << damaged.error().log_text;
}

TEST_F(DataDirLockTest, ReadsBesideAServingProcessButNeverWrites)
{
    auto const serving = db::Database::open(settings());
    ASSERT_TRUE(serving.ok());
    auto reading = settings();
    reading.read_only = true;
    auto const beside = db::Database::open(reading);
    ASSERT_TRUE(beside.ok()) << beside.error().log_text;
    auto const count = (*beside)->read_now([](db::Connection& c) -> Result<std::int64_t> {
        return c.query("SELECT count(*) FROM item").front().integer(0);
    });
    EXPECT_EQ(count.value_or(-1), 0);
    auto const refused = (*beside)->write_now([](db::Connection&) -> Status { return Done{}; });
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "storage.read_only");
}

TEST_F(DataDirLockTest, ReadsAStoppedInstallation)
{
    ASSERT_TRUE(db::Database::open(settings()).ok());
    auto reading = settings();
    reading.read_only = true;
    auto const database = db::Database::open(reading);
    ASSERT_TRUE(database.ok()) << database.error().log_text;
}

TEST(NetworkFilesystem, KnowsThoseWhereLocksCannotBeTrusted)
{
    for (std::uint64_t const type : {0x6969UL, 0xFF534D42UL, 0xFE534D42UL, 0x517BUL, 0x01021997UL, 0x00C36400UL}) {
        EXPECT_TRUE(db::is_network_filesystem(type)) << type;
    }
    for (std::uint64_t const type : {0xEF53UL, 0x58465342UL, 0x9123683EUL, 0x01021994UL, 0x794C7630UL}) {
        EXPECT_FALSE(db::is_network_filesystem(type)) << type;
    }
    // As a sign-extended 32-bit number, which statfs gives on some machines.
    EXPECT_TRUE(db::is_network_filesystem(static_cast<std::uint64_t>(static_cast<std::int32_t>(0xFF534D42))));
}

} // namespace nguon::testing
