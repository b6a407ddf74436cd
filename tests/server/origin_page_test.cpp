#include "db/printed_codes.hpp"
#include "server/app/complaints.hpp"
#include "server/app/events.hpp"
#include "server/app/labels.hpp"
#include "server/app/places.hpp"
#include "server/app/recalls.hpp"
#include "tests/support/province_test.hpp"

namespace nguon::server {
namespace {

constexpr auto authority_name = "Sở Khoa học và Công nghệ tỉnh Lai Châu";
constexpr auto recall_reason = "Độ ẩm vượt mức cho phép.";

/// What somebody sees who scans a code and has never heard of GS1.
class OriginPage : public nguon::testing::ProvinceTest {
protected:
    void SetUp() override
    {
        ProvinceTest::SetUp();
        officer = add_officer("hai.hoang", Role::province_operator);
        do_write([&](db::Connection& c) {
            OrganizationInput input;
            input.organization.kind = "authority";
            input.organization.name = authority_name;
            ASSERT_TRUE(app::register_organization(c, by(officer.text()), input).ok());
        });
    }

    app::Actor by(std::string const& subject) { return {subject, {}, "test", clock.now()}; }

    void recall(std::string const& subject)
    {
        do_write(
            [&](db::Connection& c) { ASSERT_TRUE(app::recall_batch(c, by(subject), tea.batch, recall_reason).ok()); });
    }

    nguon::testing::Answer page_of(Firm const& firm) { return browser().get("/t/" + firm.batch_code); }

    std::string today() { return format_date("vi", vietnam_date(clock.now())); }

    PersonId officer;
};

TEST_F(OriginPage, ARecalledLotSaysWhatWhyWhoWhenAndWhatToDo)
{
    EXPECT_FALSE(page_of(tea).says(say("origin.decision.by")));
    recall(officer.text());
    auto const page = page_of(tea);
    EXPECT_EQ(page.status, 200U);
    EXPECT_TRUE(page.says(say("origin.verdict.recalled")));
    EXPECT_TRUE(page.says(say("origin.decision.this_lot", {"L2611"})));
    EXPECT_TRUE(page.says(recall_reason));
    EXPECT_TRUE(page.says(std::string{"<dd>"} + authority_name));
    EXPECT_TRUE(page.says("<dt>" + say("origin.decision.at") + "</dt><dd>" + today()));
    EXPECT_TRUE(page.says(say("origin.what_to_do")));
    EXPECT_TRUE(page.says(say("origin.verdict.recalled.next")));
}

TEST_F(OriginPage, AFirmThatRecallsItselfIsNamed)
{
    recall("clerk"); // of the firm, without a grant of an authority
    auto const page = page_of(tea);
    EXPECT_TRUE(page.says("<dt>" + say("origin.decision.by") + "</dt><dd>Hợp tác xã Chè Bản Bo"));
    EXPECT_FALSE(page.says(authority_name));
}

TEST_F(OriginPage, ALaterCorrectionKeepsTheDayOfTheRecall)
{
    recall(officer.text());
    auto const recalled = today();
    clock.advance(std::chrono::hours{24 * 9});
    do_write([&](db::Connection& c) {
        auto actor = by("clerk");
        actor.org = tea.org;
        Batch corrected{.lot = "L2611"};
        corrected.note = "thùng 12";
        ASSERT_TRUE(app::change_batch(c, actor, tea.batch, corrected, "Ghi thêm").ok());
    });
    auto const page = page_of(tea);
    EXPECT_TRUE(page.says("<dt>" + say("origin.decision.at") + "</dt><dd>" + recalled));
    EXPECT_TRUE(page.says(authority_name));
}

TEST_F(OriginPage, ASuspendedFirmHidesNoRecall)
{
    auto client = signed_in("mai.lo");
    approve(client, tea);
    nguon::testing::Fields const suspend{
        {"decision", "suspend"}, {"version", "1"}, {"reason", "Chờ kết luận thanh tra."}};
    EXPECT_EQ(client.post(firm_url(tea) + "/decision", suspend, firm_url(tea)).status, 303U);
    auto const suspended = page_of(tea);
    EXPECT_TRUE(suspended.says(say("origin.verdict.suspended")));
    EXPECT_TRUE(suspended.says("Chờ kết luận thanh tra."));
    EXPECT_TRUE(suspended.says(std::string{"<dd>"} + authority_name));
    recall(officer.text());
    EXPECT_TRUE(page_of(tea).says(say("origin.verdict.recalled")));
}

TEST_F(OriginPage, ACancelledLabelOfARecalledLotIsRecalledFirst)
{
    std::string unit;
    do_write([&](db::Connection& c) {
        auto actor = by("clerk");
        actor.org = tea.org;
        app::LabelRequest wanted;
        wanted.batch = tea.batch;
        wanted.kind = "unit";
        wanted.stock = "a4-24";
        wanted.count = 1;
        auto const job = app::create_label_job(c, actor, wanted, {"http://127.0.0.1", true});
        ASSERT_TRUE(job.ok()) << job.error().key;
        unit = db::printed_codes::codes_of_job(c, tea.org, *job).front();
        c.execute("UPDATE printed_code SET status = 'void' WHERE code = $1", {unit});
    });
    EXPECT_TRUE(browser().get("/t/" + unit).says(say("origin.verdict.void_code")));
    recall(officer.text());
    EXPECT_TRUE(browser().get("/t/" + unit).says(say("origin.verdict.recalled")));
}

TEST_F(OriginPage, AnExpiredLotSaysSinceWhenAndWhatToDo)
{
    do_write([&](db::Connection& c) {
        auto actor = by("clerk");
        actor.org = rice.org;
        Batch old{.lot = "L2511"};
        old.made_on = "2025-11-01";
        old.expires_on = "2026-05-01";
        auto const batch = app::register_batch(c, actor, rice.product, old);
        ASSERT_TRUE(batch.ok());
        rice.batch_code = db::batches::find(c, rice.org, *batch)->code;
    });
    auto const page = page_of(rice);
    EXPECT_EQ(page.status, 200U);
    EXPECT_TRUE(page.says(say("origin.verdict.expired")));
    EXPECT_TRUE(page.says(say("origin.expired_on", {"01/05/2026"})));
    EXPECT_TRUE(page.says(say("origin.verdict.expired.next")));
}

TEST_F(OriginPage, AStepNamesOtherFirmsOnly)
{
    auto const named = [](std::string const& page) {
        auto const begin = page.find("<ol class=\"steps\">");
        return page.substr(begin, page.find("</ol>", begin) - begin);
    };
    do_write([&](db::Connection& c) {
        auto actor = by("clerk");
        actor.org = tea.org;
        app::NewEvent picking;
        picking.batch = tea.batch;
        picking.template_key = "tea.harvest";
        picking.values = {{"time", {to_iso(OffsetTime{clock.now() - std::chrono::hours{3}, vietnam_offset})}},
                          {"quantity", {"12"}},
                          {"quantity_unit", {"kg"}}};
        Place garden;
        garden.kind = "growing_area";
        garden.name = "Vườn Hợp Nhất";
        auto const place = app::register_place(c, actor, garden);
        ASSERT_TRUE(place.ok());
        picking.values["place"] = {place->text()};
        ASSERT_TRUE(app::record_event(c, actor, picking).ok());
    });
    auto const steps = named(page_of(tea).body);
    EXPECT_NE(steps.find("Vườn Hợp Nhất"), std::string::npos) << steps;
    EXPECT_EQ(steps.find("Hợp tác xã Chè Bản Bo"), std::string::npos) << steps;
    do_write([&](db::Connection& c) { c.execute("UPDATE event SET org_id = $1", {rice.org}); });
    EXPECT_NE(named(page_of(tea).body).find("Doanh nghiệp Gạo Tam Đường"), std::string::npos);
}

TEST_F(OriginPage, WhatIsNoCodeIsExplainedInPlainWords)
{
    auto const faulty = browser().get("/t/7K3M9QWX2B4C");
    EXPECT_EQ(faulty.status, 400U);
    EXPECT_TRUE(faulty.says(say("origin.verdict.unreadable")));
    auto const unknown = browser().get("/01/04006381333931/10/L7");
    EXPECT_EQ(unknown.status, 404U);
    EXPECT_TRUE(unknown.says("mã vạch 4006381333931 · lô L7"));
    EXPECT_TRUE(browser().get("/report?subject=/01/04006381333931/10/L7").says("mã vạch 4006381333931 · lô L7"));
}

TEST_F(OriginPage, TheCodeOfAReportLeadsToItsAnswer)
{
    std::string code;
    do_write([&](db::Connection& c) {
        app::Report report;
        report.topic = "wrong_data";
        report.text = "Hạn dùng khác bao bì";
        code = app::report_wrong_data(c, by("consumer"), report, tea.org, tea.product, {}).value_or("");
    });
    EXPECT_EQ(browser().get("/t/" + code).header("Location"), "/case/" + code);
}

} // namespace
} // namespace nguon::server
