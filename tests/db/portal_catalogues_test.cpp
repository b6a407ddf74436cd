#include "db/portal_catalogues.hpp"

#include "db/deliveries.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::db {
namespace {

using nguon::testing::outbox_start;
using portal_catalogues::Fetched;
using portal_catalogues::Gap;

class PortalCatalogues : public nguon::testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([](Connection& c) {
                        nguon::testing::add_installation(c);
                        nguon::testing::add_target(c, "most");
                        nguon::testing::add_organization(c, "org");
                        nguon::testing::enqueue(c, {"org", "", "organization", "org", 1, {}, {{"name", "x"}}});
                    }).ok());
    }

    void store(Fetched fetched)
    {
        ASSERT_TRUE(write([fetched](Connection& c) -> Status {
                        portal_catalogues::store(c, "most", fetched, outbox_start);
                        return Done{};
                    }).ok());
    }
    std::int64_t revision()
    {
        auto const seen =
            read([](Connection& c) -> Result<std::int64_t> { return portal_catalogues::sync_of(c, "most").revision; });
        return seen.value_or(-1);
    }
    /// Claims the only record and settles it as held for want of an entry, by what was known at `known_revision`.
    void hold(std::int64_t known_revision)
    {
        ASSERT_TRUE(write([known_revision](Connection& c) -> Status {
                        deliveries::ClaimRequest request;
                        request.target = "most";
                        request.epoch = 1;
                        request.now = outbox_start + std::chrono::hours{1};
                        request.records_max = 1;
                        request.bytes_max = 1000;
                        auto const claimed = deliveries::claim(c, request);
                        deliveries::Settlement settlement;
                        settlement.seq = claimed.at(0).seq;
                        settlement.state = deliveries::State::held;
                        settlement.hold = "catalogue.value";
                        settlement.lack = {known_revision, {{"donViTinh", "g", {}}}};
                        return deliveries::settle(c, "most", 1, {settlement}, request.now);
                    }).ok());
    }
    deliveries::Counts counts()
    {
        auto const seen =
            read([](Connection& c) -> Result<deliveries::Counts> { return deliveries::count(c, "most"); });
        return seen.value_or({});
    }
    std::vector<Gap> gaps()
    {
        auto const seen =
            read([](Connection& c) -> Result<std::vector<Gap>> { return portal_catalogues::gaps(c, "most", 10); });
        return seen.value_or({});
    }
};

NGUON_ON_BOTH_ENGINES(PortalCatalogues);

TEST_P(PortalCatalogues, KeepsEachVersionAndCountsChangesOnly)
{
    store({"donViTinh", false, {{"kg", "Kilôgam", ""}, {"ta", "Tạ", ""}}});
    auto const first = revision();
    store({"donViTinh", false, {{"ta", "Tạ", ""}, {"kg", "Kilôgam", ""}}});
    EXPECT_EQ(revision(), first) << "the same in another order is the same";
    store({"donViTinh", false, {{"kg", "Ki-lô-gam", ""}, {"g", "Gam", ""}}});
    EXPECT_EQ(revision(), first + 1);
    auto const seen = read([](Connection& c) -> Result<std::pair<portal_catalogues::State, portal_catalogues::Known>> {
        return std::pair{portal_catalogues::states(c, "most").at(0), portal_catalogues::load(c, "most")};
    });
    EXPECT_EQ(seen->first.version, 2);
    EXPECT_EQ(seen->first.added + seen->first.changed + seen->first.removed, 3);
    EXPECT_EQ(seen->second.entries.at("donViTinh").size(), 2U);
    auto const old = read([](Connection& c) -> Result<std::int64_t> {
        return c.query("SELECT COUNT(*) FROM portal_catalogue_entry WHERE until_version = 2").front().integer(0);
    });
    EXPECT_EQ(*old, 2) << "nothing is overwritten";
}

TEST_P(PortalCatalogues, FindsEntriesByCodeOrNameWithoutMarks)
{
    store({"xaPhuong", false, {{"03424", "Xã Bản Bo", ""}, {"03388", "Phường Đoàn Kết", ""}}});
    auto const find = [this](std::string words) {
        auto const seen = read([words](Connection& c) -> Result<std::vector<portal_catalogues::Entry>> {
            return portal_catalogues::find_entries(c, "most", "xaPhuong", words, 10);
        });
        return seen->size() == 1 ? seen->front().code : std::to_string(seen->size());
    };
    EXPECT_EQ(find("doan ket"), "03388");
    EXPECT_EQ(find("Bản"), "03424");
    EXPECT_EQ(find("338"), "03388");
    EXPECT_EQ(find(""), "2");
    EXPECT_EQ(find("%"), "0");
}

TEST_P(PortalCatalogues, ReleasesWhatWasHeldWhenTheCatalogueChanges)
{
    store({"donViTinh", false, {{"kg", "Kilôgam", ""}}});
    hold(revision());
    EXPECT_EQ(counts().held, 1);
    ASSERT_EQ(gaps().size(), 1U);
    EXPECT_EQ(gaps().front().value, "g");
    store({"donViTinh", false, {{"kg", "Kilôgam", ""}, {"g", "Gam", ""}}});
    EXPECT_EQ(counts().pending, 1);
    EXPECT_TRUE(gaps().empty()) << "it has its counterpart now";
}

TEST_P(PortalCatalogues, HoldsNothingByWhatWasKnownBeforeAChange)
{
    store({"donViTinh", false, {{"kg", "Kilôgam", ""}}});
    auto const before = revision();
    store({"donViTinh", false, {{"kg", "Kilôgam", ""}, {"g", "Gam", ""}}});
    hold(before);
    EXPECT_EQ(counts().held, 0) << "nothing would ever release it";
    EXPECT_EQ(counts().pending, 1);
}

TEST_P(PortalCatalogues, MatchesOnlyWithAnEntryAndForgetsIt)
{
    store({"donViTinh", false, {{"GRM", "Gam", ""}}});
    hold(revision());
    auto const match = [this](std::string code) {
        return write([code](Connection& c) {
            return portal_catalogues::put_match(c, "most", {"donViTinh", "g", code, {}, outbox_start, "somebody"});
        });
    };
    auto const refused = match("KGM");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fields.at(0).key, "catalogue.code_unknown");
    EXPECT_EQ(counts().held, 1);
    ASSERT_TRUE(match("GRM").ok());
    EXPECT_EQ(counts().pending, 1);
    EXPECT_TRUE(gaps().empty());
    ASSERT_TRUE(write([](Connection& c) {
                    return portal_catalogues::remove_match(c, "most", "donViTinh", "g", outbox_start);
                }).ok());
    EXPECT_EQ(gaps().size(), 1U);
    EXPECT_FALSE(write([](Connection& c) {
                     return portal_catalogues::remove_match(c, "most", "donViTinh", "g", outbox_start);
                 }).ok());
}

} // namespace
} // namespace nguon::db
