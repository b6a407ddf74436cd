#include "db/backup.hpp"

#include "db/sqlite_connection.hpp"
#include "tests/db/engine_test.hpp"

#include <atomic>
#include <fstream>
#include <thread>

namespace nguon::testing {

namespace {

class BackupTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        db::DatabaseSettings settings;
        settings.data_dir = data_;
        settings.migrations = small_schema();
        auto opened = db::Database::open(settings);
        ASSERT_TRUE(opened.ok());
        database_ = std::move(*opened);
    }

    Status insert(int index)
    {
        return database_->write_now([index](db::Connection& c) -> Status {
            auto const seq = c.query("INSERT INTO item (name, picture) VALUES ($1, $2) RETURNING seq",
                                     {index, std::string(2000, 'x')});
            c.execute("INSERT INTO note (item_seq, text) VALUES ($1, 'n')", {seq.front().integer(0)});
            return Done{};
        });
    }

    TempDir dir_;
    std::filesystem::path data_ = dir_.path() / "data";
    std::filesystem::path copy_ = dir_.path() / "copy.db";
    std::unique_ptr<db::Database> database_;
};

} // namespace

TEST_F(BackupTest, CopiesOneStateWhileOthersWrite)
{
    for (int index = 0; index < 3000; ++index) ASSERT_TRUE(insert(index).ok());
    std::atomic<bool> stop = false;
    std::thread writing{[&] {
        for (int index = 3000; !stop; ++index) EXPECT_TRUE(insert(index).ok());
    }};
    auto const copied = db::backup_sqlite(data_, copy_);
    stop = true;
    writing.join();

    ASSERT_TRUE(copied.ok()) << copied.error().log_text;
    auto const faults = db::check_copy(copy_);
    ASSERT_TRUE(faults.ok()) << faults.error().log_text;
    EXPECT_TRUE(faults->empty());
    EXPECT_FALSE(std::filesystem::exists(copy_.string() + "-wal"));
    EXPECT_FALSE(std::filesystem::exists(copy_.string() + ".partial"));
    db::SqliteConnection copy{copy_, db::SqliteConnection::Mode::at_rest};
    auto const row = copy.query("SELECT (SELECT count(*) FROM item), (SELECT count(*) FROM note)").front();
    EXPECT_GE(row.integer(0), 3000);
    EXPECT_EQ(row.integer(0), row.integer(1));
}

TEST_F(BackupTest, BecomesADatabaseAgain)
{
    ASSERT_TRUE(insert(1).ok());
    auto const restored = dir_.path() / "restored";
    std::filesystem::create_directories(restored);
    ASSERT_TRUE(db::backup_sqlite(data_, restored / "nguon.db").ok());
    db::DatabaseSettings settings;
    settings.data_dir = restored;
    settings.migrations = small_schema();
    auto const database = db::Database::open(settings);
    ASSERT_TRUE(database.ok()) << database.error().log_text;
    auto const count = (*database)->read_now([](db::Connection& c) -> Result<std::int64_t> {
        return c.query("SELECT count(*) FROM item").front().integer(0);
    });
    EXPECT_EQ(count.value_or(-1), 1);
}

TEST_F(BackupTest, LeavesAnEarlierCopyAloneWhenItFails)
{
    std::ofstream{copy_} << "earlier";
    auto const failed = db::backup_sqlite(dir_.path() / "no such directory", copy_);
    EXPECT_FALSE(failed.ok());
    std::string text;
    std::ifstream{copy_} >> text;
    EXPECT_EQ(text, "earlier");
    EXPECT_FALSE(db::check_copy(copy_).ok());
}

TEST_F(BackupTest, FindsDamageInACopy)
{
    for (int index = 0; index < 200; ++index) ASSERT_TRUE(insert(index).ok());
    ASSERT_TRUE(db::backup_sqlite(data_, copy_).ok());
    {
        std::fstream file{copy_, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(4096 * 30);
        file << std::string(4096 * 3, '\x5a');
    }
    auto const faults = db::check_copy(copy_);
    EXPECT_TRUE(!faults.ok() || !faults->empty());
}

} // namespace nguon::testing
