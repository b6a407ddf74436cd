#include "server/app/live_figures.hpp"
#include "tests/support/province_test.hpp"

#include <set>

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

using nguon::testing::RawClient;
using nguon::testing::target_name;
using nlohmann::json;

/// A page that stays open, without a browser.
class SyncLive : public nguon::testing::ProvinceTest {
protected:
    static constexpr std::size_t most = 3;

    void SetUp() override
    {
        ProvinceTest::SetUp();
        live = std::make_unique<app::LiveFigures>(threads.executor(), *database, clock, metrics, most);
        services->live = live.get();
        key = add_key(Role::province_operator).key;
    }
    void TearDown() override
    {
        live->close();
        ProvinceTest::TearDown();
    }

    std::unique_ptr<RawClient> open(std::string const& query = {})
    {
        auto client = std::make_unique<RawClient>(port);
        client->send("GET /province/sync/live" + query + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                     key + "\r\n\r\n");
        return client;
    }

    static json next(RawClient& client)
    {
        client.read_until("data: ");
        return json::parse(client.read_until("\n\n"));
    }

    std::string key;
    std::unique_ptr<app::LiveFigures> live;
};

TEST_F(SyncLive, SendsFiguresWhenTheyChange)
{
    auto const client = open();
    auto const head = client->read_until("\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200"));
    EXPECT_NE(head.find("text/event-stream"), std::string::npos);
    EXPECT_NE(head.find("no-store"), std::string::npos);
    EXPECT_NE(client->read_until("\n\n").find("retry: 3000"), std::string::npos);
    auto const first = next(*client);
    EXPECT_EQ(first["0/held"], "6");
    EXPECT_EQ(first["0/refused"], "");
    EXPECT_EQ(first["status"], say("sync.state.off"));
    settle(tea, "refused");
    do_write([&](db::Connection& c) {
        db::targets::TargetState state;
        state.target = target_name;
        state.state = "stopped_identity";
        state.changed_at = clock.now();
        db::targets::put_state(c, state);
    });
    json changed = json::object();
    while (changed.value("status/tone", "") != "bad") changed = next(*client);
    EXPECT_EQ(changed["0/refused"], "1");
    EXPECT_EQ(changed["status"], say("sync.state.stopped_identity"));
    EXPECT_EQ(changed["0/action"], say("sync.action.stopped_identity"));
    EXPECT_EQ(next(*open("?lang=en"))["status"], locale->text("en", "sync.state.stopped_identity", {}));
}

TEST_F(SyncLive, EveryFigureHasItsPlaceInThePage)
{
    auto const client = open();
    auto const texts = next(*client);
    auto officer = signed_in("mai.lo");
    auto const page = officer.get("/province/sync");
    for (auto const& [name, text] : texts.items()) {
        bool const several = name.starts_with("0/status"); // the chip is there with several portals only
        if (several) continue;
        auto const mark = (name.ends_with("/tone") ? "data-live-tone=\"" : "data-live=\"") + name + "\"";
        EXPECT_TRUE(page.says(mark)) << mark;
        if (name != "at" && !name.ends_with("/tone") && !text.get<std::string>().empty()) {
            EXPECT_TRUE(page.says(text.get<std::string>())) << name;
        }
    }
    auto const policy = page.header("Content-Security-Policy");
    EXPECT_NE(policy.find("script-src 'self'; connect-src 'self'"), std::string::npos);
    auto const at = page.body.find("<script src=\"") + 13;
    auto const script = officer.get(page.body.substr(at, page.body.find('"', at) - at));
    EXPECT_EQ(script.status, 200U);
    EXPECT_TRUE(script.header("Content-Type").starts_with("text/javascript"));
    EXPECT_EQ(officer.get("/province").header("Content-Security-Policy").find("script-src"), std::string::npos);
}

TEST_F(SyncLive, HasALimitAndIsForThoseWhoMay)
{
    std::vector<std::unique_ptr<RawClient>> pages;
    for (std::size_t i = 0; i < most; ++i) {
        pages.push_back(open());
        next(*pages.back());
    }
    auto const refused = open()->read_until("\r\n\r\n");
    EXPECT_TRUE(refused.starts_with("HTTP/1.1 503"));
    EXPECT_NE(refused.find("Retry-After: 30"), std::string::npos);
    EXPECT_NE(metrics.text().find("limit_hits_total{limit=\"live_streams\"} 1"), std::string::npos);
    EXPECT_NE(metrics.text().find("live_streams 3"), std::string::npos);
    EXPECT_EQ(browser().get("/province/sync/live").status, 303U);
    add_person("chu", Role::enterprise_owner, tea.org);
    EXPECT_EQ(signed_in("chu").get("/province/sync/live").status, 403U);
    // One that has gone gives its place up, noticed when something is sent to it.
    pages.pop_back();
    auto const begun = std::chrono::steady_clock::now();
    for (int i = 0; metrics.text().find("live_streams 2") == std::string::npos; ++i) {
        settle(tea, i % 2 == 0 ? "refused" : "parked");
        next(*pages.front());
        ASSERT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{20});
    }
    pages.push_back(open());
    EXPECT_TRUE(pages.back()->read_until("\r\n\r\n").starts_with("HTTP/1.1 200"));
}

TEST_F(SyncLive, EndsAtOnceWhenTheServiceStops)
{
    auto const client = open();
    next(*client);
    auto const begun = std::chrono::steady_clock::now();
    live->close();
    EXPECT_TRUE(client->read_all().ends_with("0\r\n\r\n"));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{2});
    EXPECT_TRUE(open()->read_until("\r\n\r\n").starts_with("HTTP/1.1 503"));
}

} // namespace
} // namespace nguon::server
