#include "db/reconciliations.hpp"

#include "core/bytes.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

#include <fmt/format.h>

namespace nguon::db {
namespace {

using reconciliations::Mark;
using testing::outbox_start;
using namespace std::chrono_literals;

class ReconciliationStorage : public testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([](Connection& c) {
                        testing::add_installation(c);
                        testing::add_target(c, "most");
                    }).ok());
    }

    /// Records `first` to `last` as delivered, accepted at `at`.
    void add_delivered(std::int64_t first, std::int64_t last, Instant at)
    {
        static constexpr char numbers[] = "WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1"
                                          " FROM n WHERE i < $2) ";
        static auto const outbox = std::string{"INSERT INTO outbox (seq, org_id, aggregate_type, aggregate_id, version,"
                                               " op, idempotency_key, payload, sha256, schema_version, created_at) "} +
                                   numbers +
                                   "SELECT i, 'org', 'event', 'e' || i, 1, 'upsert', 'k' || i, '{}', 'x', 1, $3 FROM n";
        static auto const delivery =
            std::string{"INSERT INTO delivery (target, outbox_seq, org_id, aggregate_type,"
                        " aggregate_id, version, state, wire_sha256, created_at, changed_at) "} +
            numbers +
            "SELECT 'most', i, 'org', 'event', 'e' || i, 1, 'delivered', 'd' || i, $3, $3"
            " FROM n";
        static auto const receipt = std::string{"INSERT INTO receipt (target, outbox_seq, accepted_at, payload_sha256,"
                                                " body, received_at) "} +
                                    numbers + "SELECT 'most', i, $3, 'x', '', $3 FROM n";
        ASSERT_TRUE(write([&](Connection& c) -> Status {
                        for (auto const& sql : {outbox, delivery, receipt}) c.execute(sql, {first, last, at});
                        return Done{};
                    }).ok());
    }

    static Mark mark_of(std::int64_t first, std::int64_t last, Instant hour)
    {
        std::string sum(32, '\0');
        for (auto i = first; i <= last; ++i) {
            auto const one = sha256(fmt::format("k{0}:d{0}", i));
            for (std::size_t at = 0; at < sum.size(); ++at) sum[at] = static_cast<char>(sum[at] ^ one[at]);
        }
        return {hour, last - first + 1, to_hex(sum)};
    }
};

TEST_P(ReconciliationStorage, MarksCountEveryRecordOnceHoweverManyWereAcceptedAtOnce)
{
    auto const hour = std::chrono::floor<std::chrono::hours>(outbox_start);
    add_delivered(1, 12'000, hour + 10min);
    add_delivered(12'001, 12'500, hour + 90min);
    auto const marks = read([&](Connection& c) -> Result<std::vector<Mark>> {
        return reconciliations::marks(c, "most", hour, hour + 24h);
    });
    ASSERT_TRUE(marks.ok());
    EXPECT_EQ(*marks, (std::vector{mark_of(1, 12'000, hour), mark_of(12'001, 12'500, hour + 1h)}));
    auto const edge = read([&](Connection& c) -> Result<std::vector<Mark>> {
        return reconciliations::marks(c, "most", hour + 10min, hour + 90min);
    });
    EXPECT_EQ(edge->size(), 1U) << "from the first bound on, before the second";
}

TEST_P(ReconciliationStorage, KnowsTheFirstAcceptance)
{
    auto const first = [&] {
        return read([](Connection& c) -> Result<std::optional<Instant>> {
            return reconciliations::first_acceptance(c, "most");
        });
    };
    EXPECT_EQ(*first(), std::nullopt);
    add_delivered(1, 3, outbox_start + 2h);
    add_delivered(4, 6, outbox_start + 1h);
    EXPECT_EQ(*first(), outbox_start + 1h);
}

NGUON_ON_BOTH_ENGINES(ReconciliationStorage);

} // namespace
} // namespace nguon::db
