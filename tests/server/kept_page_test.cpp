#include "server/app/recalls.hpp"
#include "tests/support/two_enterprises.hpp"

#include <gtest/gtest.h>

/// Pages of strangers that are kept ready must never differ from what would be made anew.
namespace nguon::testing {
namespace {

constexpr auto* lot_path = "/01/08938505974019/10/L261120";

class KeptPage : public TwoEnterprises {
protected:
    Answer visit(Fields more = {}, std::string const& target = lot_path)
    {
        return browser().send("GET", target, {}, std::move(more));
    }
    std::uint64_t hits() const { return page_cache.hits(); }

    /// Everything but what is new in each answer.
    static Fields lasting(Answer const& answer)
    {
        auto fields = answer.headers;
        std::erase_if(fields, [](auto const& field) { return field.first == "X-Request-Id" || field.first == "Date"; });
        std::ranges::sort(fields);
        return fields;
    }

    void change(std::function<Status(db::Connection&)> work) { ASSERT_TRUE(write(std::move(work)).ok()); }
};

TEST_F(KeptPage, IsTheVeryPageThatWasMade)
{
    for (std::string const encoding : {"", "br", "gzip"}) {
        auto const made = visit({{"Accept-Encoding", encoding}});
        auto const before = hits();
        auto const kept = visit({{"Accept-Encoding", encoding}});
        EXPECT_EQ(hits(), before + 1) << encoding;
        ASSERT_EQ(made.status, 200U);
        EXPECT_EQ(kept.status, 200U);
        EXPECT_EQ(kept.body, made.body);
        EXPECT_EQ(lasting(kept), lasting(made));
        EXPECT_EQ(kept.header("Content-Encoding"), encoding);
        EXPECT_NE(kept.header("X-Request-Id"), made.header("X-Request-Id"));
    }
}

TEST_F(KeptPage, IsOneForEachLanguage)
{
    EXPECT_EQ(visit().header("Content-Language"), "vi");
    EXPECT_EQ(visit({{"Accept-Language", "en-GB"}}).header("Content-Language"), "en");
    EXPECT_EQ(visit({}, std::string{lot_path} + "?lang=en").header("Content-Language"), "en");
    EXPECT_EQ(hits(), 0U);
    EXPECT_EQ(visit({{"Accept-Language", "en-US,vi;q=0.5"}}).header("Content-Language"), "en");
    EXPECT_EQ(hits(), 1U);
}

TEST_F(KeptPage, ShowsARecallAtOnce)
{
    visit();
    EXPECT_FALSE(visit().says("THU HỒI"));
    change([this](db::Connection& c) {
        server::app::Actor const actor{new_uuid(), a.org, "test", clock.now()};
        return server::app::recall_batch(c, actor, a.batch, "Phát hiện dư lượng thuốc vượt mức cho phép");
    });
    EXPECT_TRUE(visit().says("Phát hiện dư lượng thuốc vượt mức cho phép"));
}

TEST_F(KeptPage, IsForStrangersOnly)
{
    visit();
    visit({{"Cookie", "a=b"}});
    visit({{"Authorization", "Bearer nk_none"}});
    visit({}, std::string{lot_path} + "?lang=vi&x=1");
    visit({{"If-None-Match", "\"x\""}});
    browser().send("HEAD", lot_path, {}, {});
    EXPECT_EQ(hits(), 0U);
}

TEST_F(KeptPage, IsCountedAsAScanLikeAnyOther)
{
    Fields const phone{{"User-Agent", "Mozilla/5.0 (Linux; Android 13)"}};
    visit(phone);
    visit({{"User-Agent", "Mozilla/5.0 (iPhone)"}});
    visit({{"User-Agent", "Googlebot/2.1"}});
    visit({{"User-Agent", "Mozilla/5.0"}, {"Sec-Purpose", "prefetch"}});
    visit(phone); // fetched again before the first was written
    auto const counted = scans.take();
    ASSERT_EQ(counted.size(), 2U);
    EXPECT_NE(counted[0].device, counted[1].device);
    EXPECT_EQ(counted[0].subject, a.batch.text());
    visit(phone);
    auto const later = scans.take();
    ASSERT_EQ(later.size(), 1U);
    EXPECT_EQ(later[0].device, counted[0].device);
}

} // namespace
} // namespace nguon::testing
