#include "db/deliveries.hpp"
#include "db/sync_desk.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::db {
namespace {

using deliveries::Counts;
using testing::outbox_start;

/// What a target takes and demands decides at once what becomes of its deliveries.
class TargetPolicy : public testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([](Connection& c) { testing::add_installation(c); }).ok());
    }

    void put(std::string const& name, std::vector<std::string> types, bool complete_products = true)
    {
        ASSERT_TRUE(write([&](Connection& c) {
                        targets::Target target{name, "epcis", true, outbox_start};
                        target.record_types = types;
                        target.complete_products = complete_products;
                        targets::put(c, target);
                    }).ok());
    }

    /// 2 batches with 3 events each: organization, product, 4 versions of batches, 6 events.
    void add_history()
    {
        ASSERT_TRUE(write([](Connection& c) { testing::add_history(c, "org", 0, 2, 3); }).ok());
    }

    Counts count(std::string const& target)
    {
        auto const law = read([&](Connection& c) { return deliveries::conservation(c, target); });
        EXPECT_TRUE(law->holds()) << target;
        return law->counts;
    }

    std::vector<deliveries::Claimed> claim(std::string const& target)
    {
        deliveries::ClaimRequest request;
        request.target = target;
        request.epoch = 1;
        request.now = outbox_start;
        request.records_max = 100;
        request.bytes_max = 1 << 20;
        auto claimed = write([&](Connection& c) { return deliveries::claim(c, request); });
        return claimed.value_or({});
    }
};

NGUON_ON_BOTH_ENGINES(TargetPolicy);

TEST_P(TargetPolicy, ExcludesWhatATargetDoesNotTakeAndLetsTheRestGo)
{
    put("all", {});
    put("events", {"event"});
    add_history();
    EXPECT_EQ(count("all").excluded, 0);
    EXPECT_EQ(count("events").excluded, 6);
    EXPECT_EQ(count("events").pending, 6);
    auto const claimed = claim("events");
    ASSERT_EQ(claimed.size(), 6U) << "nothing waits for parents that never go there";
    for (auto const& record : claimed) EXPECT_EQ(record.type, "event");
    EXPECT_EQ(claim("all").size(), 1U) << "elsewhere the organization comes first";
}

TEST_P(TargetPolicy, SaysTheSameOfWhatWasWrittenBeforeTheTarget)
{
    add_history();
    put("events", {"event"});
    EXPECT_EQ(count("events").excluded, 6);
    EXPECT_EQ(claim("events").size(), 6U);
    auto const lines =
        read([](Connection& c) { return Result{sync_desk::organizations(c, {}, "events", std::nullopt, 0, 10)}; });
    ASSERT_EQ(lines->size(), 1U);
    EXPECT_EQ(lines->front().counts.excluded, 6);
}

TEST_P(TargetPolicy, FollowsAChangeOfWhatATargetTakes)
{
    put("portal", {"event"});
    add_history();
    put("portal", {"event", "batch"});
    EXPECT_EQ(count("portal").excluded, 2);
    EXPECT_EQ(count("portal").pending, 10);
    put("portal", {});
    EXPECT_EQ(count("portal").pending, 12);
    put("portal", {"batch"});
    EXPECT_EQ(count("portal").excluded, 8);
    EXPECT_EQ(count("portal").pending, 4);
}

TEST_P(TargetPolicy, DoesNotTakeAWordForPartOfAnother)
{
    put("portal", {"events"});
    add_history();
    EXPECT_EQ(count("portal").excluded, 12);
}

TEST_P(TargetPolicy, HoldsForIncompleteProductsOnlyWhereThePortalDemandsThem)
{
    put("most", {});
    put("partner", {"event"}, false);
    ASSERT_TRUE(write([](Connection& c) {
                    testing::add_organization(c, "org");
                    testing::add_product(c, "p", "org", "gtin");
                    testing::enqueue(c, {"org", "p", "event", "e1"});
                }).ok());
    EXPECT_EQ(count("most").held, 1);
    EXPECT_EQ(count("partner").pending, 1);
    ASSERT_TRUE(write([](Connection& c) { outbox::reconsider_holds(c, OrganizationId{"org"}, outbox_start); }).ok());
    EXPECT_EQ(count("most").held, 1);
    EXPECT_EQ(count("partner").pending, 1);
}

TEST_P(TargetPolicy, HoldsForTheApprovalOfAnOrganizationEverywhere)
{
    put("partner", {"event"}, false);
    ASSERT_TRUE(write([](Connection& c) {
                    testing::add_organization(c, "org", false);
                    testing::enqueue(c, {"org", "", "organization", "org"});
                    testing::enqueue(c, {"org", "", "event", "e1"});
                }).ok());
    EXPECT_EQ(count("partner").held, 1);
    EXPECT_EQ(count("partner").excluded, 1) << "what does not go there waits for nobody";
}

} // namespace
} // namespace nguon::db
