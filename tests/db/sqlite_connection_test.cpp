#include "db/sqlite_connection.hpp"

#include "core/limits.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace nguon::testing {

namespace {

using db::DbError;
using db::DbErrorKind;
using Mode = db::SqliteConnection::Mode;

class SqliteConnectionTest : public ::testing::Test {
protected:
    TempDir dir_;
    std::filesystem::path file_ = dir_.path() / "a 100% #1?.db"; // must not be taken for parts of a URI
};

DbErrorKind failure_of(std::function<void()> const& action)
{
    try {
        action();
    } catch (DbError const& fault) {
        return fault.kind();
    }
    ADD_FAILURE() << "nothing was thrown";
    return DbErrorKind::other;
}

} // namespace

TEST_F(SqliteConnectionTest, MakesAFileForItsOwnerOnly)
{
    db::SqliteConnection writer{file_, Mode::writer};
    writer.run_script("CREATE TABLE t (x BIGINT)");
    for (auto const* const end : {"", "-wal", "-shm"}) {
        struct stat info = {};
        ASSERT_EQ(::stat((file_.string() + end).c_str(), &info), 0) << end;
        EXPECT_EQ(info.st_mode & 077, 0U) << end;
    }
}

TEST_F(SqliteConnectionTest, HoldsTheSettingsThatDurabilityNeeds)
{
    db::SqliteConnection writer{file_, Mode::writer};
    db::SqliteConnection reader{file_, Mode::reader};
    for (auto* connection : {&writer, &reader}) {
        EXPECT_EQ(connection->query("PRAGMA journal_mode").front().text(0), "wal");
        EXPECT_EQ(connection->query("PRAGMA synchronous").front().integer(0), 2);
        EXPECT_EQ(connection->query("PRAGMA wal_autocheckpoint").front().integer(0), 0);
        EXPECT_EQ(connection->query("PRAGMA foreign_keys").front().integer(0), 1);
        EXPECT_EQ(connection->query("PRAGMA trusted_schema").front().integer(0), 0);
    }
    EXPECT_TRUE(writer.can_write());
    EXPECT_FALSE(reader.can_write());
    EXPECT_EQ(reader.query("PRAGMA query_only").front().integer(0), 1);
}

TEST_F(SqliteConnectionTest, RefusesToWriteWhenItReadsEvenWithoutQueryOnly)
{
    db::SqliteConnection writer{file_, Mode::writer};
    db::SqliteConnection reader{file_, Mode::reader};
    reader.run_script("PRAGMA query_only=OFF");
    EXPECT_EQ(failure_of([&] { reader.run_script("CREATE TABLE t (x BIGINT)"); }), DbErrorKind::other);
}

TEST_F(SqliteConnectionTest, RefusesToOpenWhatIsNoDatabase)
{
    std::ofstream{file_} << std::string(8192, 'x');
    EXPECT_EQ(failure_of([&] { db::SqliteConnection{file_, Mode::writer}; }), DbErrorKind::corrupt);
    EXPECT_EQ(failure_of([&] { db::SqliteConnection{file_, Mode::reader}; }), DbErrorKind::corrupt);
}

TEST_F(SqliteConnectionTest, RefusesToReadAFileThatIsNotThere)
{
    EXPECT_EQ(failure_of([&] { db::SqliteConnection{file_, Mode::reader}; }), DbErrorKind::unreachable);
    EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(SqliteConnectionTest, RefusesSeveralStatementsAndOtherParameterNames)
{
    db::SqliteConnection writer{file_, Mode::writer};
    for (auto const* const sql : {"SELECT 1; SELECT 2", "", "-- nothing", "SELECT ?", "SELECT ?1", "SELECT :a",
                                  "SELECT $a", "SELECT $0", "SELECT $1x", "SELECT @p"}) {
        EXPECT_EQ(failure_of([&] { writer.query(sql, {1}); }), DbErrorKind::other) << sql;
        EXPECT_EQ(failure_of([&] { writer.query(sql, {1}); }), DbErrorKind::other) << sql << ", again";
    }
    EXPECT_EQ(failure_of([&] { writer.query("SELECT $1", {1, 2}); }), DbErrorKind::other);
    EXPECT_EQ(writer.query("SELECT 1;\n").size(), 1U);
}

TEST_F(SqliteConnectionTest, KeepsABoundedNumberOfStatements)
{
    db::SqliteConnection writer{file_, Mode::writer};
    for (std::size_t index = 0; index < limits::prepared_statements_max + 10; ++index) {
        auto const sql = "SELECT $1 + " + std::to_string(index);
        EXPECT_EQ(writer.query(sql, {1}).front().integer(0), static_cast<std::int64_t>(index + 1));
    }
    EXPECT_EQ(writer.statements_kept(), limits::prepared_statements_max);
    EXPECT_EQ(writer.query("SELECT $1 + 0", {5}).front().integer(0), 5) << "one that had to go comes again";
}

TEST_F(SqliteConnectionTest, FollowsAChangeOfTheSchemaUnderAPreparedStatement)
{
    db::SqliteConnection writer{file_, Mode::writer};
    db::SqliteConnection reader{file_, Mode::reader};
    writer.run_script("CREATE TABLE t (x BIGINT); INSERT INTO t VALUES (1)");
    EXPECT_EQ(reader.query("SELECT x FROM t").front().integer(0), 1);
    writer.run_script("ALTER TABLE t ADD COLUMN y BIGINT; UPDATE t SET x = 2");
    EXPECT_EQ(reader.query("SELECT x FROM t").front().integer(0), 2);
}

TEST_F(SqliteConnectionTest, LetsNoReaderCheckpointWhenItCloses)
{
    db::SqliteConnection writer{file_, Mode::writer};
    writer.run_script("CREATE TABLE t (x BIGINT)");
    auto const log = file_.string() + "-wal";
    auto const size = std::filesystem::file_size(log);
    {
        db::SqliteConnection reader{file_, Mode::reader};
        reader.query("SELECT count(*) FROM t");
    }
    EXPECT_EQ(std::filesystem::file_size(log), size);
    EXPECT_TRUE(writer.checkpoint(db::SqliteConnection::Checkpoint::truncate));
    EXPECT_EQ(std::filesystem::file_size(log), 0U);
}

TEST_F(SqliteConnectionTest, TellsWhenAReaderKeepsTheLogFromBeingEmptied)
{
    db::SqliteConnection writer{file_, Mode::writer};
    db::SqliteConnection reader{file_, Mode::reader};
    writer.run_script("CREATE TABLE t (x BIGINT)");
    db::Transaction state{reader, db::Transaction::Kind::read};
    reader.query("SELECT count(*) FROM t");
    writer.run_script("INSERT INTO t VALUES (1)");
    EXPECT_FALSE(writer.checkpoint(db::SqliteConnection::Checkpoint::truncate));
}

TEST_F(SqliteConnectionTest, FindsBrokenForeignKeys)
{
    db::SqliteConnection writer{file_, Mode::writer};
    writer.run_script("CREATE TABLE parent (id BIGINT PRIMARY KEY); CREATE TABLE child (p BIGINT REFERENCES parent);"
                      "PRAGMA foreign_keys=OFF; INSERT INTO child VALUES (7)");
    EXPECT_TRUE(db::check_integrity(writer, false).empty());
    EXPECT_EQ(db::check_integrity(writer, true).size(), 1U);
}

} // namespace nguon::testing
