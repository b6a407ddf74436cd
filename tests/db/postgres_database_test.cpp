#include "db/postgres_database.hpp"

#include "core/limits.hpp"
#include "db/locks.hpp"
#include "tests/db/engine_test.hpp"

#include <csignal>
#include <future>

namespace nguon::testing {

namespace {

using db::DbError;
using db::DbErrorKind;
using db::PostgresConnection;

class PostgresDatabaseTest : public EngineTest {
protected:
    void adjust(db::DatabaseSettings& settings) override
    {
        EngineTest::adjust(settings);
        settings.readers = 1;
        settings.read_time = settings.write_time = time_;
    }

    PostgresConnection connect() const
    {
        return PostgresConnection{schema_->url(), PostgresConnection::Mode::writer, std::chrono::seconds{10}};
    }

    /// The processes of the server that serve this test's pools, and nobody else's.
    std::vector<std::int64_t> backends() const
    {
        std::vector<std::int64_t> pids;
        for (auto const& row : connect().query("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND"
                                               " application_name = $1",
                                               {schema_->name()})) {
            pids.push_back(row.integer(0));
        }
        return pids;
    }

    /// Ends every connection of the pools, as a restart of the server does.
    void cut_all_connections() const
    {
        for (auto const pid : backends()) connect().query("SELECT pg_terminate_backend($1::integer)", {pid});
    }

    std::chrono::milliseconds time_ = limits::write_time;
};
INSTANTIATE_TEST_SUITE_P(Engines, PostgresDatabaseTest, ::testing::Values(Engine::postgres), engine_name);

} // namespace

TEST_P(PostgresDatabaseTest, RunsATransactionAgainThatCollided)
{
    constexpr int threads = 6;
    constexpr int writes = 10;
    ASSERT_TRUE(write([](auto& c) { return insert_item(c, "counter"); }).ok());
    std::vector<std::future<int>> clients;
    for (int thread = 0; thread < threads; ++thread) {
        clients.push_back(std::async(std::launch::async, [&] {
            int good = 0;
            for (int index = 0; index < writes; ++index) {
                auto const saved = write([](auto& c) {
                    c.run_script("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
                    auto const amount = c.query("SELECT amount FROM item").front().integer(0);
                    c.execute("UPDATE item SET amount = $1", {amount + 1});
                });
                good += saved.ok() ? 1 : 0;
            }
            return good;
        }));
    }
    int good = 0;
    for (auto& client : clients) good += client.get();

    EXPECT_EQ(good, threads * writes);
    auto const amount = read([](auto& c) { return c.query("SELECT amount FROM item").front().integer(0); });
    EXPECT_EQ(amount.value_or(-1), 1 + threads * writes);
    EXPECT_GT(database().counters().retries, 0U);
}

TEST_P(PostgresDatabaseTest, RunsTheVictimOfADeadlockAgain)
{
    ASSERT_TRUE(write([](auto& c) {
                    insert_item(c, "a");
                    insert_item(c, "b");
                }).ok());
    std::promise<void> reached[2];
    std::shared_future<void> const others[2] = {reached[1].get_future().share(), reached[0].get_future().share()};
    auto const both = [&](int self) {
        return write([&, self, tried = false](auto& c) mutable {
            c.execute("UPDATE item SET amount = amount + 1 WHERE name = $1", {self == 0 ? "a" : "b"});
            if (!std::exchange(tried, true)) {
                reached[self].set_value();
                others[self].wait();
            }
            c.execute("UPDATE item SET amount = amount + 1 WHERE name = $1", {self == 0 ? "b" : "a"});
        });
    };
    auto first = std::async(std::launch::async, both, 0);
    auto second = std::async(std::launch::async, both, 1);

    EXPECT_TRUE(first.get().ok());
    EXPECT_TRUE(second.get().ok());
    auto const sum = read([](auto& c) { return c.query("SELECT sum(amount) FROM item").front().integer(0); });
    EXPECT_EQ(sum.value_or(-1), 2 + 4);
}

TEST_P(PostgresDatabaseTest, GivesUpAfterTheLastRetry)
{
    int runs = 0;
    auto const saved = write([&](auto& c) {
        ++runs;
        insert_item(c, "a");
        throw DbError{DbErrorKind::retry, "collided"};
    });
    ASSERT_FALSE(saved.ok());
    EXPECT_EQ(saved.error().key, "storage.busy");
    EXPECT_EQ(runs, 1 + limits::transaction_retries_max);
    EXPECT_EQ(items(), 0);
}

TEST_P(PostgresDatabaseTest, ConnectsAgainWhenTheServerWasAway)
{
    ASSERT_TRUE(write([](auto& c) { return insert_item(c, "a"); }).ok());
    ASSERT_EQ(items(), 1);
    cut_all_connections();
    EXPECT_TRUE(write([](auto& c) { return insert_item(c, "b"); }).ok());
    EXPECT_EQ(items(), 2);
}

TEST_P(PostgresDatabaseTest, RunsWorkAgainWhoseConnectionBrokeBeforeTheCommit)
{
    ASSERT_TRUE(write([](auto& c) { return insert_item(c, "a"); }).ok());
    int runs = 0;
    auto const saved = write([&](auto& c) {
        insert_item(c, "b");
        if (++runs == 1) c.query("SELECT pg_terminate_backend(pg_backend_pid())");
    });
    EXPECT_TRUE(saved.ok());
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(items(), 2);
}

TEST_P(PostgresDatabaseTest, NeverRunsACommitAgainWhoseOutcomeIsUnknown)
{
    // A deferred trigger cuts the connection while COMMIT is on its way.
    connect().run_script("CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
                         " $$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END$$;"
                         "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED"
                         " FOR EACH ROW EXECUTE FUNCTION cut()");
    int runs = 0;
    auto const saved = write([&](auto& c) {
        ++runs;
        auto const seq = insert_item(c, "a");
        c.execute("INSERT INTO note (item_seq, text) VALUES ($1, 'x')", {seq});
    });
    ASSERT_FALSE(saved.ok());
    EXPECT_EQ(saved.error().key, "storage.unknown_outcome");
    EXPECT_EQ(saved.error().code, ErrorCode::unavailable);
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(items(), 0);
}

TEST_P(PostgresDatabaseTest, RefusesTheCommitOfATransactionInWhichSomethingFailed)
{
    auto const saved = write([](auto& c) {
        insert_item(c, "a");
        try {
            insert_item(c, "a");
        } catch (DbError const&) {
        }
    });
    ASSERT_FALSE(saved.ok());
    EXPECT_EQ(items(), 0);
}

TEST_P(PostgresDatabaseTest, GivesUpAServerThatDoesNotAnswer)
{
    database_.reset();
    time_ = std::chrono::milliseconds{200};
    open();
    ASSERT_EQ(items(), 0);
    auto const stopped = backends();
    ASSERT_FALSE(stopped.empty());
    for (auto const one : stopped) ::kill(static_cast<pid_t>(one), SIGSTOP);

    auto const started = std::chrono::steady_clock::now();
    auto const seen = read([](auto& c) { return count_items(c); });
    auto const took = std::chrono::steady_clock::now() - started;

    for (auto const one : stopped) ::kill(static_cast<pid_t>(one), SIGCONT);
    EXPECT_FALSE(seen.ok());
    EXPECT_LT(took, std::chrono::seconds{9});
    EXPECT_EQ(items(), 0) << "with a new connection";
}

TEST_P(PostgresDatabaseTest, AnswersAtOnceWhenThereIsNoServer)
{
    db::DatabaseSettings settings;
    settings.postgres_url = "postgres://nobody@127.0.0.1:1/none";
    auto const opened = db::Database::open(settings);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().key, "storage.unavailable");
}

TEST_P(PostgresDatabaseTest, LetsHoldersOfALockTakeTurns)
{
    Gate gate;
    auto first = std::async(std::launch::async, [&] {
        return write([&](auto& c) {
            db::locks::hold_until_commit(c, "event order");
            insert_item(c, "first");
            gate.pass();
        });
    });
    gate.wait_until_reached();
    auto const taken = write([](auto& c) { return db::locks::try_until_commit(c, "event order"); });
    EXPECT_FALSE(taken.value_or(true));
    EXPECT_TRUE(write([](auto& c) { return db::locks::try_until_commit(c, "another"); }).value_or(false));
    auto second = std::async(std::launch::async, [&] {
        return write([&](auto& c) {
            db::locks::hold_until_commit(c, "event order");
            return count_items(c);
        });
    });
    gate.open();
    EXPECT_TRUE(first.get().ok());
    EXPECT_EQ(second.get().value_or(-1), 1) << "sees what the first one committed";
}

TEST_P(PostgresDatabaseTest, HoldsTheSettingsThatDurabilityNeeds)
{
    for (auto const mode : {PostgresConnection::Mode::writer, PostgresConnection::Mode::reader}) {
        PostgresConnection connection{schema_->url(), mode, std::chrono::seconds{3}};
        EXPECT_EQ(connection.query("SELECT current_setting('synchronous_commit')").front().text(0), "on");
        EXPECT_EQ(connection.query("SELECT current_setting('statement_timeout')").front().text(0), "3s");
    }
}

TEST_P(PostgresDatabaseTest, UsesOneStatementForNullsInAnyPlaceAndKeepsABoundedNumber)
{
    auto connection = connect();
    auto const before = connection.statements_kept();
    for (int nulls = 0; nulls < 8; ++nulls) {
        auto const value = [&](int bit) { return (nulls & bit) != 0 ? db::Value{} : db::Value{bit}; };
        connection.query("SELECT $1::bigint, $2::bigint, $3::bigint", {value(1), value(2), value(4)});
    }
    EXPECT_EQ(connection.statements_kept(), before + 1);
    for (std::size_t index = 0; index < limits::prepared_statements_max + 10; ++index) {
        connection.query("SELECT $1 + " + std::to_string(index), {1});
    }
    EXPECT_LE(connection.statements_kept(), limits::prepared_statements_max);
    auto const on_server = connection.query("SELECT count(*) FROM pg_prepared_statements").front().integer(0);
    EXPECT_LE(on_server, static_cast<std::int64_t>(limits::prepared_statements_max));
}

TEST_P(PostgresDatabaseTest, ReadsEveryNumericThatSumsAndAveragesGive)
{
    auto connection = connect();
    struct Case {
        char const* text;
        double value;
    };
    constexpr Case cases[] = {
        {"0.00000000123", 1.23e-9},   {"0.5", 0.5},
        {"-0.0001", -0.0001},         {"12345.6789", 12345.6789},
        {"10000.00001", 10000.00001}, {"-99999999.5", -99999999.5},
        {"100000000.0", 1e8},         {"0.0", 0.0},
    };
    for (auto const& [text, value] : cases) {
        EXPECT_DOUBLE_EQ(connection.query(std::string{"SELECT "} + text).front().real(0), value) << text;
    }
    EXPECT_EQ(connection.query("SELECT sum(x) FROM (VALUES (9223372036854775807::bigint)) AS t (x)").front().integer(0),
              std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(
        connection.query("SELECT sum(x) FROM (VALUES ('-9223372036854775808'::bigint)) AS t (x)").front().integer(0),
        std::numeric_limits<std::int64_t>::min());
    EXPECT_THROW(connection.query("SELECT sum(x) FROM (VALUES (9223372036854775807::bigint), (1)) AS t (x)"), DbError);
    EXPECT_THROW(connection.query("SELECT 'NaN'::numeric"), DbError);
}

} // namespace nguon::testing
