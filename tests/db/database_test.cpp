#include "db/database.hpp"

#include "core/limits.hpp"
#include "tests/db/engine_test.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <future>
#include <limits>
#include <set>
#include <stdexcept>
#include <thread>

namespace nguon::testing {

namespace {

namespace net = boost::asio;
using db::Blob;
using db::DbError;
using db::DbErrorKind;
using db::Value;

class DatabaseTest : public EngineTest {};
NGUON_ON_BOTH_ENGINES(DatabaseTest);

constexpr char const* endless =
    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000000) SELECT count(*) FROM n";

} // namespace

TEST_P(DatabaseTest, GivesBackEveryValueAsItWasStored)
{
    std::string every_byte;
    for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
    std::vector<Value> const values[] = {
        {"Chè Shan tuyết", std::numeric_limits<std::int64_t>::max(), 0.1, Blob{every_byte}},
        {"", std::numeric_limits<std::int64_t>::min(), -1.5e300, Blob{}},
        {"none", std::nullopt, std::nullopt, std::nullopt},
        {"zero", 0, 0.0, Blob{std::string(1, '\0')}},
    };
    for (auto const& row : values) {
        ASSERT_TRUE(write([&](auto& c) {
                        return c.execute("INSERT INTO item (name, amount, weight, picture) VALUES ($1, $2, $3, $4)",
                                         row);
                    }).ok());
    }

    auto const rows =
        read([](auto& c) { return c.query("SELECT name, amount, weight, picture FROM item ORDER BY seq"); });

    ASSERT_TRUE(rows.ok());
    ASSERT_EQ(rows->size(), 4U);
    EXPECT_EQ((*rows)[0].text(0), "Chè Shan tuyết");
    EXPECT_EQ((*rows)[0].integer(1), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ((*rows)[0].real(2), 0.1);
    EXPECT_EQ((*rows)[0].blob(3), every_byte);
    EXPECT_EQ((*rows)[1].text(0), "");
    EXPECT_EQ((*rows)[1].integer(1), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ((*rows)[1].real(2), -1.5e300);
    EXPECT_EQ((*rows)[1].blob(3), "");
    EXPECT_TRUE((*rows)[2].is_null(1) && (*rows)[2].is_null(2) && (*rows)[2].is_null(3));
    EXPECT_EQ((*rows)[3].real(2), 0.0);
    EXPECT_EQ((*rows)[3].blob(3), std::string(1, '\0'));
}

TEST_P(DatabaseTest, TakesNullAndValuesInTheSamePlaceOfOneStatement)
{
    auto const found = write([](auto& c) {
        constexpr char const* sql = "INSERT INTO item (name, amount) VALUES ($1, COALESCE($2, 7)) RETURNING amount";
        std::vector<std::int64_t> amounts;
        amounts.push_back(c.query(sql, {"a", std::nullopt}).front().integer(0));
        amounts.push_back(c.query(sql, {"b", std::int64_t{1} << 40}).front().integer(0));
        amounts.push_back(c.query(sql, {"c", std::nullopt}).front().integer(0));
        return amounts;
    });

    ASSERT_TRUE(found.ok());
    EXPECT_EQ(*found, (std::vector<std::int64_t>{7, std::int64_t{1} << 40, 7}));
}

TEST_P(DatabaseTest, UsesAParameterAsOftenAndInWhateverOrderItIsWritten)
{
    auto const text = read([](auto& c) { return c.query("SELECT $2 || $1 || $2", {"a", "b"}).front().text(0); });
    EXPECT_EQ(text.value_or(""), "bab");
}

TEST_P(DatabaseTest, CountsAndSumsAsIntegers)
{
    ASSERT_TRUE(
        write([](auto& c) {
            c.execute(
                "INSERT INTO item (name, amount, weight) VALUES ('a', 4000000000000, 1), ('b', -1, 2), ('c', 5, 3)");
        }).ok());

    auto const row = read([](auto& c) {
        return c
            .query("SELECT count(*), sum(amount), avg(weight), sum(amount) > 3, sum(amount) FILTER (WHERE amount > 99)"
                   " FROM item WHERE amount < 100")
            .front();
    });

    ASSERT_TRUE(row.ok());
    EXPECT_EQ(row->integer(0), 2);
    EXPECT_EQ(row->integer(1), 4);
    EXPECT_EQ(row->real(2), 2.5);
    EXPECT_TRUE(row->flag(3));
    EXPECT_TRUE(row->is_null(4));
}

TEST_P(DatabaseTest, ReadsAveragesOfIntegersAsReals)
{
    struct Case {
        std::int64_t a, b;
        double average;
    };
    constexpr Case cases[] = {{1, 2, 1.5},
                              {-1, -2, -1.5},
                              {10'000, 30'000, 20'000.0},
                              {0, 0, 0.0},
                              {123'456'789, 123'456'790, 123'456'789.5}};
    for (auto const& [a, b, average] : cases) {
        auto const found = read([a = a, b = b](auto& c) {
            return c.query("SELECT avg(v) FROM (SELECT $1 AS v UNION ALL SELECT $2) AS two", {a, b}).front().real(0);
        });
        EXPECT_DOUBLE_EQ(found.value_or(-7), average);
    }
}

TEST_P(DatabaseTest, TellsHowManyRowsAStatementTouched)
{
    auto const counts = write([](auto& c) {
        constexpr char const* insert = "INSERT INTO item (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";
        std::vector<std::int64_t> numbers;
        numbers.push_back(c.execute(insert, {"a"}));
        numbers.push_back(c.execute(insert, {"a"}));
        numbers.push_back(c.execute(insert, {"b"}));
        numbers.push_back(c.execute("UPDATE item SET amount = 3"));
        numbers.push_back(c.execute("DELETE FROM item WHERE name = 'x'"));
        numbers.push_back(c.execute("DELETE FROM item RETURNING seq"));
        return numbers;
    });

    ASSERT_TRUE(counts.ok()) << counts.error().log_text;
    EXPECT_EQ(*counts, (std::vector<std::int64_t>{1, 0, 1, 2, 0, 2}));
}

TEST_P(DatabaseTest, RefusesFewerParametersThanTheStatementHas)
{
    auto const rows = read([](auto& c) { return c.query("SELECT $1 + $2", {1}); });
    ASSERT_FALSE(rows.ok());
    EXPECT_EQ(rows.error().code, ErrorCode::internal);
    EXPECT_EQ(items(), 0) << "the connection is still of use";
}

TEST_P(DatabaseTest, RefusesNulInText)
{
    auto const saved = write([](auto& c) { return insert_item(c, std::string{"a\0b", 3}); });
    EXPECT_FALSE(saved.ok());
    EXPECT_EQ(items(), 0);
}

TEST_P(DatabaseTest, ThrowsWhenACellIsReadAsAnotherType)
{
    auto const outcome = read([](auto& c) {
        auto const row = c.query("SELECT 'text', 1").front();
        EXPECT_THROW(row.integer(0), DbError);
        EXPECT_THROW(row.text(1), DbError);
        EXPECT_THROW(row.blob(0), DbError);
        EXPECT_THROW(row.text(2), DbError);
        EXPECT_THROW(static_cast<void>(row.is_null(2)), DbError);
        EXPECT_EQ(row.real(1), 1.0);
    });
    EXPECT_TRUE(outcome.ok());
}

TEST_P(DatabaseTest, UndoesWorkThatReturnsAnErrorOrThrows)
{
    auto const refused = write([](auto& c) -> Status {
        insert_item(c, "refused");
        return conflict("batch.exists");
    });
    auto const broken = write([](auto& c) {
        insert_item(c, "broken");
        throw std::runtime_error{"a bug"};
    });
    auto const twice = write([](auto& c) {
        insert_item(c, "twice");
        insert_item(c, "twice");
    });

    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "batch.exists");
    ASSERT_FALSE(broken.ok());
    EXPECT_EQ(broken.error().code, ErrorCode::internal);
    EXPECT_NE(broken.error().log_text.find("a bug"), std::string::npos);
    ASSERT_FALSE(twice.ok());
    EXPECT_EQ(twice.error().code, ErrorCode::internal);
    EXPECT_EQ(items(), 0);
}

TEST_P(DatabaseTest, UndoesASavepointAlone)
{
    ASSERT_TRUE(write([](auto& c) {
                    insert_item(c, "kept");
                    {
                        db::Transaction undone{c, db::Transaction::Kind::savepoint};
                        insert_item(c, "undone");
                        db::Transaction inner{c, db::Transaction::Kind::savepoint};
                        insert_item(c, "inner");
                        inner.commit();
                    }
                    db::Transaction also_kept{c, db::Transaction::Kind::savepoint};
                    insert_item(c, "also kept");
                    also_kept.commit();
                }).ok());

    auto const names = read([](auto& c) { return c.query("SELECT name FROM item ORDER BY name"); });
    ASSERT_TRUE(names.ok());
    ASSERT_EQ(names->size(), 2U);
    EXPECT_EQ((*names)[0].text(0), "also kept");
    EXPECT_EQ((*names)[1].text(0), "kept");
}

TEST_P(DatabaseTest, EnforcesForeignKeys)
{
    auto const saved = write([](auto& c) { c.execute("INSERT INTO note (item_seq, text) VALUES (99, 'x')"); });
    EXPECT_FALSE(saved.ok());
}

TEST_P(DatabaseTest, RefusesToWriteOnAReadConnection)
{
    auto const saved = read([](auto& c) { return insert_item(c, "a"); });
    EXPECT_FALSE(saved.ok());
    EXPECT_EQ(items(), 0);
}

TEST_P(DatabaseTest, KeepsAcknowledgedWritesWhenItIsOpenedAgain)
{
    ASSERT_TRUE(write([](auto& c) { return insert_item(c, "a"); }).ok());
    database_.reset();
    open();
    EXPECT_EQ(items(), 1);
}

TEST_P(DatabaseTest, RefusesWorkAfterItIsClosed)
{
    database().close();
    database().close();
    auto const seen = read([](auto& c) { return count_items(c); });
    auto const saved = write([](auto& c) { return insert_item(c, "a"); });
    ASSERT_FALSE(seen.ok());
    EXPECT_EQ(seen.error().key, "storage.unavailable");
    ASSERT_FALSE(saved.ok());
    EXPECT_EQ(saved.error().key, "storage.unavailable");
}

TEST_P(DatabaseTest, ReadsWhileAWriteIsAtWork)
{
    Gate gate;
    auto writing = std::async(std::launch::async, [&] {
        return write([&](auto& c) {
            insert_item(c, "a");
            gate.pass();
        });
    });
    gate.wait_until_reached();

    EXPECT_EQ(items(), 0);

    gate.open();
    EXPECT_TRUE(writing.get().ok());
    EXPECT_EQ(items(), 1);
}

TEST_P(DatabaseTest, ShowsOneReadTheSameStateThroughout)
{
    auto const counts = read([&](auto& c) {
        auto const before = count_items(c);
        EXPECT_TRUE(write([](auto& writer) { return insert_item(writer, "a"); }).ok());
        return std::pair{before, count_items(c)};
    });

    ASSERT_TRUE(counts.ok());
    EXPECT_EQ(*counts, (std::pair<std::int64_t, std::int64_t>{0, 0}));
    EXPECT_EQ(items(), 1);
}

TEST_P(DatabaseTest, ResumesACoroutineOnItsOwnThread)
{
    net::io_context io;
    std::thread::id resumed;
    std::thread::id worked;
    std::int64_t seen = 0;
    auto session = [&]() -> net::awaitable<void> {
        auto insert = [&](db::Connection& c) -> Result<std::int64_t> {
            worked = std::this_thread::get_id();
            return insert_item(c, "a");
        };
        auto const saved = co_await database().write(insert);
        EXPECT_TRUE(saved.ok());
        resumed = std::this_thread::get_id();
        auto count = [](db::Connection& c) -> Result<std::int64_t> { return count_items(c); };
        auto const counted = co_await database().read(count);
        seen = counted.value_or(-1);
    };
    net::co_spawn(io, session(), net::detached);
    io.run();

    EXPECT_EQ(seen, 1);
    EXPECT_EQ(resumed, std::this_thread::get_id());
    EXPECT_NE(worked, std::this_thread::get_id());
}

TEST_P(DatabaseTest, CarriesErrorsToTheCoroutine)
{
    net::io_context io;
    std::string key;
    auto session = [&]() -> net::awaitable<void> {
        auto work = [](db::Connection&) -> Result<std::string> { return conflict("batch.exists"); };
        auto const saved = co_await database().write(work);
        key = saved.ok() ? "" : saved.error().key;
    };
    net::co_spawn(io, session(), net::detached);
    io.run();
    EXPECT_EQ(key, "batch.exists");
}

TEST_P(DatabaseTest, LosesNoWriteOfManyThreads)
{
    constexpr int threads = 8;
    constexpr int writes = 25;
    ASSERT_TRUE(write([](auto& c) { return insert_item(c, "counter"); }).ok());
    std::vector<std::future<int>> clients;
    for (int thread = 0; thread < threads; ++thread) {
        clients.push_back(std::async(std::launch::async, [&] {
            int good = 0;
            for (int index = 0; index < writes; ++index) {
                auto const saved = write([](auto& c) { c.execute("UPDATE item SET amount = amount + 1"); });
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
    EXPECT_EQ(database().counters().writes, 1U + threads * writes);
}

namespace {

/// A short time for each piece.
class DeadlineTest : public EngineTest {
protected:
    void adjust(db::DatabaseSettings& settings) override
    {
        EngineTest::adjust(settings);
        settings.read_time = settings.write_time = std::chrono::milliseconds{300};
    }
};
NGUON_ON_BOTH_ENGINES(DeadlineTest);

} // namespace

TEST_P(DeadlineTest, EndsAReadThatTakesTooLong)
{
    auto const seen = read([](auto& c) { return c.query(endless).front().integer(0); });
    ASSERT_FALSE(seen.ok());
    EXPECT_EQ(seen.error().key, "storage.timeout");
    EXPECT_EQ(seen.error().code, ErrorCode::unavailable);
    EXPECT_EQ(items(), 0) << "the connection is still of use";
}

TEST_P(DeadlineTest, EndsAWriteThatTakesTooLongAndUndoesIt)
{
    auto const saved = write([](auto& c) {
        insert_item(c, "a");
        c.query(endless);
    });
    ASSERT_FALSE(saved.ok());
    EXPECT_EQ(saved.error().key, "storage.timeout");
    EXPECT_TRUE(write([](auto& c) { return insert_item(c, "b"); }).ok());
    EXPECT_EQ(items(), 1);
}

namespace {

/// Two may wait for the one writer.
class QueueTest : public EngineTest {
protected:
    static constexpr std::size_t waiting_max = 2;

    void adjust(db::DatabaseSettings& settings) override
    {
        EngineTest::adjust(settings);
        settings.write_queue_max = settings.read_queue_max = waiting_max;
        settings.writers = settings.readers = 1;
    }
};
NGUON_ON_BOTH_ENGINES(QueueTest);

} // namespace

TEST_P(QueueTest, RefusesTheWriteThatFindsTheQueueFull)
{
    Gate gate;
    auto first = std::async(std::launch::async, [&] { return write([&](auto&) { gate.pass(); }); });
    gate.wait_until_reached();
    std::vector<std::future<Result<std::int64_t>>> waiting;
    for (std::size_t index = 0; index < waiting_max; ++index) {
        EXPECT_EQ(database().counters().write_queue, index);
        waiting.push_back(std::async(std::launch::async, [&, index] {
            return write([&](auto& c) { return insert_item(c, std::to_string(index)); });
        }));
        while (database().counters().write_queue == index) std::this_thread::yield();
    }

    auto const refused = write([](auto& c) { return insert_item(c, "too many"); });

    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "storage.busy");
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_EQ(database().counters().queue_full, 1U);
    gate.open();
    EXPECT_TRUE(first.get().ok());
    for (auto& one : waiting) EXPECT_TRUE(one.get().ok());
    EXPECT_EQ(items(), static_cast<std::int64_t>(waiting_max));
}

TEST_P(QueueTest, RefusesTheReadThatFindsTheQueueFull)
{
    Gate gate;
    auto first = std::async(std::launch::async, [&] { return read([&](auto&) { gate.pass(); }); });
    gate.wait_until_reached();
    std::vector<std::future<Result<std::int64_t>>> waiting;
    for (std::size_t index = 0; index < waiting_max; ++index) {
        waiting.push_back(std::async(std::launch::async, [&] { return read([](auto& c) { return count_items(c); }); }));
        while (database().counters().read_queue == index) std::this_thread::yield();
    }

    auto const refused = read([](auto& c) { return count_items(c); });

    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "storage.busy");
    gate.open();
    EXPECT_TRUE(first.get().ok());
    for (auto& one : waiting) EXPECT_TRUE(one.get().ok());
}

TEST_P(DeadlineTest, AnswersWorkThatWaitedTooLong)
{
    // Both writers of PostgreSQL and the one of SQLite are held up.
    Gate gates[2];
    std::vector<std::future<Status>> holding;
    for (auto& gate : gates) {
        holding.push_back(std::async(std::launch::async, [&] { return write([&](auto&) { gate.pass(); }); }));
        gate.wait_until_reached();
        if (GetParam() == Engine::sqlite) break;
    }
    bool ran = false;
    auto late = std::async(std::launch::async, [&] { return write([&](auto&) { ran = true; }); });
    std::this_thread::sleep_for(std::chrono::milliseconds{400});
    for (auto& gate : gates) gate.open();

    auto const answer = late.get();

    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().key, "storage.timeout");
    EXPECT_FALSE(ran);
    for (auto& one : holding) static_cast<void>(one.get());
}

} // namespace nguon::testing
