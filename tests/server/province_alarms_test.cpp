#include "db/alarms.hpp"
#include "server/app/alarms.hpp"
#include "tests/support/province_test.hpp"

namespace nguon::server {
namespace {

class ProvinceAlarms : public nguon::testing::ProvinceTest {
protected:
    void adjust() override { settings.alarm_channels = {"email"}; }

    void SetUp() override
    {
        ProvinceTest::SetUp();
        services->alarms = &board;
    }

    /// A portal that stopped for a reason that only people can mend.
    void raise()
    {
        do_write([&](db::Connection& c) {
            app::Condition condition{"stopped_identity", nguon::testing::target_name, db::alarms::Severity::high};
            condition.detail = {{"count", 12}, {"text", "403 <b>chứng thư</b>"}};
            app::keep_alarms(c, {condition}, clock.now(), settings.alarm_channels);
            board.set(db::alarms::standing(c));
        });
    }

    app::AlarmBoard board;
};

TEST_F(ProvinceAlarms, StandOnEveryPageUntilSomebodyTakesThemOn)
{
    auto client = signed_in("mai.lo");
    auto const title = say("alarm.stopped_identity.title", {"“" + std::string{nguon::testing::target_name} + "”"});
    EXPECT_FALSE(client.get("/province").says(title));
    EXPECT_TRUE(client.get("/province/alarms").says(say("province.alarms.none")));
    raise();
    EXPECT_TRUE(client.get("/province").says(title));
    EXPECT_TRUE(client.get("/province/slips").says("href=\"/province/alarms\""));
    auto const page = client.get("/province/alarms");
    EXPECT_TRUE(page.says(title));
    EXPECT_TRUE(page.says(say("alarm.stopped_identity.who")));
    EXPECT_TRUE(page.says("403 &lt;b&gt;"));
    auto const id = board.get()->front().id;
    auto const url = "/province/alarms/" + id + "/acknowledge";
    auto const bare = client.post(url, {{"reason", " "}}, "/province/alarms");
    EXPECT_EQ(bare.status, 400U);
    EXPECT_TRUE(bare.says(say("alarm.reason_missing")));
    EXPECT_EQ(client.post(url, {{"reason", "An gọi nơi cấp chứng thư"}}, "/province/alarms").status, 303U);
    EXPECT_TRUE(client.get("/province/alarms").says("An gọi nơi cấp chứng thư"));
    EXPECT_TRUE(client.get("/province/alarms").says("Lò Thị Mai"));
    EXPECT_FALSE(client.get("/province").says(title));
    EXPECT_TRUE(was_noted("alarm.acknowledge"));
    EXPECT_EQ(client.post("/province/alarms/none/acknowledge", {{"reason", "x"}}, "/province/alarms").status, 404U);
}

TEST_F(ProvinceAlarms, AreForThoseWhoSeeSynchronisation)
{
    raise();
    add_officer("an.vi", Role::province_operator, nguon::testing::bo_commune);
    auto limited = signed_in("an.vi");
    EXPECT_EQ(limited.get("/province/alarms").status, 200U);
    auto const url = "/province/alarms/" + board.get()->front().id + "/acknowledge";
    EXPECT_EQ(limited.post(url, {{"reason", "x"}}, "/province").status, 403U);
    EXPECT_EQ(limited.post("/province/alarms/test", {}, "/province").status, 403U);
    add_person("chu", Role::enterprise_owner, tea.org);
    auto owner = signed_in("chu");
    EXPECT_EQ(owner.get("/province/alarms").status, 403U);
    EXPECT_FALSE(owner.get("/console").says("/province/alarms"));
}

TEST_F(ProvinceAlarms, ATrialIsQueuedOnEveryChannel)
{
    auto client = signed_in("mai.lo");
    EXPECT_TRUE(client.get("/province/alarms").says(say("province.alarms.channel.unused")));
    EXPECT_EQ(client.post("/province/alarms/test", {}, "/province/alarms").status, 303U);
    EXPECT_TRUE(was_noted("alarm.trial"));
    auto const due = look<std::vector<db::alarms::Notice>>(
        [&](db::Connection& c) { return db::alarms::due(c, "email", clock.now(), 10); });
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].reason, "trial");
    settings.alarm_channels.clear();
    EXPECT_EQ(client.post("/province/alarms/test", {}, "/province").status, 400U);
    EXPECT_TRUE(client.get("/province/alarms").says(say("province.alarms.no_channels")));
}

} // namespace
} // namespace nguon::server
