#include "server/app/complaints.hpp"

#include "core/limits/cases.hpp"
#include "db/people.hpp"
#include "scanner/picture_workers.hpp"
#include "server/file_worker.hpp"
#include "tests/support/province_test.hpp"

namespace nguon::server {
namespace {

using namespace std::chrono_literals;
using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::Fields;
using nguon::testing::post_files;
using nguon::testing::Upload;

WorkerPoolOptions one_worker()
{
    WorkerPoolOptions options;
    options.arguments = {std::string{file_worker_argument}};
    options.processes = 1;
    return options;
}

/// A buyer, an officer, the firm.
class ComplaintCases : public nguon::testing::ProvinceTest {
protected:
    ComplaintCases() : pool_{one_worker()}, pictures_{pool_} {}

    void adjust() override { pictures = &pictures_; }

    void SetUp() override
    {
        ProvinceTest::SetUp();
        add_person("che.banbo", Role::enterprise_owner, tea.org);
        add_person("gao.tam", Role::enterprise_owner, rice.org);
    }

    static Fields typed(std::string const& subject, std::string const& phone = "0912000111")
    {
        return {{"subject", subject}, {"topic", "wrong_data"}, {"text", "Hạn dùng khác bao bì"}, {"phone", phone}};
    }

    static Upload photo()
    {
        auto const png = scanner::encode_png(scanner::blank_picture(64, 48, scanner::Colors::rgb, 180));
        return {"photo", "anh.png", "image/png", png.value_or("")};
    }

    /// A buyer reports the firm's lot; the code of the case.
    std::string report(Fields fields, std::vector<Upload> const& files = {})
    {
        auto buyer = browser();
        auto const answer = post_files(buyer, "/report", std::move(fields), files);
        EXPECT_EQ(answer.status, 303U) << answer.body;
        auto const location = answer.header("Location");
        return location.substr(6, 12);
    }
    std::string report() { return report(typed("/t/" + tea.batch_code)); }

    Answer move(Browser& officer, std::string const& code, Fields fields)
    {
        return officer.post("/province/complaints/" + code, std::move(fields));
    }

    db::complaints::Case find(std::string const& code)
    {
        return *database->read_now([&](db::Connection& c) { return db::complaints::find(c, code); });
    }

private:
    WorkerPool pool_;
    scanner::PictureWorkers pictures_;
};

TEST_F(ComplaintCases, GoFromTheBuyerToTheFirmAndBack)
{
    auto const code = report(typed("/t/" + tea.batch_code), {photo()});
    EXPECT_EQ(find(code).org, tea.org);
    auto officer = signed_in("mai.lo");
    auto const page = officer.get("/province/complaints/" + code);
    EXPECT_TRUE(page.says("Hạn dùng khác bao bì"));
    EXPECT_TRUE(page.says("class=\"thumb\""));
    EXPECT_FALSE(page.says("0912000111"));

    auto owner = signed_in("che.banbo");
    EXPECT_FALSE(owner.get("/console/complaints/" + code).says("Hạn dùng khác bao bì")); // not asked yet
    auto const asked = officer.post("/province/complaints/" + code + "/question",
                                    {{"question", "Vì sao hạn dùng in khác?"}}, "/province/complaints/" + code);
    EXPECT_EQ(asked.status, 303U) << asked.body;
    EXPECT_TRUE(owner.get("/console").says(say("cases.firm.asked", {"1"})));
    auto const seen = owner.get("/console/complaints/" + code);
    EXPECT_TRUE(seen.says("Vì sao hạn dùng in khác?"));
    EXPECT_FALSE(seen.says("0912000111"));
    EXPECT_FALSE(seen.says("class=\"thumb\"")); // the buyer's picture may tell who it was
    auto const explained = post_files(owner, "/console/complaints/" + code, {{"text", "In nhầm lô tem."}}, {photo()});
    EXPECT_EQ(explained.status, 303U) << explained.body;
    EXPECT_TRUE(officer.get("/province/complaints/" + code).says("In nhầm lô tem."));

    auto const answered = move(officer, code,
                               {{"status", "answered"},
                                {"outcome", "upheld"},
                                {"answer", "Đã in lại tem."},
                                {"on_product", "1"},
                                {"note", "xem biên bản"}});
    EXPECT_EQ(answered.status, 303U) << answered.body;
    auto const followed = browser().get("/case/" + code);
    EXPECT_TRUE(followed.says("Đã in lại tem."));
    EXPECT_TRUE(followed.says(say("report.step.explained")));
    EXPECT_FALSE(followed.says("xem biên bản"));
    EXPECT_FALSE(followed.says("In nhầm lô tem."));
    EXPECT_TRUE(browser().get("/t/" + tea.batch_code).says("Đã in lại tem."));
    EXPECT_FALSE(browser().get("/t/" + rice.batch_code).says("Đã in lại tem."));
    EXPECT_TRUE(was_noted("complaint.explained"));
}

TEST_F(ComplaintCases, ClocksRunInWorkingDays)
{
    // Saturday morning: two working days end with Tuesday, fifteen days fall on a Sunday and end with the Monday.
    auto const code = report();
    EXPECT_EQ(to_iso(find(code).answer_due_at), "2026-11-24T17:00:00.000Z");
    EXPECT_EQ(to_iso(find(code).settle_due_at), "2026-12-07T17:00:00.000Z");
    auto officer = signed_in("mai.lo");
    auto const late = [&] { return officer.get("/province/complaints?status=late").says("/complaints/" + code); };
    clock.set(find(code).answer_due_at - 1s);
    officer = signed_in("mai.lo"); // a session lasts half a day
    EXPECT_FALSE(late());
    EXPECT_TRUE(
        officer.get("/province/complaints/" + code).says(say("cases.left", {say("province.time.seconds", {"1"})})));
    clock.advance(1s);
    EXPECT_TRUE(late());
    EXPECT_TRUE(officer.get("/province").says(say("cases.home.late")));
    EXPECT_EQ(move(officer, code, {{"status", "verifying"}}).status, 303U);
    EXPECT_FALSE(late());
    clock.set(find(code).settle_due_at);
    officer = signed_in("mai.lo");
    EXPECT_TRUE(late());
    auto const figures = officer.get("/province/complaint-figures?from=2026-11-01&to=2026-12-31");
    EXPECT_TRUE(figures.says("0 %"));
}

TEST_F(ComplaintCases, TheFirmHasTwentyFourHours)
{
    auto const code = report();
    auto const ask = [&] {
        return write([&](db::Connection& c) {
            return app::ask_firm(c, {"officer", {}, "test", clock.now()}, code, "Vì sao?", 0);
        });
    };
    ASSERT_TRUE(ask().ok());
    EXPECT_EQ(find(code).firm_due_at, clock.now() + 24h);
    clock.advance(24h);
    auto owner = signed_in("che.banbo");
    auto const page = owner.get("/console/complaints/" + code);
    EXPECT_TRUE(page.says("class=\"chip bad\""));
    // Late is better than never.
    EXPECT_EQ(post_files(owner, "/console/complaints/" + code, {{"text", "Xin lỗi."}}).status, 303U);
    EXPECT_EQ(find(code).firm_answered_at, clock.now());

    auto other = signed_in("gao.tam");
    EXPECT_EQ(other.get("/console/complaints/" + code).status, 404U);
    EXPECT_EQ(post_files(other, "/console/complaints/" + code, {{"text", "x"}}, {}, "/console").status, 404U);
}

TEST_F(ComplaintCases, TheOfficeSetsItsClocksItself)
{
    auto officer = signed_in("mai.lo");
    auto const page = officer.get("/province/deadlines");
    EXPECT_TRUE(page.says(say("cases.deadline.complaint_answer")));
    auto const set = [&](std::string const& amount) {
        return officer.post("/province/deadlines",
                            {{"deadline", "complaint_settlement"}, {"amount", amount}, {"unit", "hours"}});
    };
    EXPECT_EQ(set("0").status, 400U);
    EXPECT_EQ(set("12").status, 303U);
    Fields const monday{{"day", "2026-11-23"}, {"working", "0"}, {"name", "Nghỉ theo quyết định"}};
    EXPECT_EQ(officer.post("/province/deadlines", monday).status, 303U);
    auto const code = report();
    EXPECT_EQ(find(code).settle_due_at, clock.now() + 12h);
    EXPECT_EQ(to_iso(find(code).answer_due_at), "2026-11-25T17:00:00.000Z"); // Tuesday and Wednesday
    EXPECT_TRUE(was_noted("deadline.change"));
    add_officer("kiem.toan", Role::province_auditor);
    auto auditor = signed_in("kiem.toan");
    EXPECT_EQ(auditor.post("/province/deadlines", monday, "/province").status, 403U);
}

TEST_F(ComplaintCases, AStepNeedsWhatItIsFor)
{
    auto const code = report();
    auto officer = signed_in("mai.lo");
    auto const refused = [&](Fields fields, char const* key) {
        auto const answer = move(officer, code, std::move(fields));
        EXPECT_EQ(answer.status, 400U) << key;
        EXPECT_TRUE(answer.says(say(key))) << key;
    };
    refused({{"status", "answered"}, {"outcome", "upheld"}, {"answer", ""}}, "complaint.answer_missing");
    refused({{"status", "answered"}, {"answer", "Đã xem"}}, "complaint.outcome_missing");
    refused({{"status", "closed"}}, "complaint.answer_missing");
    refused({{"status", "received"}}, "complaint.not_now");
    auto const seen = std::to_string(to_micros(find(code).changed_at));
    clock.advance(1s);
    EXPECT_EQ(move(officer, code, {{"status", "verifying"}, {"seen", seen}}).status, 303U);
    // Another officer who still looks at the page of before.
    EXPECT_EQ(move(officer, code, {{"status", "handled"}, {"seen", seen}}).status, 409U);
    EXPECT_EQ(move(officer, code, {{"status", "closed"}, {"answer", "Không đủ căn cứ."}}).status, 303U);
    EXPECT_FALSE(find(code).is_open());
    EXPECT_EQ(move(officer, code, {{"status", "verifying"}}).status, 303U);
    EXPECT_TRUE(find(code).is_open());
    EXPECT_FALSE(browser().get("/case/" + code).says("Không đủ căn cứ."));
}

TEST_F(ComplaintCases, ReportsOfOneThingAreJoined)
{
    auto const first = report();
    clock.advance(1min);
    auto const second = report();
    auto officer = signed_in("mai.lo");
    EXPECT_TRUE(officer.get("/province/complaints/" + second).says("/province/complaints/" + first));
    auto const url = "/province/complaints/" + second;
    EXPECT_EQ(officer.post(url + "/join", {{"main", first}}, url).status, 303U);
    EXPECT_FALSE(officer.get("/province/complaints?status=open").says("/complaints/" + second));
    EXPECT_EQ(move(officer, second, {{"status", "closed"}, {"answer", "x"}}).status, 409U);
    EXPECT_EQ(
        move(officer, first, {{"status", "answered"}, {"outcome", "upheld"}, {"answer", "Đã thu hồi tem."}}).status,
        303U);
    EXPECT_TRUE(browser().get("/case/" + second).says("Đã thu hồi tem."));
    auto const elsewhere = report(typed("/t/" + rice.batch_code));
    auto const third = report();
    auto const refused = write([&](db::Connection& c) {
        return app::join_complaint(c, {"officer", {}, "test", clock.now()}, elsewhere, third, 0);
    });
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "complaint.not_alike");
}

TEST_F(ComplaintCases, AFloodIsTurnedAway)
{
    app::Report typed_report;
    typed_report.topic = "other";
    typed_report.text = "x";
    auto const send = [&](ProductId const& product) {
        return write([&](db::Connection& c) {
            return app::report_wrong_data(c, {"consumer", {}, "test", clock.now()}, typed_report, tea.org, product, {});
        });
    };
    for (std::int64_t i = 0; i < limits::reports_per_subject_max; ++i) EXPECT_TRUE(send(tea.product).ok());
    auto const refused = send(tea.product);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "report.too_many_for_subject");
    EXPECT_TRUE(send(rice.product).ok());
    clock.advance(limits::report_window);
    EXPECT_TRUE(send(tea.product).ok());

    auto buyer = browser();
    auto fields = typed("/t/" + tea.batch_code);
    fields.emplace_back("website", "https://spam.example");
    auto const robot = post_files(buyer, "/report", fields);
    EXPECT_EQ(robot.status, 400U);
    EXPECT_TRUE(robot.says(say("report.robot")));
    EXPECT_TRUE(metrics.text().find("limit_hits_total{limit=\"report.robot\"} 1") != std::string::npos);
    unsigned last = 0;
    for (int i = 0; i < 12 && last != 429; ++i) last = post_files(buyer, "/report", typed("")).status;
    EXPECT_EQ(last, 429U);
}

TEST_F(ComplaintCases, WhoReportedIsForgottenAfterAYear)
{
    auto const code = report(typed("/t/" + tea.batch_code), {photo()});
    auto const forget = [&] {
        return *write([&](db::Connection& c) -> Result<std::int64_t> { return app::forget_reporters(c, clock.now()); });
    };
    auto officer = signed_in("mai.lo");
    EXPECT_EQ(move(officer, code, {{"status", "closed"}, {"answer", "Không đủ căn cứ."}}).status, 303U);
    clock.advance(limits::case_details_kept_time);
    EXPECT_EQ(forget(), 0);
    clock.advance(1s);
    EXPECT_EQ(forget(), 1);
    EXPECT_EQ(forget(), 0);
    officer = signed_in("mai.lo");
    EXPECT_TRUE(officer.get("/province/complaints/" + code).says(say("province.complaint.erased")));
    auto const phones = look<std::int64_t>([](db::Connection& c) {
        return c.query("SELECT count(*) FROM person_detail WHERE phone = '0912000111'").front().integer(0);
    });
    EXPECT_EQ(phones, 0);
}

} // namespace
} // namespace nguon::server
