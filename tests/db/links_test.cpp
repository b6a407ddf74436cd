#include "core/limits.hpp"
#include "db/links.hpp"

#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::db::links {
namespace {

using testing::outbox_start;

constexpr auto* key = "/01/08938505974019";

class LinkStorage : public testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([this](Connection& c) {
                        testing::add_organization(c, tea.text());
                        testing::add_organization(c, rice.text());
                    }).ok());
    }

    Link a_link(std::string const& id, std::string const& anchor = key) const
    {
        Link link;
        link.id = LinkId{id};
        link.org = tea;
        link.key = key;
        link.anchor = anchor;
        link.type = "instructions";
        link.language = "vi";
        link.media_type = "text/html";
        link.context = "school";
        link.href = "https://chebanbo.vn/" + id;
        link.title = "Cách pha";
        link.created_at = outbox_start + std::chrono::seconds{std::stoi("0" + id.substr(1))};
        return link;
    }

    Status keep(Link const& link, bool owned = true)
    {
        return write([&](Connection& c) -> Status {
            if (auto claimed = claim_key(c, link.key, link.org, owned, outbox_start); !claimed) return claimed;
            return insert(c, link);
        });
    }

    std::vector<std::string> shown(std::string const& anchor = key)
    {
        std::vector<std::string> out;
        auto const links = read([&](Connection& c) { return Result{of_anchor(c, anchor)}; });
        for (auto const& link : *links) out.push_back(link.id.text());
        return out;
    }

    Result<Link> stored(OrganizationId const& org, std::string const& id)
    {
        return read([&](Connection& c) { return find(c, org, LinkId{id}); });
    }

    OrganizationId const tea{"org-tea"};
    OrganizationId const rice{"org-rice"};
};

NGUON_ON_BOTH_ENGINES(LinkStorage);

TEST_P(LinkStorage, KeepsEverythingAndCountsChanges)
{
    auto link = a_link("l1");
    link.fwqs = false;
    ASSERT_TRUE(keep(link).ok());
    auto seen = stored(tea, "l1");
    ASSERT_TRUE(seen.ok());
    EXPECT_EQ(seen->href, link.href);
    EXPECT_EQ(seen->context, "school");
    EXPECT_EQ(seen->media_type, "text/html");
    EXPECT_FALSE(seen->fwqs);
    EXPECT_EQ(seen->version, 1);
    link.href = "https://chebanbo.vn/moi";
    link.changed_at = outbox_start + std::chrono::hours{1};
    ASSERT_TRUE(write([&](Connection& c) { return update(c, link); }).ok());
    seen = stored(tea, "l1");
    EXPECT_EQ(seen->href, link.href);
    EXPECT_EQ(seen->version, 2);
    EXPECT_EQ(seen->created_at, link.created_at);
    EXPECT_EQ(seen->changed_at, link.changed_at);
}

TEST_P(LinkStorage, HidesLinksOfOtherOrganizations)
{
    ASSERT_TRUE(keep(a_link("l1")).ok());
    EXPECT_EQ(stored(rice, "l1").error().key, "link.unknown");
    auto foreign = a_link("l1");
    foreign.org = rice;
    EXPECT_EQ(write([&](Connection& c) { return update(c, foreign); }).error().key, "link.unknown");
    EXPECT_EQ(write([&](Connection& c) { return remove(c, foreign); }).error().key, "link.unknown");
    EXPECT_TRUE(read([&](Connection& c) { return Result{list(c, rice, {}, 0, 10)}; })->empty());
}

TEST_P(LinkStorage, GivesAKeyToOneOrganization)
{
    ASSERT_TRUE(keep(a_link("l1"), false).ok());
    auto later = a_link("l2");
    later.org = rice;
    EXPECT_EQ(keep(later, false).error().key, "link.key_taken");
    EXPECT_EQ(shown(), std::vector<std::string>{"l1"});
    // Who has the thing itself takes the place of who was there first; the first's links are not shown any more.
    ASSERT_TRUE(keep(later, true).ok());
    EXPECT_EQ(shown(), std::vector<std::string>{"l2"});
}

TEST_P(LinkStorage, FreesAKeyWithItsLastLink)
{
    ASSERT_TRUE(keep(a_link("l1"), false).ok());
    ASSERT_TRUE(keep(a_link("l2"), false).ok());
    auto other = a_link("l3");
    other.org = rice;
    for (auto const* id : {"l1", "l2"}) {
        EXPECT_EQ(keep(other, false).error().key, "link.key_taken");
        ASSERT_TRUE(write([&](Connection& c) { return remove(c, a_link(id)); }).ok());
    }
    EXPECT_TRUE(keep(other, false).ok());
}

TEST_P(LinkStorage, HasOneDefaultForEachAnchor)
{
    auto first = a_link("l1");
    first.is_default = true;
    auto second = a_link("l2");
    second.is_default = true;
    auto elsewhere = a_link("l3", std::string{key} + "/10/L1");
    elsewhere.is_default = true;
    for (auto const& link : {first, second, elsewhere}) ASSERT_TRUE(keep(link).ok());
    EXPECT_EQ(shown(), (std::vector<std::string>{"l2", "l1"}));
    EXPECT_FALSE(stored(tea, "l1")->is_default);
    EXPECT_TRUE(stored(tea, "l3")->is_default);
    ASSERT_TRUE(write([&](Connection& c) { return update(c, first); }).ok());
    EXPECT_EQ(shown(), (std::vector<std::string>{"l1", "l2"}));
}

TEST_P(LinkStorage, LimitsTheLinksOfOneAnchor)
{
    for (std::int64_t i = 0; i < limits::links_per_anchor_max; ++i)
        ASSERT_TRUE(keep(a_link("l" + std::to_string(i))).ok());
    EXPECT_EQ(keep(a_link("l99")).error().key, "link.too_many");
    EXPECT_TRUE(keep(a_link("l100", std::string{key} + "/10/L1")).ok());
}

TEST_P(LinkStorage, ListsByAnchorAndByKindOfKey)
{
    auto carton = a_link("l1", "/00/389350123456789010");
    carton.key = carton.anchor;
    auto place = a_link("l2", "/414/8938505974002");
    place.key = place.anchor;
    ASSERT_TRUE(keep(carton).ok());
    ASSERT_TRUE(keep(place).ok());
    ASSERT_TRUE(keep(a_link("l3", std::string{key} + "/10/L1")).ok());
    ASSERT_TRUE(keep(a_link("l4")).ok());
    auto const ids = [&](auto const& work) {
        std::string out;
        auto const links = read([&](Connection& c) { return Result{work(c)}; });
        for (auto const& link : *links) out += link.id.text();
        return out;
    };
    EXPECT_EQ(ids([&](Connection& c) { return list(c, tea, {}, 0, 10); }), "l1l4l3l2");
    EXPECT_EQ(ids([&](Connection& c) { return list(c, tea, {}, 1, 2); }), "l4l3");
    EXPECT_EQ(ids([&](Connection& c) { return list(c, tea, key, 0, 10); }), "l4l3");
    EXPECT_EQ(ids([&](Connection& c) { return list_of_other_keys(c, tea, 0, 10); }), "l1l2");
}

} // namespace
} // namespace nguon::db::links
