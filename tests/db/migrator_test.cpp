#include "db/migrator.hpp"

#include "db/sqlite_connection.hpp"
#include "tests/db/engine_test.hpp"
#include "tests/db/test_vfs.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <thread>

namespace nguon::testing {

namespace {

/// A connection to an empty database of either engine, and migrations run on it by hand.
class MigratorTest : public ::testing::TestWithParam<Engine> {
protected:
    void SetUp() override
    {
        if (GetParam() == Engine::postgres) schema_ = std::make_unique<PostgresSchema>();
        connection_ = connect();
    }

    std::unique_ptr<db::Connection> connect()
    {
        if (schema_ == nullptr) {
            return std::make_unique<db::SqliteConnection>(dir_.path() / "t.db", db::SqliteConnection::Mode::writer);
        }
        return std::make_unique<db::PostgresConnection>(schema_->url(), db::PostgresConnection::Mode::writer,
                                                        std::chrono::seconds{10});
    }

    std::string outcome(std::vector<EmbeddedFile> const& files)
    {
        auto const done = db::migrate(*connection_, files, Instant{std::chrono::seconds{5}});
        return done.ok() ? "done" : done.error().key;
    }

    std::int64_t version() { return connection_->query("SELECT max(version) FROM schema_version").front().integer(0); }

    TempDir dir_;
    std::unique_ptr<PostgresSchema> schema_;
    std::unique_ptr<db::Connection> connection_;

    EmbeddedFile const first_{"0001_a.sql", "CREATE TABLE a (id {{key_text}} PRIMARY KEY, b {{bytes}});\n"};
    EmbeddedFile const second_{"0002_b.sql",
                               "CREATE TABLE b (id {{sequence_pk}}, a TEXT);\nINSERT INTO b (a) VALUES ('x');\n"};
    EmbeddedFile const broken_{"0002_b.sql", "CREATE TABLE b (id {{sequence_pk}});\nCREATE TABLE b (id BIGINT);\n"};
};
NGUON_ON_BOTH_ENGINES(MigratorTest);

} // namespace

TEST_P(MigratorTest, RunsWhatIsMissingAndNothingTwice)
{
    EXPECT_EQ(outcome({first_}), "done");
    EXPECT_EQ(outcome({first_}), "done");
    EXPECT_EQ(version(), 1);
    EXPECT_EQ(outcome({first_, second_}), "done");
    EXPECT_EQ(outcome({first_, second_}), "done");
    EXPECT_EQ(version(), 2);
    EXPECT_EQ(connection_->query("SELECT count(*) FROM b").front().integer(0), 1);
    auto const row = connection_->query("SELECT name, applied_at FROM schema_version WHERE version = 2").front();
    EXPECT_EQ(row.text(0), "0002_b.sql");
    EXPECT_EQ(row.integer(1), 5'000'000);
}

TEST_P(MigratorTest, UndoesAMigrationThatFailsAndKeepsThoseBefore)
{
    EXPECT_EQ(outcome({first_, broken_}), "internal");
    EXPECT_EQ(version(), 1);
    EXPECT_EQ(outcome({first_, second_}), "done");
}

TEST_P(MigratorTest, RefusesANewerSchema)
{
    ASSERT_EQ(outcome({first_, second_}), "done");
    EXPECT_EQ(outcome({first_}), "storage.newer");
}

TEST_P(MigratorTest, RefusesAnAlteredMigration)
{
    ASSERT_EQ(outcome({first_, second_}), "done");
    EmbeddedFile const edited{second_.path, "CREATE TABLE b (id {{sequence_pk}}, a TEXT, c TEXT);\n"};
    EmbeddedFile const renamed{"0002_c.sql", second_.bytes};
    EXPECT_EQ(outcome({first_, edited}), "storage.altered");
    EXPECT_EQ(outcome({first_, renamed}), "storage.altered");
    EXPECT_EQ(outcome({first_, second_}), "done");
}

TEST_P(MigratorTest, RefusesTablesThatAreNotOurs)
{
    connection_->run_script("CREATE TABLE somebody (id BIGINT)");
    EXPECT_EQ(outcome({first_}), "storage.foreign");
}

TEST_P(MigratorTest, RefusesFilesOutOfOrder)
{
    EXPECT_EQ(outcome({}), "internal");
    EXPECT_EQ(outcome({second_}), "internal");
    EXPECT_EQ(outcome({second_, first_}), "internal");
    EXPECT_EQ(outcome({first_, first_}), "internal");
}

TEST_P(MigratorTest, ChecksASchemaWithoutChangingIt)
{
    std::vector<EmbeddedFile> const both = {first_, second_};
    EXPECT_EQ(db::check_schema(*connection_, both).error().key, "storage.older");
    ASSERT_EQ(outcome({first_}), "done");
    EXPECT_EQ(db::check_schema(*connection_, both).error().key, "storage.older");
    ASSERT_EQ(outcome(both), "done");
    EXPECT_TRUE(db::check_schema(*connection_, both).ok());
    EXPECT_EQ(db::check_schema(*connection_, std::vector{first_}).error().key, "storage.newer");
}

TEST_P(MigratorTest, RunsTheMigrationsOfTheProgram)
{
    EXPECT_TRUE(db::migrate(*connection_, embedded::migrations(), Instant{}).ok());
    EXPECT_TRUE(db::check_schema(*connection_, embedded::migrations()).ok());
}

TEST(Migrator, ReplacesWordsAndLeavesOutTheOtherEngine)
{
    constexpr std::string_view sql = "CREATE TABLE t (id {{sequence_pk}}, k {{key_text}}, b {{bytes}});\n"
                                     "\n"
                                     "-- only: postgres\n"
                                     "CREATE INDEX one\n"
                                     "    ON t (k);\n"
                                     "\n"
                                     "  -- only: sqlite\n"
                                     "CREATE INDEX two ON t (k);\n"
                                     "\n"
                                     "CREATE INDEX three ON t (b);";
    EXPECT_EQ(db::to_dialect(sql, db::Dialect::sqlite),
              "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, k TEXT, b BLOB);\n\n\n\n\n\n\n"
              "CREATE INDEX two ON t (k);\n\nCREATE INDEX three ON t (b);\n");
    EXPECT_EQ(db::to_dialect(sql, db::Dialect::postgres),
              "CREATE TABLE t (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, k TEXT COLLATE \"C\", b BYTEA);"
              "\n\n\nCREATE INDEX one\n    ON t (k);\n\n\n\n\nCREATE INDEX three ON t (b);\n");
}

TEST(Migrator, RefusesUnknownWordsAndEngines)
{
    EXPECT_THROW(db::to_dialect("CREATE TABLE t (a {{int}})", db::Dialect::sqlite), db::DbError);
    EXPECT_THROW(db::to_dialect("-- only: oracle\n", db::Dialect::sqlite), db::DbError);
}

TEST(Migrator, RefusesAFileWithAnotherApplicationId)
{
    TempDir dir;
    auto const file = dir.path() / "t.db";
    db::SqliteConnection{file, db::SqliteConnection::Mode::writer}.run_script("PRAGMA application_id = 77");
    db::SqliteConnection connection{file, db::SqliteConnection::Mode::writer};
    auto const refused = db::migrate(connection, small_schema(), Instant{});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "storage.foreign");
}

TEST(Migrator, RefusesAFileWhoseUserVersionIsAnother)
{
    TempDir dir;
    db::SqliteConnection connection{dir.path() / "t.db", db::SqliteConnection::Mode::writer};
    ASSERT_TRUE(db::migrate(connection, small_schema(), Instant{}).ok());
    EXPECT_EQ(connection.query("PRAGMA user_version").front().integer(0), 2);
    connection.run_script("PRAGMA user_version = 1");
    EXPECT_EQ(db::migrate(connection, small_schema(), Instant{}).error().key, "storage.altered");
}

// Ends the process at the first, second, third … write or sync of the migrations; each time the schema is at one of
// the versions, whole, and the next start completes it.
TEST(Migrator, LeavesTheOldOrTheNewSchemaWhenItIsKilled)
{
    bool completed = false;
    int kills = 0;
    for (int operation = 1; !completed && operation < 500; ++operation) {
        TempDir dir;
        auto const file = dir.path() / "t.db";
        auto const child = ::fork();
        if (child == 0) {
            TestVfs vfs;
            db::SqliteConnection connection{file, db::SqliteConnection::Mode::writer, vfs.name()};
            vfs.exit_at_operation = operation;
            ::_exit(db::migrate(connection, small_schema(), Instant{}).ok() ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFEXITED(status));
        ASSERT_NE(WEXITSTATUS(status), 1);
        completed = WEXITSTATUS(status) == 0;
        kills += completed ? 0 : 1;

        db::SqliteConnection connection{file, db::SqliteConnection::Mode::writer};
        auto const found = connection.query("PRAGMA user_version").front().integer(0);
        auto const tables = connection
                                .query("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN "
                                       "('item', 'note', 'operation', 'schema_version')")
                                .front()
                                .integer(0);
        constexpr std::int64_t tables_at_version[] = {0, 2, 4};
        ASSERT_EQ(tables, tables_at_version[found]) << "killed at operation " << operation;
        ASSERT_TRUE(db::migrate(connection, small_schema(), Instant{}).ok()) << "killed at operation " << operation;
        ASSERT_TRUE(db::check_integrity(connection, true).empty());
    }
    EXPECT_TRUE(completed);
    EXPECT_GE(kills, 4);
}

TEST(PostgresMigrator, LeavesTheOldSchemaWhenItsConnectionIsCutInTheMiddle)
{
    PostgresSchema const schema;
    auto const connect = [&] {
        return db::PostgresConnection{schema.url(), db::PostgresConnection::Mode::writer, std::chrono::seconds{10}};
    };
    EmbeddedFile const first{"0001_a.sql", "CREATE TABLE a (id BIGINT);\n"};
    EmbeddedFile const cut{"0002_b.sql",
                           "CREATE TABLE b (id BIGINT);\nSELECT pg_terminate_backend(pg_backend_pid());\n"};
    EmbeddedFile const whole{"0002_b.sql", "CREATE TABLE b (id BIGINT);\n"};
    {
        auto connection = connect();
        auto const broken = db::migrate(connection, std::vector{first, cut}, Instant{});
        ASSERT_FALSE(broken.ok());
        EXPECT_EQ(broken.error().key, "storage.unavailable");
    }
    auto connection = connect();
    EXPECT_EQ(connection.query("SELECT max(version) FROM schema_version").front().integer(0), 1);
    EXPECT_TRUE(db::migrate(connection, std::vector{first, whole}, Instant{}).ok());
}

TEST(PostgresMigrator, LetsStartingServersTakeTurns)
{
    PostgresSchema const schema;
    std::vector<std::thread> servers;
    std::atomic<int> good = 0;
    for (int server = 0; server < 4; ++server) {
        servers.emplace_back([&] {
            db::PostgresConnection connection{schema.url(), db::PostgresConnection::Mode::writer,
                                              std::chrono::seconds{10}};
            good += db::migrate(connection, small_schema(), Instant{}).ok() ? 1 : 0;
        });
    }
    for (auto& server : servers) server.join();
    EXPECT_EQ(good, 4);
}

} // namespace nguon::testing
