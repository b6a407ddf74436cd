#include "db/reconciliations.hpp"
#include "server/app/sync_status.hpp"
#include "server/app/target_titles.hpp"
#include "tests/support/province_test.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Fields;
using nguon::testing::target_name;

class ProvinceSync : public nguon::testing::ProvinceTest {};

TEST_F(ProvinceSync, SynchronisationCountsEveryRecord)
{
    auto client = signed_in("mai.lo");
    approve(client, tea);
    auto const page = client.get("/province/sync");
    EXPECT_EQ(page.status, 200U);
    EXPECT_TRUE(page.says(say("province.sync.holds")));
    EXPECT_TRUE(page.says("6 = 6"));
    EXPECT_TRUE(page.says(say("sync.state.off"))); // the connector was never here
    do_write([&](db::Connection& c) {
        db::targets::TargetState state;
        state.target = target_name;
        state.state = "working";
        state.certificate_expires_at = clock.now() + std::chrono::days{30};
        state.skew = std::chrono::seconds{3};
        state.changed_at = clock.now();
        db::targets::put_state(c, state);
    });
    EXPECT_TRUE(client.get("/province/sync").says(say("sync.state.working")));
    EXPECT_TRUE(client.get("/province/sync").says("còn 30 ngày"));
    EXPECT_TRUE(client.get("/province/sync").says(say("province.sync.skew.ahead", {"3 giây"})));
    EXPECT_TRUE(client.get("/province/sync").says(say("province.sync.skew.harmless")));
    clock.advance(std::chrono::minutes{6});
    EXPECT_TRUE(client.get("/province/sync").says(say("province.sync.state.slow")));
    auto const held = client.get("/province/sync/records?state=held&org=" + rice.org.text());
    EXPECT_TRUE(held.says(say("delivery.hold.organization.pending")));
    EXPECT_TRUE(held.says("Gạo Séng cù"));
    EXPECT_FALSE(held.says("Chè Shan tuyết"));

    do_write([&](db::Connection& c) {
        c.execute("DELETE FROM delivery WHERE org_id = $1 AND aggregate_type = 'batch'", {rice.org});
    });
    EXPECT_TRUE(client.get("/province/sync").says(say("province.sync.broken")));
    EXPECT_TRUE(client.get("/province").says(say("province.sync.broken")));
}

TEST_F(ProvinceSync, SaysHowFarThePortalsClockIsAndWhoActs)
{
    auto client = signed_in("mai.lo");
    EXPECT_FALSE(client.get("/province/sync").says(say("province.sync.skew")));
    auto const see = [&](std::chrono::seconds skew) {
        do_write([&](db::Connection& c) {
            db::targets::TargetState state;
            state.target = target_name;
            state.state = "working";
            state.skew = skew;
            state.changed_at = clock.now();
            db::targets::put_state(c, state);
        });
        return client.get("/province/sync");
    };
    EXPECT_TRUE(see(std::chrono::seconds{0}).says(say("province.sync.skew.none")));
    auto const late = see(std::chrono::seconds{-40});
    EXPECT_TRUE(late.says(say("province.sync.skew.behind", {"40 giây"})));
    EXPECT_TRUE(late.says(say("alarm.skew.who")));
}

TEST_F(ProvinceSync, PortalsAreCalledByTheirTitle)
{
    auto client = signed_in("mai.lo");
    approve(client, tea);
    app::TargetTitles titles;
    services->titles = &titles;
    auto const put = [&](std::string const& name, std::string const& title) {
        do_write([&](db::Connection& c) {
            db::targets::Target target{name, "most", true, clock.now()};
            target.title = title;
            db::targets::put(c, target);
            titles.set(db::targets::labels(c));
        });
    };
    put(target_name, "");
    EXPECT_TRUE(client.get("/province/sync").says("<h2>Cổng quốc gia</h2>"));
    EXPECT_TRUE(client.get("/province/sync?lang=en").says("<h2>National portal</h2>"));
    put("du-phong", "");
    EXPECT_TRUE(client.get("/province/sync?lang=vi").says("<h2>Cổng quốc gia (du-phong)</h2>"));
    put("du-phong", "Cổng vùng Tây Bắc");
    auto const page = client.get("/province/sync");
    EXPECT_TRUE(page.says("<h2>Cổng vùng Tây Bắc</h2>"));
    EXPECT_TRUE(page.says("<h2>Cổng quốc gia</h2>"));
    EXPECT_TRUE(client.get("/province/sync/records?target=du-phong").says("Cổng vùng Tây Bắc"));
    EXPECT_TRUE(client.get("/province/sync/connect").says("Cổng vùng Tây Bắc"));
    EXPECT_TRUE(client.get("/province/sync/reconcile").says("Cổng vùng Tây Bắc"));
    add_person("tea.owner", Role::enterprise_owner, tea.org);
    auto const own = signed_in("tea.owner").get("/console/products/" + tea.product.text());
    EXPECT_TRUE(own.says("<strong>Cổng vùng Tây Bắc</strong>")) << "an enterprise sees it too";
    auto const states =
        database->read_now([now = clock.now()](db::Connection& c) -> Result<std::vector<app::TargetStatus>> {
            return app::sync_states(c, now);
        });
    EXPECT_EQ(states->front().label.title, "Cổng vùng Tây Bắc");
}

TEST_F(ProvinceSync, WhatWasRefusedGoesAgain)
{
    auto client = signed_in("mai.lo");
    approve(client, tea);
    settle(tea, "refused");
    auto const url = "/province/sync/records/" + std::string{target_name} + "/" + std::to_string(seq_of(tea));
    auto const page = client.get(url);
    EXPECT_EQ(page.status, 200U);
    EXPECT_TRUE(page.says(say("sync.class.refused")));
    EXPECT_TRUE(page.says("thiếu &lt;b&gt;ảnh&lt;/b&gt;"));
    EXPECT_TRUE(page.says("&quot;tax_code&quot;: &quot;0100109106&quot;")); // the payload
    EXPECT_EQ(client.post(url + "/retry", {}, url).status, 303U);
    EXPECT_EQ(counts(tea.org).pending, 1);
    EXPECT_TRUE(was_noted("sync.retry"));
    settle(tea, "delivered");
    EXPECT_EQ(client.post(url + "/retry", {}, "/province/slips").status, 409U); // nothing to retry

    settle(tea, "refused");
    Fields const all{{"target", target_name}, {"org", tea.org.text()}};
    EXPECT_EQ(client.post("/province/sync/retry", all, "/province/sync").status, 303U);
    EXPECT_EQ(counts(tea.org).refused, 0);
    EXPECT_TRUE(was_noted("sync.retry_refused"));
}

TEST_F(ProvinceSync, PausingNeedsAReasonAndIsNoted)
{
    auto client = signed_in("mai.lo");
    auto const bare = client.post("/province/sync/pause", {{"pause", "1"}, {"reason", " "}}, "/province/sync");
    EXPECT_EQ(bare.status, 400U);
    auto const done =
        client.post("/province/sync/pause", {{"pause", "1"}, {"reason", "Cổng bảo trì"}}, "/province/sync");
    EXPECT_EQ(done.status, 303U);
    EXPECT_TRUE(look<int>([](db::Connection& c) { return db::targets::is_paused(c) ? 1 : 0; }) == 1);
    EXPECT_TRUE(client.get("/province/sync").says(say("sync.state.paused")));
    client.post("/province/sync/pause", {{"pause", "0"}, {"reason", "Xong"}}, "/province/sync");
    EXPECT_TRUE(look<int>([](db::Connection& c) { return db::targets::is_paused(c) ? 1 : 0; }) == 0);
    EXPECT_TRUE(was_noted("sync.pause"));
    EXPECT_TRUE(was_noted("sync.resume"));
}

TEST_F(ProvinceSync, WhatAComparisonFoundIsShownAndDealtWith)
{
    auto client = signed_in("mai.lo");
    approve(client, tea);
    settle(tea, "delivered");
    auto const path = std::string{"/province/sync/reconcile"};
    EXPECT_TRUE(client.get(path).says(say("reconcile.never")));
    Fields const target{{"target", target_name}};
    EXPECT_EQ(client.post(path, target, path).status, 303U);
    EXPECT_TRUE(client.get(path).says(say("reconcile.state.asked")));
    EXPECT_TRUE(was_noted("sync.reconcile"));
    EXPECT_EQ(client.post(path, {{"target", "none"}}, path).status, 404U);
    do_write([&](db::Connection& c) {
        auto run = *db::reconciliations::next(c, target_name);
        run.state = "done";
        run.ended_at = clock.now();
        run.compared = 7;
        run.findings = 2;
        db::reconciliations::put(c, run);
        db::reconciliations::Finding finding;
        finding.target = target_name;
        finding.key = "k1";
        finding.kind = "differs";
        finding.seq = seq_of(tea);
        finding.org = tea.org;
        finding.detail = R"({"portal":"<b>khác</b>","sha256":"abc"})";
        db::reconciliations::report(c, finding, clock.now());
        finding.key = "k2";
        finding.kind = "lost";
        finding.seq = 0;
        finding.org = {};
        finding.detail = R"({"type":"batch","id":"B-17"})";
        db::reconciliations::report(c, finding, clock.now());
    });
    auto const page = client.get(path);
    EXPECT_TRUE(page.says(say("reconcile.found", {"2"})));
    EXPECT_TRUE(page.says(say("reconcile.finding.differs")));
    EXPECT_TRUE(page.says("&lt;b&gt;khác"));
    EXPECT_TRUE(page.says("“B-17”"));
    Fields fields{{"target", target_name}, {"key", "k1"}, {"kind", "differs"}, {"reason", " "}};
    EXPECT_EQ(client.post(path + "/close", fields, path).status, 400U);
    fields.back().second = "Cổng đã sửa lại";
    EXPECT_EQ(client.post(path + "/close", fields, path).status, 303U);
    EXPECT_EQ(client.post(path + "/close", fields, path).status, 404U) << "it is closed";
    EXPECT_TRUE(was_noted("sync.finding_closed"));
    EXPECT_FALSE(client.get(path).says(say("reconcile.finding.differs")));
}

TEST_F(ProvinceSync, SendingGoesOnAfterARestoreOnlyOnceEverythingWasCompared)
{
    auto client = signed_in("mai.lo");
    do_write([&](db::Connection& c) {
        db::targets::set_paused(c, true);
        db::reconciliations::ask(c, target_name, "full", "restore", clock.now());
    });
    Fields const resume{{"pause", "0"}, {"reason", "Xong"}};
    auto const refused = client.post("/province/sync/pause", resume, "/province/sync");
    EXPECT_EQ(refused.status, 409U);
    EXPECT_TRUE(refused.says(say("sync.reconcile_first")));
    do_write([&](db::Connection& c) {
        auto run = *db::reconciliations::next(c, target_name);
        run.state = "unsupported";
        run.ended_at = clock.now();
        db::reconciliations::put(c, run);
    });
    EXPECT_EQ(client.post("/province/sync/pause", resume, "/province/sync").status, 303U);
}

TEST_F(ProvinceSync, ACodeTellsWhereItIs)
{
    auto client = signed_in("mai.lo");
    for (auto const& text :
         {tea.batch_code, "http://127.0.0.1/t/" + tea.batch_code, "/t/" + tea.batch_code, std::string{"L2611"}}) {
        auto const page = client.get("/province/sync/where?code=" + http::percent_encode(text));
        EXPECT_TRUE(page.says("L2611")) << text;
        EXPECT_TRUE(page.says("Hợp tác xã Chè Bản Bo")) << text;
        EXPECT_TRUE(page.says(say("delivery.hold.organization.pending"))) << text;
    }
    EXPECT_TRUE(client.get("/province/sync/where?code=gao+seng").says("Gạo Séng cù"));
    EXPECT_TRUE(client.get("/province/sync/where?code=khong+co").says(say("province.where.empty")));
    EXPECT_TRUE(client.get("/province?query=" + tea.batch_code).says("/t/" + tea.batch_code));
    EXPECT_TRUE(client.get("/province?query=ban+bo").says(firm_url(tea)));
}

} // namespace
} // namespace nguon::server
