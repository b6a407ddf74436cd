#include "db/deliveries.hpp"

#include "db/leases.hpp"
#include "db/outbox.hpp"
#include "db/targets.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

#include <set>

namespace nguon::db {
namespace {

using deliveries::State;
using testing::outbox_start;
using namespace std::chrono_literals;

class DeliveryStorage : public testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([](Connection& c) {
                        testing::add_installation(c);
                        testing::add_target(c, "most");
                    }).ok());
    }

    std::vector<deliveries::Claimed> claim(std::int64_t epoch, std::string after = "", std::size_t records_max = 200)
    {
        deliveries::ClaimRequest request;
        request.target = "most";
        request.epoch = epoch;
        request.now = now;
        request.after_org = std::move(after);
        request.records_max = records_max;
        request.bytes_max = 1024 * 1024;
        request.org_limits = org_limits;
        request.busy_orgs = busy_orgs;
        auto claimed = write([request](Connection& c) { return deliveries::claim(c, request); });
        EXPECT_TRUE(claimed.ok());
        return claimed ? *claimed : std::vector<deliveries::Claimed>{};
    }

    static deliveries::Settlement delivered(std::int64_t seq)
    {
        deliveries::Settlement settlement;
        settlement.seq = seq;
        settlement.state = State::delivered;
        settlement.portal_id = "P" + std::to_string(seq);
        receipts::Receipt receipt;
        receipt.portal_id = settlement.portal_id;
        receipt.accepted_at = outbox_start;
        receipt.payload_sha256 = "abc";
        receipt.body = "{}";
        receipt.received_at = outbox_start;
        settlement.receipt = receipt;
        return settlement;
    }

    static deliveries::Settlement state(std::int64_t seq, State wanted)
    {
        deliveries::Settlement settlement;
        settlement.seq = seq;
        settlement.state = wanted;
        settlement.error_class = "refused";
        settlement.error_code = "ERR_GTIN";
        settlement.error_text = "sai GTIN";
        settlement.attempt = true;
        return settlement;
    }

    Status settle(std::int64_t epoch, std::vector<deliveries::Settlement> const& settlements)
    {
        return write([&](Connection& c) { return deliveries::settle(c, "most", epoch, settlements, now); });
    }

    void add_histories(int organizations, int batches = 1, int events = 2)
    {
        ASSERT_TRUE(write([&](Connection& c) {
                        for (int i = 0; i < organizations; ++i)
                            testing::add_history(c, "org" + std::to_string(i), i, batches, events);
                    }).ok());
    }

    std::optional<Instant> oldest()
    {
        auto const found = read([](Connection& c) -> Result<std::vector<std::optional<Instant>>> {
            return std::vector{deliveries::oldest_pending(c, "most")};
        });
        return found.ok() ? found->front() : std::nullopt;
    }

    Instant now = outbox_start + 1h;
    std::map<std::string, std::size_t> org_limits;
    std::vector<std::string> busy_orgs = {};
};

NGUON_ON_BOTH_ENGINES(DeliveryStorage);

TEST_P(DeliveryStorage, KeepsTheNumbersThatAnotherRecordMayNeed)
{
    add_histories(1);
    for (auto claimed = claim(1); !claimed.empty(); claimed = claim(1)) {
        std::vector<deliveries::Settlement> settlements;
        for (auto const& record : claimed) settlements.push_back(delivered(record.seq));
        ASSERT_TRUE(settle(1, settlements).ok());
    }
    auto const kept = read([](Connection& c) -> Result<std::vector<std::string>> {
        std::vector<std::string> types;
        for (auto const& row : c.query("SELECT aggregate_type FROM portal_id ORDER BY aggregate_type", {}))
            types.push_back(row.text(0));
        return types;
    });
    EXPECT_EQ(*kept, (std::vector<std::string>{"batch", "organization", "product"}));
}

TEST_P(DeliveryStorage, ReplacesAnEventsTicketByItsNumber)
{
    add_histories(1, 1, 1);
    while (true) {
        auto const claimed = claim(1);
        ASSERT_FALSE(claimed.empty());
        std::vector<deliveries::Settlement> settlements;
        for (auto const& record : claimed) settlements.push_back(delivered(record.seq));
        if (claimed.front().type != "event") {
            ASSERT_TRUE(settle(1, settlements).ok());
            continue;
        }
        auto const& event = claimed.front();
        ASSERT_TRUE(write([&](Connection& c) {
                        return deliveries::freeze(c, "most", 1, {}, {{event.type, event.id, "ticket"}}, now);
                    }).ok());
        ASSERT_TRUE(settle(1, settlements).ok());
        auto const number = read([&](Connection& c) -> Result<std::string> {
            return c.query("SELECT portal_id FROM portal_id WHERE aggregate_id = $1", {event.id}).at(0).text(0);
        });
        EXPECT_EQ(*number, "P" + std::to_string(event.seq));
        return;
    }
}

TEST_P(DeliveryStorage, PassesByWhoIsBusyWhateverWaitsThere)
{
    add_histories(3);
    busy_orgs = {"org0", "org1"};
    EXPECT_EQ(claim(1).front().org.text(), "org2");
    busy_orgs.push_back("org2");
    EXPECT_TRUE(claim(1).empty());
    EXPECT_TRUE(claim(1, "org9").empty());
    busy_orgs = {"org"};
    EXPECT_EQ(claim(1).front().org.text(), "org0");
}

TEST_P(DeliveryStorage, HandsOutASecondBatchOnlyOfWhatDoesNotWaitForTheFirst)
{
    add_histories(1, 1, 12);
    EXPECT_EQ(claim(1).size(), 1U);
    EXPECT_TRUE(claim(1).empty()) << "all else waits for the enterprise";
    EXPECT_TRUE(claim(1, "org0").empty());
    now += std::chrono::hours{1};
    ASSERT_TRUE(write([at = now](Connection& c) { return deliveries::recover(c, "most", 2, at); }).ok());
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(settle(2, {delivered(claim(2, "", 1).front().seq)}).ok());

    auto const first = claim(2, "", 5);
    auto const second = claim(2, "", 5);
    ASSERT_EQ(first.size(), 5U);
    ASSERT_EQ(second.size(), 5U);
    EXPECT_LT(first.back().seq, second.front().seq);
}

TEST_P(DeliveryStorage, ClaimsParentsBeforeChildrenAndVersionsInOrder)
{
    add_histories(1);
    std::vector<std::string> order;
    for (int round = 0; round < 10; ++round) {
        auto const claimed = claim(1);
        if (claimed.empty()) break;
        std::vector<deliveries::Settlement> settlements;
        for (auto const& record : claimed) {
            order.push_back(record.type + " " + std::to_string(record.version));
            EXPECT_EQ(record.type, claimed.front().type) << "one request is of one kind";
            settlements.push_back(delivered(record.seq));
        }
        ASSERT_TRUE(settle(1, settlements).ok());
    }
    EXPECT_EQ(order,
              (std::vector<std::string>{"organization 1", "product 1", "batch 1", "event 1", "event 1", "batch 2"}));
}

TEST_P(DeliveryStorage, GivesTheNumbersThatThePortalAssignedBefore)
{
    add_histories(1);
    ASSERT_TRUE(settle(1, {delivered(claim(1).front().seq)}).ok());
    auto const product = claim(1).front();
    ASSERT_EQ(product.parents.size(), 1U);
    EXPECT_EQ(product.parents.front().portal_id, "P1");
    EXPECT_EQ(product.portal_id, "");
    EXPECT_EQ(product.delivered_version, 0);
    ASSERT_TRUE(settle(1, {delivered(product.seq)}).ok());
    auto const batch = claim(1).front();
    EXPECT_TRUE(batch.has_newer);
    EXPECT_EQ(batch.payload.front(), '{');
    EXPECT_EQ(batch.key.size(), 64U);
}

TEST_P(DeliveryStorage, TakesTheOrganizationsInTurn)
{
    add_histories(3);
    std::set<std::string> seen;
    std::string after;
    for (int i = 0; i < 3; ++i) {
        auto const claimed = claim(1, after);
        ASSERT_EQ(claimed.size(), 1U);
        after = claimed.front().org.text();
        EXPECT_TRUE(seen.insert(after).second) << "each has one batch in flight at most";
    }
    EXPECT_TRUE(claim(1, after).empty());
}

TEST_P(DeliveryStorage, KeepsToTheLimitsOfRecordsBytesAndOrganizations)
{
    add_histories(1, 1, 12);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(settle(1, {delivered(claim(1, "", 1).front().seq)}).ok());
    auto const release = [this](std::vector<deliveries::Claimed> const& claimed) {
        std::vector<deliveries::Settlement> settlements;
        for (auto const& record : claimed) settlements.push_back(state(record.seq, State::pending));
        ASSERT_TRUE(settle(1, settlements).ok());
    };
    for (std::size_t limit : {1U, 5U}) {
        auto const claimed = claim(1, "", limit);
        EXPECT_EQ(claimed.size(), limit);
        release(claimed);
    }
    org_limits["org0"] = 2;
    auto const claimed = claim(1);
    EXPECT_EQ(claimed.size(), 2U);
    release(claimed);
}

TEST_P(DeliveryStorage, LeavesWhatMustWaitAlone)
{
    add_histories(1);
    auto later = state(claim(1).front().seq, State::pending);
    later.not_before = now + 1s;
    ASSERT_TRUE(settle(1, {later}).ok());
    EXPECT_TRUE(claim(1).empty());
    now += 1s;
    EXPECT_EQ(claim(1).size(), 1U);
}

TEST_P(DeliveryStorage, RefusesToSettleWhatAnotherEpochClaimed)
{
    add_histories(1);
    auto const seq = claim(1).front().seq;
    ASSERT_TRUE(
        write([&](Connection& c) -> Result<std::int64_t> { return deliveries::recover(c, "most", 2, now); }).ok());
    EXPECT_EQ(settle(1, {delivered(seq)}).error().key, "sync.fenced");
    auto const again = claim(2);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again.front().attempts, 0) << "a crash burns no attempt";
    EXPECT_EQ(settle(1, {delivered(seq)}).error().key, "sync.fenced");
    EXPECT_TRUE(settle(2, {delivered(seq)}).ok());
}

TEST_P(DeliveryStorage, StoresReceiptAndStateTogetherOrNotAtAll)
{
    add_histories(1);
    auto const seq = claim(1).front().seq;
    EXPECT_FALSE(settle(1, {delivered(seq), delivered(9999)}).ok());
    auto law = read([](Connection& c) { return deliveries::conservation(c, "most"); });
    EXPECT_EQ(law->counts.delivered, 0);
    EXPECT_EQ(law->counts.in_flight, 1);
    ASSERT_TRUE(settle(1, {delivered(seq)}).ok());
    law = read([](Connection& c) { return deliveries::conservation(c, "most"); });
    EXPECT_TRUE(law->holds());
    EXPECT_EQ(law->counts.delivered, 1);
    auto const views =
        read([](Connection& c) { return deliveries::of_record(c, OrganizationId{"org0"}, "organization", "org0"); });
    ASSERT_EQ(views->size(), 1U);
    ASSERT_TRUE(views->front().receipt.has_value());
    EXPECT_EQ(views->front().receipt->portal_id, "P1");
    auto const foreign =
        read([](Connection& c) { return deliveries::of_record(c, OrganizationId{"org1"}, "organization", "org0"); });
    EXPECT_TRUE(foreign->empty()) << "another organization sees nothing of it";
}

TEST_P(DeliveryStorage, FreezesBytesOnceAndForAll)
{
    add_histories(1);
    auto const seq = claim(1).front().seq;
    auto const freeze = [&](std::string const& wire, std::int64_t epoch) {
        return write([&, wire, epoch](Connection& c) {
            return deliveries::freeze(c, "most", epoch, {{seq, wire, sha256_hex(wire)}}, {}, now);
        });
    };
    EXPECT_FALSE(freeze("bytes", 2).ok());
    ASSERT_TRUE(freeze("bytes", 1).ok());
    EXPECT_TRUE(freeze("bytes", 1).ok()) << "the same again changes nothing";
    EXPECT_EQ(freeze("other", 1).error().key, "sync.fenced");
    ASSERT_TRUE(settle(1, {state(seq, State::pending)}).ok());
    auto const again = claim(1).front();
    EXPECT_EQ(again.wire, "bytes");
    EXPECT_EQ(again.wire_sha256, sha256_hex("bytes"));
    EXPECT_EQ(again.attempts, 1);
}

TEST_P(DeliveryStorage, KeepsHeldChainsOutAndReleasesThemInOrder)
{
    ASSERT_TRUE(write([](Connection& c) {
                    testing::add_organization(c, "org", false);
                    testing::enqueue(c, {"org", "", "organization", "org", 1, {}, {{"name", "x"}}});
                }).ok());
    EXPECT_TRUE(claim(1).empty());
    ASSERT_TRUE(write([&](Connection& c) {
                    c.execute("UPDATE organization SET status = 'approved' WHERE id = 'org'");
                    outbox::reconsider_holds(c, OrganizationId{"org"}, now);
                }).ok());
    EXPECT_EQ(oldest(), now) << "it waits since its release";
    EXPECT_EQ(claim(1).size(), 1U);
}

TEST_P(DeliveryStorage, BlocksWhatComesAfterARefusalUntilItIsSentAgain)
{
    add_histories(1);
    EXPECT_EQ(oldest(), outbox_start);
    auto const seq = claim(1).front().seq;
    ASSERT_TRUE(settle(1, {state(seq, State::refused)}).ok());
    EXPECT_TRUE(claim(1).empty()) << "children of a refused parent wait";
    EXPECT_FALSE(oldest().has_value()) << "and are not late";
    auto const requeue = [&](std::string const& org, std::int64_t which) {
        return write(
            [&, org, which](Connection& c) { return deliveries::requeue(c, OrganizationId{org}, "most", which, now); });
    };
    EXPECT_EQ(requeue("org1", seq).error().key, "delivery.unknown");
    EXPECT_EQ(requeue("org0", seq + 1).error().key, "delivery.not_stopped");
    ASSERT_TRUE(requeue("org0", seq).ok());
    EXPECT_EQ(oldest(), now);
    auto const again = claim(1);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again.front().attempts, 0);
    ASSERT_TRUE(settle(1, {state(seq, State::refused)}).ok());
    auto const all =
        write([&](Connection& c) { return deliveries::requeue_refused(c, OrganizationId{"org0"}, "most", now); });
    EXPECT_EQ(*all, 1);
}

TEST_P(DeliveryStorage, CountsByStateAndOrganization)
{
    add_histories(2);
    ASSERT_TRUE(settle(1, {delivered(claim(1).front().seq)}).ok());
    auto const all = read([](Connection& c) { return deliveries::count_by_organization(c, "most"); });
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ(all->front().counts.delivered, 1);
    EXPECT_EQ(all->front().counts.pending, 5);
    EXPECT_EQ(all->back().counts.pending, 6);
    EXPECT_EQ(all->back().oldest_pending, outbox_start);
    auto const one = read([](Connection& c) { return deliveries::count(c, OrganizationId{"org0"}, "most"); });
    EXPECT_EQ(*one, all->front().counts);
    EXPECT_EQ(oldest(), outbox_start);
}

TEST_P(DeliveryStorage, PagesNewestFirstThroughAFilter)
{
    add_histories(2);
    deliveries::Filter filter;
    filter.target = "most";
    filter.limit = 5;
    std::vector<std::int64_t> seen;
    while (true) {
        auto const views = read([&](Connection& c) { return deliveries::page(c, filter); });
        if (views->empty()) break;
        for (auto const& view : *views) seen.push_back(view.seq);
        filter.before = views->back().seq;
    }
    ASSERT_EQ(seen.size(), 12U);
    EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
    filter.before.reset();
    filter.org = OrganizationId{"org1"};
    filter.limit = 100;
    filter.state = State::pending;
    EXPECT_EQ(read([&](Connection& c) { return deliveries::page(c, filter); })->size(), 6U);
    filter.state = State::refused;
    EXPECT_TRUE(read([&](Connection& c) { return deliveries::page(c, filter); })->empty());
}

TEST_P(DeliveryStorage, GivesALaterTargetTheWholeHistory)
{
    add_histories(1);
    ASSERT_TRUE(write([](Connection& c) { testing::add_target(c, "second"); }).ok());
    auto const law = read([](Connection& c) { return deliveries::conservation(c, "second"); });
    EXPECT_TRUE(law->holds());
    EXPECT_EQ(law->counts.pending, 6);
}

TEST_P(DeliveryStorage, KeepsTheStateOfATarget)
{
    targets::TargetState state;
    state.target = "most";
    state.state = "waiting";
    state.detail = "transient 503";
    state.next_try_at = now;
    state.succeeded_at = now;
    state.changed_at = now;
    ASSERT_TRUE(write([&](Connection& c) { targets::put_state(c, state); }).ok());
    state.state = "working";
    state.succeeded_at.reset();
    state.next_try_at.reset();
    ASSERT_TRUE(write([&](Connection& c) { targets::put_state(c, state); }).ok());
    auto const states = read([](Connection& c) { return targets::states(c); });
    ASSERT_EQ(states->size(), 1U);
    EXPECT_EQ(states->front().state, "working");
    EXPECT_EQ(states->front().succeeded_at, now) << "the last success stays known";
    EXPECT_FALSE(states->front().next_try_at.has_value());
}

TEST_P(DeliveryStorage, LeasesToOneHolderAndFencesTheFormer)
{
    auto const acquire = [&](std::string const& holder, Instant at, bool take_over = false) {
        leases::LeaseRequest const request{"connector", holder, at, 15s, take_over};
        return write([request](Connection& c) { return leases::acquire(c, request); });
    };
    EXPECT_EQ(*acquire("a", now), 1);
    EXPECT_EQ(acquire("b", now + 14s).error().key, "sync.lease_held");
    EXPECT_EQ(*acquire("b", now + 15s), 2);
    auto const renew = [&](std::int64_t epoch) {
        return write([&, epoch](Connection& c) { return leases::renew(c, "connector", epoch, now + 16s, 15s); });
    };
    EXPECT_EQ(renew(1).error().key, "sync.fenced");
    EXPECT_TRUE(renew(2).ok());
    EXPECT_EQ(*acquire("c", now + 17s, true), 3);
    EXPECT_FALSE(write([](Connection& c) { return leases::check(c, "connector", 2); }).ok());
    ASSERT_TRUE(write([&](Connection& c) { leases::release(c, "connector", 3, now + 17s); }).ok());
    EXPECT_EQ(*acquire("d", now + 17s), 4);
}

} // namespace
} // namespace nguon::db
