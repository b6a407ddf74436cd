#include "core/limits/labels.hpp"
#include "tests/support/api_test.hpp"

#include <thread>

namespace nguon::server {
namespace {

using namespace std::chrono_literals;
using nguon::testing::Browser;
using nguon::testing::faults_of;
using nguon::testing::Fields;
using nguon::testing::key_of_problem;
using nlohmann::json;
using FaultsByPlace = std::map<std::string, std::string>;

constexpr auto* designs = "/api/v1/label-designs";

/// Labels that an enterprise draws up itself, by program and in the browser.
class LabelDesigns : public nguon::testing::ApiTest {
protected:
    void SetUp() override
    {
        ApiTest::SetUp();
        add_person("chu", Role::enterprise_owner, a.org);
        chu = std::make_unique<Browser>(signed_in("chu"));
    }

    std::string form_url() const { return "/console/batches/" + a.batch.text() + "/labels"; }
    std::string said(std::string_view key, std::vector<std::string> const& values = {})
    {
        return locale->text("vi", key, values);
    }

    static json a_design()
    {
        return {{"name", "Tem hộp quà"},
                {"symbols", "qr"},
                {"lines", {{{"field", "lot"}, {"size", "large"}}, {{"field", "text"}}}},
                {"text", "Bảo quản nơi khô mát"}};
    }

    std::string add(json const& design)
    {
        auto const made = post(designs, design);
        EXPECT_EQ(made.status, 201U) << made.body;
        return json::parse(made.body).value("id", "");
    }

    json drawn(json const& wanted)
    {
        auto const made = post("/api/v1/batches/" + a.batch.text() + "/label-jobs", wanted);
        EXPECT_EQ(made.status, 201U) << made.body;
        auto const url = "/api/v1/label-jobs/" + json::parse(made.body)["id"].get<std::string>();
        auto const end = std::chrono::steady_clock::now() + 20s;
        while (get(url)["state"] != "done" && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(10ms);
        auto const job = get(url);
        EXPECT_EQ(job["state"], "done") << job;
        return job;
    }

    static Fields form_of_design()
    {
        return {{"name", "Tem hộp quà"}, {"symbols", "qr"}, {"line1", "lot"},   {"size1", "large"}, {"line2", ""},
                {"size2", "normal"},     {"line3", "text"}, {"size3", "small"}, {"text", "Khô mát"}};
    }

    std::unique_ptr<Browser> chu;
};

TEST_F(LabelDesigns, AreCopiedIntoTheJobThatIsPrintedWithThem)
{
    json const wanted{{"stock", "a4-24"}, {"count", 3}, {"kind", "unit"}};
    auto usual = wanted;
    auto const before = drawn(usual);
    EXPECT_EQ(before["design"], "qr");
    EXPECT_EQ(before["keyed"], false);

    auto const design = add(a_design());
    usual["design"] = design;
    auto const job = drawn(usual);
    EXPECT_EQ(job["design"], design);
    auto const file = job["file"].get<std::string>();
    auto const pdf = owner->get(file).body;
    EXPECT_TRUE(pdf.starts_with("%PDF"));

    // What becomes of the design changes nothing about the job: drawn anew it has the same bytes.
    auto changed = a_design();
    changed["lines"] = {{{"field", "name"}}};
    changed.erase("text");
    auto const put_back = put(std::string{designs} + "/" + design, changed, "*");
    EXPECT_EQ(put_back.status, 200U) << put_back.body;
    EXPECT_EQ(json::parse(put_back.body)["version"], 2);
    EXPECT_EQ(owner->send("DELETE", std::string{designs} + "/" + design, {}, {}).status, 204U);
    auto const forgotten = write([&](db::Connection& c) -> Status {
        c.execute("UPDATE label_job SET file_until = NULL WHERE id = $1", {job["id"].get<std::string>()});
        c.execute("DELETE FROM label_file_piece WHERE job_id = $1", {job["id"].get<std::string>()});
        return Done{};
    });
    ASSERT_TRUE(forgotten.ok());
    auto const url = "/api/v1/label-jobs/" + job["id"].get<std::string>();
    EXPECT_EQ(owner->send("POST", url + "/redraw", {}, {}).status, 200U);
    auto const end = std::chrono::steady_clock::now() + 20s;
    while (get(url)["state"] != "done" && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(owner->get(file).body, pdf);
    EXPECT_TRUE(chu->get("/console/labels/" + job["id"].get<std::string>()).says("Tem hộp quà"));
}

TEST_F(LabelDesigns, ThatHaveNoRoomFailTheirJobAndItsPageNamesTheLine)
{
    auto wide = a_design();
    wide["text"] = std::string(100, 'W');
    auto const made = post("/api/v1/batches/" + a.batch.text() + "/label-jobs",
                           {{"stock", "a4-65"}, {"count", 1}, {"design", add(wide)}});
    auto const url = "/api/v1/label-jobs/" + json::parse(made.body)["id"].get<std::string>();
    auto const end = std::chrono::steady_clock::now() + 20s;
    while (get(url)["state"] != "failed" && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(get(url)["fault"], "label.line_overflow");
    auto const missing = locale->missing();
    auto const page = chu->get("/console/labels/" + json::parse(made.body)["id"].get<std::string>());
    EXPECT_TRUE(page.says(said("label.line_overflow", {std::string(100, 'W')}))) << page.body;
    EXPECT_EQ(locale->missing(), missing);
}

TEST_F(LabelDesigns, AreRefusedWithEveryFaultAtItsPlace)
{
    auto bad = a_design();
    bad["lines"].push_back({{"field", "lot"}});
    bad.erase("text");
    EXPECT_EQ(faults_of(post(designs, bad)),
              (FaultsByPlace{{"/lines/2/field", "label_design.twice"}, {"/text", "label_design.text_missing"}}));
    bad["lines"] = {{{"field", "price"}, {"size", "huge"}}};
    bad["symbols"] = "aztec";
    auto const faults = faults_of(post(designs, bad));
    EXPECT_EQ(faults.count("/symbols"), 1U);
    EXPECT_EQ(faults.count("/lines/0/field"), 1U);
    EXPECT_EQ(faults.count("/lines/0/size"), 1U);
    EXPECT_EQ(faults_of(post("/api/v1/batches/" + a.batch.text() + "/label-jobs",
                             {{"stock", "a4-24"}, {"count", 1}, {"design", b.design}})),
              (FaultsByPlace{{"/design", "label_design.unknown"}}))
        << "another enterprise's";
}

TEST_F(LabelDesigns, AreLimitedForEachOrganization)
{
    for (std::size_t i = 1; i < limits::label_designs_max; ++i) add(a_design());
    EXPECT_EQ(key_of_problem(post(designs, a_design())), "label_design.too_many");
    EXPECT_EQ(metrics.counter("limit_hits_total", "", {{"limit", "label_design.too_many"}}).value(), 1);
}

TEST_F(LabelDesigns, AreDrawnUpInTheBrowserAndChosenOnTheLabelScreen)
{
    auto fields = form_of_design();
    fields[6].second = "lot"; // line 3, again
    auto const refused = chu->post("/console/designs/new", fields);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says("id=\"f-line3-error\"")) << refused.body;
    EXPECT_TRUE(refused.says("id=\"f-text-error\"")); // nobody prints it now
    EXPECT_TRUE(refused.says("value=\"Tem hộp quà\""));

    EXPECT_EQ(chu->post("/console/designs/new", form_of_design()).header("Location"), "/console/printers?done=saved");
    auto const list = chu->get("/console/printers");
    EXPECT_TRUE(list.says("Số lô, Dòng chữ riêng"));
    auto const at = list.body.find("/console/designs/", list.body.find("Tem hộp quà"));
    auto const page = list.body.substr(at, list.body.find('"', at) - at);
    auto const id = page.substr(page.rfind('/') + 1);
    EXPECT_TRUE(chu->get(page).says("value=\"Khô mát\""));
    EXPECT_TRUE(chu->get(form_url()).says("<option value=\"" + id + "\">"));

    auto const picture = chu->get(form_url() + "/preview?stock=a4-24&design=" + id);
    EXPECT_EQ(picture.status, 200U);
    EXPECT_NE(picture.body, chu->get(form_url() + "/preview?stock=a4-24").body);
    auto const saved = chu->post(form_url(), {{"stock", "a4-24"}, {"count", "24"}, {"kind", "batch"}, {"design", id}});
    EXPECT_EQ(saved.status, 303U) << saved.body;
    EXPECT_TRUE(chu->get(saved.header("Location")).says("Tem hộp quà"));
    EXPECT_TRUE(chu->get(form_url()).says("<option value=\"" + id + "\" selected>")) << "as the last time";

    EXPECT_EQ(chu->post(page, {{"action", "remove"}}).header("Location"), "/console/printers?done=design_removed");
    EXPECT_EQ(chu->get(page).status, 404U);
    EXPECT_EQ(chu->get(form_url()).status, 200U);
}

TEST_F(LabelDesigns, ShowWhatTheyLookLikeOnEveryStockBeforeTheyAreKept)
{
    auto const query = [](std::string const& stock, std::string const& text) {
        return "?symbols=qr&line1=lot&size1=large&line4=text&size4=normal&text=" + text + "&stock=" + stock;
    };
    auto const shown = chu->get("/console/designs/trial" + query("a4-24", "Ngon"));
    EXPECT_EQ(shown.status, 200U);
    EXPECT_TRUE(shown.says("/console/designs/preview?stock=a4-24&amp;symbols=qr")) << shown.body;
    EXPECT_FALSE(shown.says("<html"));
    auto const picture = chu->get("/console/designs/preview" + query("a4-24", "Ngon"));
    EXPECT_EQ(picture.header("Content-Type"), "image/svg+xml");
    auto const cramped = chu->get("/console/designs/trial" + query("a4-65", std::string(100, 'W')));
    EXPECT_TRUE(cramped.says(said("label.line_overflow", {std::string(100, 'W')}))) << cramped.body;
    EXPECT_FALSE(cramped.says("<img"));
    auto const empty = chu->get("/console/designs/trial?symbols=qr&stock=a4-24");
    EXPECT_TRUE(empty.says(said("label_design.empty"))) << empty.body;
    EXPECT_TRUE(chu->get("/console/designs/trial?symbols=qr&line1=lot&stock=a4-0").says("a4-0"));

    auto const page = chu->get("/console/designs/new");
    EXPECT_TRUE(page.says("label_preview.js"));
    EXPECT_NE(page.header("Content-Security-Policy").find("script-src 'self';"), std::string::npos);
    auto fields = form_of_design();
    fields.emplace_back("action", "preview");
    fields.emplace_back("stock", "roll-50x30");
    auto const tried = chu->post("/console/designs/new", fields);
    EXPECT_EQ(tried.status, 200U);
    EXPECT_TRUE(tried.says("/console/designs/preview?stock=roll-50x30")) << "without script the button does it";
    EXPECT_EQ(get(designs)["items"].size(), 1U) << "nothing was kept beside what was there";
}

TEST_F(LabelDesigns, TheTrialOfAJobSaysWhatEveryFieldOfTheFormMeans)
{
    auto const at = [&](std::string const& query) { return chu->get(form_url() + "/trial?" + query); };
    auto const shown = at("stock=a4-24&design=datamatrix&kind=unit&count=30&first_position=20");
    EXPECT_EQ(shown.status, 200U);
    EXPECT_TRUE(shown.says("design=datamatrix")) << shown.body;
    EXPECT_TRUE(shown.says(said("console.label.trial.sheets", {"30", "3"}))) << shown.body;
    std::size_t printed = 0;
    for (auto at_label = shown.body.find("class=\"label\""); at_label != std::string::npos;
         at_label = shown.body.find("class=\"label\"", at_label + 1))
        ++printed;
    EXPECT_EQ(printed, 5U) << "of the sheet already begun";

    auto const uncounted = at("stock=a4-24&count=");
    EXPECT_EQ(uncounted.status, 200U);
    EXPECT_TRUE(uncounted.says(said("console.label.count") + ": ")) << uncounted.body;
    EXPECT_TRUE(at("stock=a4-24&count=1&first_position=25").says(said("console.label.first_position") + ": "));
    EXPECT_TRUE(at("stock=a4-24&count=1&design=none").says(said("label_design.unknown")));
    EXPECT_TRUE(at("stock=a4-24&count=1&design=qr-ean13").says("/labels/preview?") ||
                at("stock=a4-24&count=1&design=qr-ean13").says(said("label.gtin_missing")));
    EXPECT_EQ(browser().get(form_url() + "/trial?stock=a4-24&count=1").status, 303U) << "only for its people";
}

TEST_F(LabelDesigns, StocksStandInGroupsWithTheLastOneFirst)
{
    auto const first = chu->get(form_url());
    EXPECT_TRUE(first.says(said("console.label.stocks.recent"))) << "a job was printed already";
    EXPECT_EQ(chu->post(form_url(), {{"stock", "roll-60x40"}, {"count", "1"}, {"kind", "batch"}}).status, 303U);
    auto const page = chu->get(form_url()).body;
    auto const chosen = page.find("value=\"roll-60x40\" checked");
    ASSERT_NE(chosen, std::string::npos);
    EXPECT_LT(chosen, page.find("value=\"a4-65\""));
    EXPECT_LT(page.find("<details open>"), chosen);
    for (auto const* const group : {"own", "sheet", "small", "large"})
        EXPECT_NE(page.find(said(std::string{"console.label.stocks."} + group)), std::string::npos) << group;
}

} // namespace
} // namespace nguon::server
