#include "db/writer.hpp"

#include "core/limits.hpp"
#include "db/sqlite_database.hpp"
#include "tests/db/engine_test.hpp"
#include "tests/db/test_vfs.hpp"

#include <future>
#include <vector>

namespace nguon::testing {

namespace {

/// A database on a disk that does as the test says.
class WriterTest : public ::testing::Test {
protected:
    void SetUp() override { open(); }

    void open()
    {
        db::DatabaseSettings settings;
        settings.data_dir = dir_.path() / "data";
        settings.readers = 1;
        settings.migrations = small_schema();
        settings.sqlite_vfs = vfs_.name();
        settings.on_fatal = [this](std::string const& reason) { fatal_.push_back(reason); };
        settings.write_time = write_time_;
        auto opened = db::Database::open(settings);
        ASSERT_TRUE(opened.ok()) << opened.error().key << opened.error().log_text;
        database_ = std::move(*opened);
    }

    Status insert(std::string const& name)
    {
        return database_->write_now([name](db::Connection& c) -> Status {
            c.execute("INSERT INTO item (name, amount) VALUES ($1, 1)", {name});
            return Done{};
        });
    }

    std::future<Status> insert_later(std::string const& name)
    {
        auto const before = database_->counters().write_queue;
        auto later = std::async(std::launch::async, [this, name] { return insert(name); });
        while (database_->counters().write_queue == before) std::this_thread::yield();
        return later;
    }

    /// Holds the writer up inside a piece, so that what comes meanwhile meets in one group.
    std::future<Status> hold(Gate& gate)
    {
        auto held = std::async(std::launch::async, [&] {
            return database_->write_now([&](db::Connection&) -> Status {
                gate.pass();
                return Done{};
            });
        });
        gate.wait_until_reached();
        return held;
    }

    std::int64_t items()
    {
        return database_
            ->read_now([](db::Connection& c) -> Result<std::int64_t> {
                return c.query("SELECT count(*) FROM item").front().integer(0);
            })
            .value_or(-1);
    }

    std::chrono::milliseconds write_time_ = limits::write_time;
    std::vector<std::string> fatal_;
    TempDir dir_;
    TestVfs vfs_;
    std::unique_ptr<db::Database> database_; // before the disk below it goes
};

} // namespace

TEST_F(WriterTest, CommitsManyWritesWithOneSync)
{
    constexpr int clients = 32;
    constexpr int writes = 12;
    vfs_.sync_time = std::chrono::milliseconds{5};
    auto const before = database_->counters();
    vfs_.syncs = 0;

    std::vector<std::future<int>> running;
    for (int client = 0; client < clients; ++client) {
        running.push_back(std::async(std::launch::async, [this, client] {
            int good = 0;
            for (int index = 0; index < writes; ++index) {
                good += insert(std::to_string(client) + "-" + std::to_string(index)).ok() ? 1 : 0;
            }
            return good;
        }));
    }
    int good = 0;
    for (auto& one : running) good += one.get();

    auto const after = database_->counters();
    EXPECT_EQ(good, clients * writes);
    EXPECT_EQ(after.writes - before.writes, static_cast<std::uint64_t>(clients * writes));
    EXPECT_GE(after.writes - before.writes, 8 * (after.commits - before.commits));
    EXPECT_GE(clients * writes, 8 * vfs_.syncs);
    EXPECT_EQ(items(), clients * writes);
}

TEST_F(WriterTest, SyncsBeforeItAnswersASingleWrite)
{
    ASSERT_TRUE(insert("first").ok()); // the log starts again, which takes a sync of its own
    vfs_.syncs = 0;
    ASSERT_TRUE(insert("a").ok());
    EXPECT_EQ(vfs_.syncs, 1);
    ASSERT_TRUE(insert("b").ok());
    EXPECT_EQ(vfs_.syncs, 2);
}

TEST_F(WriterTest, KeepsTheGoodPiecesOfAGroupAndUndoesTheOthers)
{
    Gate gate;
    auto held = hold(gate);
    auto good = insert_later("a");
    auto again = insert_later("a");
    auto other = insert_later("b");
    auto const commits = database_->counters().commits;
    gate.open();

    EXPECT_TRUE(held.get().ok());
    EXPECT_TRUE(good.get().ok());
    EXPECT_FALSE(again.get().ok());
    EXPECT_TRUE(other.get().ok());
    EXPECT_EQ(items(), 2);
    EXPECT_LE(database_->counters().commits - commits, 2U);
}

TEST_F(WriterTest, RunsTheOthersAgainWhenOnePieceEndsTheTransaction)
{
    database_.reset();
    write_time_ = std::chrono::milliseconds{700};
    open();
    Gate gate;
    auto held = hold(gate);
    auto first = insert_later("first");
    auto endless = std::async(std::launch::async, [this] {
        return database_->write_now([](db::Connection& c) -> Status {
            // A write that is interrupted undoes the whole transaction in SQLite.
            c.execute("WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000000)"
                      " INSERT INTO item (name) SELECT x FROM n");
            return Done{};
        });
    });
    while (database_->counters().write_queue < 2) std::this_thread::yield();
    gate.open();

    EXPECT_TRUE(held.get().ok());
    auto const ended = endless.get();
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.error().key, "storage.timeout");
    // The one that had run before it was given back its work, unless its own time was over by then.
    auto const answer = first.get();
    EXPECT_EQ(items(), answer.ok() ? 1 : 0);
    EXPECT_TRUE(insert("later").ok());
}

TEST_F(WriterTest, StopsForGoodWhenASyncFails)
{
    ASSERT_TRUE(insert("before").ok());
    vfs_.sync_fails = true;

    auto const lost = insert("lost");

    ASSERT_FALSE(lost.ok());
    EXPECT_EQ(lost.error().key, "storage.unavailable");
    ASSERT_EQ(fatal_.size(), 1U);
    vfs_.sync_fails = false;
    EXPECT_FALSE(insert("after").ok()) << "a failed sync is never tried again";
    EXPECT_EQ(fatal_.size(), 1U);

    database_.reset();
    open();
    EXPECT_TRUE(insert("after recovery").ok());
}

TEST_F(WriterTest, RefusesWritesOnAFullDiskAndRecoversByItself)
{
    ASSERT_TRUE(insert("before").ok());
    vfs_.is_full = true;

    auto const refused = insert("refused");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "storage.full");
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_EQ(items(), 1) << "reading goes on";

    vfs_.is_full = false;
    EXPECT_TRUE(insert("after").ok());
    EXPECT_TRUE(fatal_.empty());
    EXPECT_EQ(items(), 2);
}

TEST_F(WriterTest, AnswersAWholeGroupWithFullWhenTheCommitFindsNoSpace)
{
    Gate gate;
    auto held = hold(gate);
    auto one = insert_later("one");
    auto two = insert_later("two");
    vfs_.is_full = true;
    gate.open();

    static_cast<void>(held.get());
    for (auto* answer : {&one, &two}) {
        auto const status = answer->get();
        ASSERT_FALSE(status.ok());
        EXPECT_EQ(status.error().key, "storage.full");
    }
    vfs_.is_full = false;
    EXPECT_EQ(items(), 0);
}

TEST_F(WriterTest, KeepsTheLogShort)
{
    auto const big = std::string(1 << 20, 'x');
    for (int index = 0; index < 20; ++index) {
        ASSERT_TRUE(database_
                        ->write_now([&](db::Connection& c) -> Status {
                            c.execute("INSERT INTO item (name, picture) VALUES ($1, $2)", {index, db::Blob{big}});
                            return Done{};
                        })
                        .ok());
    }
    EXPECT_LT(database_->counters().wal_bytes, 12U << 20);
    database_.reset();
    EXPECT_FALSE(std::filesystem::exists(dir_.path() / "data/nguon.db-wal") &&
                 std::filesystem::file_size(dir_.path() / "data/nguon.db-wal") > 0);
}

TEST_F(WriterTest, IsTheOnlyConnectionThatCanWrite)
{
    auto const* const sqlite = dynamic_cast<db::SqliteDatabase const*>(database_.get());
    ASSERT_NE(sqlite, nullptr);
    EXPECT_EQ(sqlite->writing_connections(), 1);
}

TEST_F(WriterTest, AnswersBusyWhileAForeignProcessHoldsTheWriteLock)
{
    db::SqliteConnection foreign{dir_.path() / "data/nguon.db", db::SqliteConnection::Mode::writer};
    foreign.run_script("BEGIN IMMEDIATE");
    auto const refused = insert("a");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "storage.busy");
    foreign.run_script("ROLLBACK");
    EXPECT_TRUE(insert("a").ok());
}

} // namespace nguon::testing
