#include "server/app/inspections.hpp"

#include "core/office/word_document.hpp"
#include "db/sanctions.hpp"
#include "scanner/picture_workers.hpp"
#include "server/app/catalogues.hpp"
#include "server/app/checklists.hpp"
#include "server/app/inspection_figures.hpp"
#include "server/app/sanctions.hpp"
#include "server/file_worker.hpp"
#include "tests/support/province_test.hpp"
#include "tests/support/zip_archive.hpp"

namespace nguon::server {
namespace {

using namespace std::chrono_literals;
using nguon::testing::Answer;
using nguon::testing::bo_commune;
using nguon::testing::Browser;
using nguon::testing::Fields;
using nguon::testing::post_files;
using nguon::testing::tam_commune;
using nguon::testing::Upload;

WorkerPoolOptions one_worker()
{
    WorkerPoolOptions options;
    options.arguments = {std::string{file_worker_argument}};
    options.processes = 1;
    return options;
}

/// An inspector with a telephone, an operator at the desk, the firm.
class Inspections : public nguon::testing::ProvinceTest {
protected:
    Inspections() : pool_{one_worker()}, pictures_{pool_} {}

    void adjust() override { pictures = &pictures_; }

    void SetUp() override
    {
        ProvinceTest::SetUp();
        do_write([](db::Connection& c) { EXPECT_TRUE(app::load_checklists(c).ok()); });
        inspector = add_officer("thanh.tra", Role::inspector).text();
        add_person("che.banbo", Role::enterprise_owner, tea.org);
        checklist = look<std::string>([](db::Connection& c) { return db::inspections::checklists(c).front().id; });
        items = look<std::size_t>(
            [&](db::Connection& c) { return db::inspections::find_checklist(c, checklist)->items.size(); });
    }

    Fields plan() const
    {
        return {{"organization", tea.org.text()},
                {"product", tea.product.text()},
                {"batch", tea.batch.text()},
                {"planned_on", "2026-11-24"},
                {"inspector", inspector},
                {"basis", "Kế hoạch 12/KH-SKHCN"},
                {"purpose", ""},
                {"checklist", checklist}};
    }

    std::string planned(Browser& client)
    {
        auto const answer = client.post("/province/inspections/new", plan());
        EXPECT_EQ(answer.status, 303U) << answer.body;
        return answer.header("Location");
    }

    /// The answers of all items, `unmet` of them not met.
    Fields answers(std::size_t unmet = 0) const
    {
        Fields out;
        for (std::size_t i = 1; i <= items; ++i)
            out.emplace_back("r-" + std::to_string(i), i <= unmet ? "unmet" : "met");
        return out;
    }

    static Fields conclusion(std::string const& word, Fields more = {})
    {
        Fields out{{"place", "Xưởng Bản Bo"}, {"latitude", "22.3364"}, {"longitude", "103.4512"},
                   {"present", "Lò Văn Ún"},  {"opinion", ""},         {"finding", "Kho gọn."},
                   {"conclusion", word}};
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }

    /// Filled in and ended at that address.
    Answer finish(Browser& client, std::string const& url, std::size_t unmet = 0)
    {
        EXPECT_EQ(client.post(url, answers(unmet)).status, 303U);
        Fields last = conclusion(unmet == 0 ? "compliant" : "minor", {{"finish", "1"}});
        if (unmet > 0) last.insert(last.end(), {{"action-1", "Ghi nhật ký mỗi ngày"}, {"due-1", "2026-12-01"}});
        return client.post(url, last);
    }

    static Upload photo(std::string const& field)
    {
        auto const png = scanner::encode_png(scanner::blank_picture(64, 48, scanner::Colors::rgb, 90));
        return {field, "anh.png", "image/png", png.value_or("")};
    }

    std::string inspector;
    std::string checklist;
    std::size_t items = 0;

private:
    WorkerPool pool_;
    scanner::PictureWorkers pictures_;
};

TEST_F(Inspections, ArePlannedFilledInAndSigned)
{
    auto client = signed_in("thanh.tra");
    auto const url = planned(client);
    EXPECT_TRUE(client.get("/province/inspections?state=planned").says(url));
    auto const form = client.get(url + "?step=1");
    EXPECT_TRUE(form.says("name=\"r-1\""));
    EXPECT_TRUE(form.says("draft.js"));
    EXPECT_TRUE(form.header("Content-Security-Policy").find("script-src 'self'") != std::string::npos);
    EXPECT_EQ(client.get("/province/inspections").header("Content-Security-Policy").find("script-src"),
              std::string::npos);

    // A draft is the server's from its first step on.
    auto const saved =
        post_files(client, url, {{"r-1", "unmet"}, {"n-1", "Không có phân công"}, {"next", "2"}}, {photo("p-1")});
    EXPECT_EQ(saved.status, 303U) << saved.body;
    EXPECT_TRUE(saved.header("Location").find("step=2") != std::string::npos);
    auto const again = client.get(url + "?step=1");
    EXPECT_TRUE(again.says("value=\"unmet\" checked"));
    EXPECT_TRUE(again.says("Không có phân công"));
    EXPECT_TRUE(again.says("class=\"thumb\""));

    auto const early = client.post(url, conclusion("minor", {{"finish", "1"}}));
    EXPECT_EQ(early.status, 409U);
    EXPECT_TRUE(early.says(say("inspection.items_missing", {std::to_string(items - 1)})));
    EXPECT_TRUE(client.get(url + "?step=99").says("Kho gọn.")); // what was typed is kept

    EXPECT_EQ(client.post(url, answers(1)).status, 303U);
    auto const without = client.post(url, conclusion("minor", {{"finish", "1"}}));
    EXPECT_EQ(without.status, 400U);
    EXPECT_TRUE(without.says(say("inspection.action_missing")));
    EXPECT_EQ(finish(client, url, 1).status, 303U);
    auto const page = client.get(url);
    EXPECT_TRUE(page.says("0001/2026"));
    EXPECT_TRUE(page.says("Ghi nhật ký mỗi ngày"));
    EXPECT_EQ(client.post(url, answers(), "/province/inspections").status, 409U); // it is over

    auto const record = client.get(url + "/record");
    EXPECT_EQ(record.status, 200U);
    auto const text = nguon::testing::read_zip(record.body).at("word/document.xml");
    for (auto const* part : {"Lò Văn Ún", "0001/2026", "22.33640, 103.45120", "ĐẠI DIỆN CƠ SỞ", "Ghi nhật ký mỗi ngày"})
        EXPECT_NE(text.find(part), std::string::npos) << part;
    EXPECT_EQ(client.get(url + "/record?format=pdf").status, 503U); // no program for it here

    EXPECT_EQ(client.post(url + "/actions", {{"number", "1"}, {"note", ""}}, url).status, 400U);
    EXPECT_EQ(client.post(url + "/actions", {{"number", "1"}, {"note", "Đã xem sổ"}}, url).status, 303U);
    EXPECT_TRUE(client.get("/province/inspections?state=finished").says(say("inspection.status.settled")));
    EXPECT_TRUE(was_noted("inspection.finish"));
}

TEST_F(Inspections, APlanIsChecked)
{
    auto client = signed_in("thanh.tra");
    auto const refused = [&](char const* name, std::string const& value, std::string const& key) {
        auto fields = plan();
        for (auto& field : fields)
            if (field.first == name) field.second = value;
        auto const answer = client.post("/province/inspections/new", fields);
        EXPECT_EQ(answer.status, 400U) << name;
        EXPECT_TRUE(answer.says(say(key))) << name;
    };
    refused("product", rice.product.text(), "inspection.product_foreign");
    refused("batch", rice.batch.text(), "inspection.batch_foreign");
    refused("basis", "", "inspection.basis_missing");
    refused("checklist", "x", "checklist.unknown");
    refused("organization", "x", "organization.unknown");
    auto const url = planned(client);
    auto const lost = client.post(url, conclusion("minor", {{"action-1", "x"}, {"due-1", "mai"}}));
    EXPECT_EQ(lost.status, 400U);
    EXPECT_TRUE(lost.says(say("inspection.action_due")));
    auto far = conclusion("minor");
    far[1].second = "999";
    EXPECT_TRUE(client.post(url, far).says(say("inspection.position")));
}

TEST_F(Inspections, StayWithinTheArea)
{
    auto client = signed_in("thanh.tra");
    auto const url = planned(client);
    add_officer("xa.tam", Role::inspector, tam_commune);
    auto elsewhere = signed_in("xa.tam");
    EXPECT_EQ(elsewhere.get(url).status, 404U);
    EXPECT_EQ(elsewhere.get(url + "/record").status, 404U);
    EXPECT_EQ(elsewhere.post(url, answers(), "/province/inspections").status, 404U);
    EXPECT_FALSE(elsewhere.get("/province/inspections").says(url));
    EXPECT_EQ(elsewhere.get("/province/inspect?code=/t/" + tea.batch_code).status, 404U);
    EXPECT_EQ(elsewhere.post("/province/inspections/new", plan()).status, 400U);
    auto operator_ = signed_in("mai.lo"); // looks, but does not inspect
    EXPECT_EQ(operator_.get(url).status, 200U);
    EXPECT_EQ(operator_.post(url, answers(), "/province/inspections").status, 403U);
}

TEST_F(Inspections, AScanOpensTheInspectorsView)
{
    auto client = signed_in("thanh.tra");
    auto const url = planned(client);
    EXPECT_EQ(finish(client, url).status, 303U);
    auto const scanned = client.get("/t/" + tea.batch_code);
    EXPECT_TRUE(scanned.says("/province/inspect?code=%2Ft%2F" + tea.batch_code));
    auto const stranger = browser().get("/t/" + tea.batch_code);
    EXPECT_FALSE(stranger.says("/province/inspect"));
    auto const seen = client.get("/province/inspect?code=" + tea.batch_code);
    EXPECT_EQ(seen.status, 200U) << seen.body;
    EXPECT_TRUE(seen.says("L2611"));
    EXPECT_TRUE(seen.says(url));
    EXPECT_TRUE(seen.says("/province/inspections/new?organization=" + tea.org.text()));
    EXPECT_TRUE(client.get("/province/inspections/new?organization=" + tea.org.text()).says("Chè Shan tuyết"));
    EXPECT_EQ(client.get("/province/inspect?code=abc").status, 400U);
    EXPECT_EQ(client.get("/province/inspect").status, 200U);
}

TEST_F(Inspections, TakeFromDisplayAndPutBack)
{
    auto officer = signed_in("mai.lo");
    EXPECT_EQ(approve(officer, tea).status, 303U);
    EXPECT_EQ(publish(officer, tea).status, 303U);
    auto const impose = [&](std::string const& kind) {
        return officer.post("/province/sanctions/new",
                            {{"subject", "product"},
                             {"kind", kind},
                             {"reason", "Tem không khớp hàng."},
                             {"organization", tea.org.text()},
                             {"product", tea.product.text()}},
                            "/province/sanctions/new?organization=" + tea.org.text());
    };
    EXPECT_EQ(impose("ban").status, 400U);
    EXPECT_EQ(impose("suspend").status, 303U);
    EXPECT_EQ(impose("suspend").status, 409U);
    auto const page = browser().get("/t/" + tea.batch_code);
    EXPECT_TRUE(page.says(say("origin.verdict.suspended")));
    EXPECT_TRUE(page.says("Tem không khớp hàng."));
    auto const sanction = look<db::sanctions::Sanction>(
        [&](db::Connection& c) { return db::sanctions::standing(c, tea.product.text()); });
    EXPECT_EQ(sanction.explain_due_at, clock.now() + 24h);

    auto owner = signed_in("che.banbo");
    EXPECT_TRUE(owner.get("/console/complaints").says("/console/sanctions/" + sanction.id));
    auto const url = "/console/sanctions/" + sanction.id;
    EXPECT_EQ(owner.post(url, {{"text", ""}}).status, 400U);
    EXPECT_EQ(owner.post(url, {{"text", "Đã in lại tem."}}).status, 303U);
    EXPECT_TRUE(officer.get("/province/sanctions").says("Đã in lại tem."));
    auto const lift = "/province/sanctions/" + sanction.id + "/lift";
    EXPECT_EQ(officer.post(lift, {{"reason", ""}}, "/province/sanctions").status, 400U);
    EXPECT_EQ(officer.post(lift, {{"reason", "Đã khắc phục."}}, "/province/sanctions").status, 303U);
    EXPECT_FALSE(browser().get("/t/" + tea.batch_code).says("Tem không khớp hàng."));

    EXPECT_EQ(impose("withdraw").status, 303U);
    EXPECT_TRUE(browser().get("/t/" + tea.batch_code).says(say("origin.verdict.display_withdrawn")));
    auto const withdrawn = look<db::sanctions::Sanction>(
        [&](db::Connection& c) { return db::sanctions::standing(c, tea.product.text()); });
    EXPECT_EQ(
        officer.post("/province/sanctions/" + withdrawn.id + "/lift", {{"reason", "x"}}, "/province/sanctions").status,
        409U);
    EXPECT_EQ(publish(officer, tea).status, 303U); // a new approval ends it
    EXPECT_FALSE(look<bool>([&](db::Connection& c) { return db::sanctions::standing(c, tea.product.text()).ok(); }));
    EXPECT_TRUE(was_noted("sanction.withdraw"));
}

TEST_F(Inspections, ADecisionOnTheApprovalPageIsInTheRegisterToo)
{
    auto officer = signed_in("mai.lo");
    EXPECT_EQ(approve(officer, tea).status, 303U);
    Fields const suspend{{"decision", "suspend"}, {"version", "1"}, {"reason", "Chưa nộp báo cáo."}};
    EXPECT_EQ(officer.post(firm_url(tea) + "/decision", suspend, firm_url(tea)).status, 303U);
    EXPECT_TRUE(officer.get("/province/sanctions").says("Chưa nộp báo cáo."));
    EXPECT_EQ(approve(officer, tea).status, 303U);
    EXPECT_FALSE(look<bool>([&](db::Connection& c) { return db::sanctions::standing(c, tea.org.text()).ok(); }));
}

TEST_F(Inspections, AreCountedByQuarter)
{
    auto client = signed_in("thanh.tra");
    EXPECT_EQ(finish(client, planned(client), 2).status, 303U);
    EXPECT_EQ(finish(client, planned(client)).status, 303U);
    auto const count = [&](Instant now) {
        return look<app::QuarterFigures>([&](db::Connection& c) {
            return app::quarter_figures(c, {}, app::quarter_of(vietnam_date(clock.now())), now);
        });
    };
    auto const figures = count(clock.now());
    EXPECT_EQ(figures.inspections.finished, 2);
    EXPECT_EQ(figures.inspections.organizations, 1);
    EXPECT_EQ(figures.inspections.compliant, 1);
    EXPECT_EQ(figures.inspections.minor, 1);
    EXPECT_EQ(figures.inspections.actions, 1);
    EXPECT_EQ(figures.inspections.actions_late, 0);
    EXPECT_EQ(figures.unmet.size(), 2U);
    EXPECT_EQ(figures.list.size(), 2U);
    EXPECT_EQ(count(clock.now() + 24h * 20).inspections.actions_late, 1);
    EXPECT_EQ(to_iso(app::quarter_of(*parse_date("2026-11-21")).due()), "2026-12-24");
    EXPECT_EQ(to_iso(app::quarter_of(*parse_date("2026-03-31")).past_the_end()), "2026-04-01");

    EXPECT_TRUE(client.get("/province/inspection-report").says("2026-4"));
    auto const word = client.get("/province/inspection-report?quarter=2026-4&format=docx");
    EXPECT_NE(nguon::testing::read_zip(word.body).at("word/document.xml").find("4/2026"), std::string::npos);
    EXPECT_EQ(client.get("/province/inspection-report?quarter=2026-4&format=xlsx").status, 200U);
    // The clock of the report: before the 25th of the quarter's last month.
    clock.set(start_of_day(*parse_date("2026-12-24")) + 23h);
    client = signed_in("thanh.tra");
    EXPECT_TRUE(client.get("/province/inspection-report").says("class=\"chip warn\""));
    clock.advance(1h);
    client = signed_in("thanh.tra");
    EXPECT_TRUE(client.get("/province/inspection-report").says("class=\"chip bad\""));
}

TEST_F(Inspections, AnOfficeBringsItsOwnChecklist)
{
    app::SheetRows const rows{{"Phần", "Mã", "Mức", "Nội dung", "Gợi ý"},
                              {"Kho", "K1", "nghiêm trọng", "Kho sạch", ""},
                              {"Kho", "K2", "nhẹ", "Có kệ", "Nhìn"}};
    auto const list = app::read_checklist(rows, "Danh mục của Sở", "QĐ 5/2026");
    ASSERT_TRUE(list.ok());
    EXPECT_EQ(list->items[0].weight, "critical");
    auto const add = [&] {
        return write([&](db::Connection& c) {
            return app::add_checklist(c, {"x", {}, "test", clock.now()},
                                      *app::read_checklist(rows, list->name, list->basis));
        });
    };
    ASSERT_TRUE(add().ok());
    EXPECT_EQ(add().error().key, "checklist.known");
    auto client = signed_in("thanh.tra");
    EXPECT_TRUE(client.get("/province/checklists").says("Danh mục của Sở"));
    EXPECT_EQ(client.post("/province/checklists", {{"retire", checklist}}).status, 303U);
    EXPECT_FALSE(client.get("/province/inspections/new").says("(mẫu)"));
    auto const faulty = app::read_checklist({{"Phần"}, {"Kho", "K1", "rất nặng", "Kho sạch"}}, "x", "y");
    ASSERT_FALSE(faulty.ok());
    EXPECT_EQ(faulty.error().fields.front().key, "checklist.row");
}

} // namespace
} // namespace nguon::server
