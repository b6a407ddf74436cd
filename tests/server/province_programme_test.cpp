#include "core/office/pdf.hpp"
#include "server/app/certificates.hpp"
#include "server/app/programme_outlook.hpp"
#include "server/app/programme_records.hpp"
#include "server/app/programme_report.hpp"
#include "tests/support/pdf_text.hpp"
#include "tests/support/province_test.hpp"
#include "tests/support/typed_form.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

using nguon::testing::bo_commune;
using nguon::testing::Fields;
using nguon::testing::output_of;
using nguon::testing::pdf_text;
using nguon::testing::TempDir;
using nlohmann::json;

class ProvinceProgramme : public nguon::testing::ProvinceTest {
protected:
    static constexpr auto home = "/province/programme/lai_chau";

    void load()
    {
        auto client = signed_in("mai.lo");
        auto const loaded = client.post("/province/programme", {{"name", "lai_chau"}}, "/province/programme");
        ASSERT_EQ(loaded.status, 303U) << loaded.body;
        ASSERT_TRUE(loaded.header("Location").starts_with(home));
    }

    static Fields certificate(std::string const& tax_code, std::string const& ends = "2028-01-31")
    {
        return {{"kind", "certificate"},
                {"title", "HACCP số 12/2026"},
                {"item", "haccp"},
                {"tax_code", tax_code},
                {"org_name", "Công ty A"},
                {"commune_code", ""},
                {"happened_on", "2026-02-01"},
                {"valid_to", ends},
                {"task", ""},
                {"replaces", ""}};
    }

    std::string record(nguon::testing::Browser& client, Fields fields)
    {
        auto const saved = client.post(std::string{home} + "/records/new", std::move(fields),
                                       std::string{home} + "/records/new?kind=certificate");
        EXPECT_EQ(saved.status, 303U) << saved.body;
        auto const location = saved.header("Location");
        return location.substr(0, location.find('?'));
    }

    std::string said_behind(app::Outlook const& one)
    {
        return say("province.home.behind", {std::to_string(one.behind), std::to_string(one.wanted)});
    }

    json figures_of_api()
    {
        auto client = signed_in("mai.lo");
        auto const answer = client.get("/api/v1/programme/indicators?plan=lai_chau&from=2026-01-01&to=2026-12-31");
        EXPECT_EQ(answer.status, 200U) << answer.body;
        auto const body = json::parse(answer.body);
        json out;
        for (auto const& each : body.at("indicators")) out[each["indicator"].get<std::string>()] = each;
        return out;
    }
};

TEST_F(ProvinceProgramme, TheHomePageSaysHowItStands)
{
    auto client = signed_in("mai.lo");
    EXPECT_FALSE(client.get("/province").says(home));
    load();
    client = signed_in("mai.lo");
    auto const page = client.get("/province");
    EXPECT_TRUE(page.says(std::string{"href=\""} + home)) << page.body;
    auto const all = look<std::vector<app::Outlook>>([&](db::Connection& c) { return app::outlooks(c, clock.now()); });
    ASSERT_EQ(all.size(), 1U);
    EXPECT_GT(all.front().behind, 0); // nothing was recorded
    EXPECT_TRUE(page.says(said_behind(all.front())));
    add_officer("vung.bo", Role::province_operator, nguon::testing::bo_commune);
    EXPECT_FALSE(signed_in("vung.bo").get("/province").says(home)); // figures are the whole province's
}

TEST(Outlook, IsBehindOnlyWhatItsForecastMissesToo)
{
    app::Figure figure;
    EXPECT_FALSE(app::is_behind(figure)); // no target
    figure.demand.at_least = 10;
    figure.value = 4;
    EXPECT_TRUE(app::is_behind(figure));
    figure.forecast = 12;
    EXPECT_FALSE(app::is_behind(figure));
    figure.forecast = 9;
    EXPECT_TRUE(app::is_behind(figure));
    figure.value = 10;
    EXPECT_FALSE(app::is_behind(figure));
}

TEST_F(ProvinceProgramme, ANumberLeadsToItsEvidenceAndItsFile)
{
    load();
    auto client = signed_in("mai.lo");
    auto const record_url = record(client, certificate("0100109106"));
    auto const page = client.get(std::string{home} + "?from=2026-01-01&to=2026-12-31");
    ASSERT_EQ(page.status, 200U) << page.body;
    EXPECT_TRUE(page.says("<strong>1</strong> doanh nghiệp"));
    EXPECT_TRUE(page.says(say("programme.paper.not_met")));
    auto const list = client.get(std::string{home} + "/indicators/certified?from=2026-01-01&to=2026-12-31");
    EXPECT_TRUE(list.says("HACCP số 12/2026"));
    EXPECT_TRUE(list.says(record_url));
    EXPECT_TRUE(client.get(record_url).says("0100109106"));
}

TEST_F(ProvinceProgramme, WithdrawnEvidenceLeavesTheFigureAndStaysToBeSeen)
{
    load();
    auto client = signed_in("mai.lo");
    auto const record_url = record(client, certificate("0100109106"));
    EXPECT_EQ(figures_of_api()["certified"]["value"], 1);
    auto const bare = client.post(record_url + "/withdraw", {{"reason", ""}}, record_url);
    EXPECT_EQ(bare.status, 400U);
    auto const done = client.post(record_url + "/withdraw", {{"reason", "ghi nhầm"}}, record_url);
    EXPECT_EQ(done.status, 303U) << done.body;
    EXPECT_EQ(figures_of_api()["certified"]["value"], 0);
    EXPECT_TRUE(client.get(record_url).says("ghi nhầm"));
    EXPECT_TRUE(was_noted("programme.withdraw"));
}

TEST_F(ProvinceProgramme, ScreenApiAndPapersSayTheSame)
{
    load();
    auto client = signed_in("mai.lo");
    record(client, certificate("0100109106"));
    record(client, certificate("0100233488"));
    record(client, certificate("0100233488"));
    auto const range = std::string{"?from=2026-01-01&to=2026-12-31"};
    auto const api = figures_of_api()["certified"];
    EXPECT_EQ(api["value"], 2);
    EXPECT_EQ(api["at_least"], 15);
    EXPECT_EQ(api["evidence"].size(), 3U);
    EXPECT_TRUE(client.get(home + range).says("<strong>2</strong> doanh nghiệp"));
    auto const docx = client.get(std::string{home} + "/report" + range + "&format=docx");
    ASSERT_EQ(docx.status, 200U);
    office::PdfOptions options;
    options.time_max = std::chrono::minutes{2};
    auto const pdf = office::PdfMaker{options}.make_now(docx.body);
    ASSERT_TRUE(pdf.ok());
    auto text = pdf_text(*pdf, "pdftotext -raw");
    std::ranges::replace(text, '\n', ' ');
    EXPECT_NE(text.find("sản xuất thông minh: 2 doanh nghiệp"), std::string::npos) << text;
    EXPECT_NE(text.find("KIỂM TRA, XỬ LÝ THEO QUÝ"), std::string::npos) << text;
    EXPECT_NE(text.find("Quý 4"), std::string::npos);
    EXPECT_NE(text.find("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), std::string::npos);
    auto const xlsx = client.get(std::string{home} + "/report" + range + "&format=xlsx");
    ASSERT_EQ(xlsx.status, 200U);
    EXPECT_TRUE(xlsx.body.starts_with("PK"));
    EXPECT_TRUE(xlsx.header("Content-Disposition").find("bao-cao-lai_chau") != std::string::npos);
}

TEST_F(ProvinceProgramme, AnExpiredCertificateLeavesTheCountAndTheConsumersPageByItself)
{
    load();
    auto client = signed_in("mai.lo");
    approve(client, tea);
    do_write([&](db::Connection& c) {
        Certificate paper;
        paper.kind = "organic";
        paper.number = "HC-77";
        paper.valid_from = "2026-01-01";
        paper.valid_to = to_iso(vietnam_date(clock.now() + std::chrono::hours{24 * 10}));
        app::Actor const actor{"clerk", tea.org, "test", clock.now()};
        EXPECT_TRUE(app::register_certificate(c, actor, paper, {}, {}).ok());
    });
    auto const value = [&] {
        return look<double>([&](db::Connection& c) -> Result<double> {
            auto const today = vietnam_date(clock.now());
            auto const all =
                app::indicators(c, "lai_chau", Date{today.year() / 1 / 1}, Date{today.year() / 12 / 31}, clock.now());
            return all->find("certified")->value.value_or(-1);
        });
    };
    auto const origin = [&] { return browser().get("/t/" + tea.batch_code).body; };
    EXPECT_EQ(value(), 1);
    EXPECT_NE(origin().find("HC-77"), std::string::npos);
    clock.advance(std::chrono::hours{24 * 12});
    EXPECT_EQ(value(), 0);
    EXPECT_EQ(origin().find("HC-77"), std::string::npos);
}

TEST_F(ProvinceProgramme, FreezesAndComparesWithTheYearBefore)
{
    load();
    auto client = signed_in("mai.lo");
    auto const frozen =
        client.post(std::string{home} + "/snapshots", {{"from", "2025-01-01"}, {"to", "2025-12-31"}}, home);
    ASSERT_EQ(frozen.status, 303U) << frozen.body;
    record(client, certificate("0100109106"));
    auto const page = client.get(std::string{home} + "?from=2026-01-01&to=2026-12-31");
    EXPECT_TRUE(page.says(say("programme.differences")));
    EXPECT_TRUE(page.says(say("programme.cause.added")));
}

TEST_F(ProvinceProgramme, NeedsAreRegisteredSelectedAndPlanned)
{
    load();
    auto client = signed_in("mai.lo");
    auto const needs = std::string{home} + "/needs";
    Fields const wanted{{"year", "2027"},         {"item", "haccp"},          {"detail", "HACCP cho xưởng"},
                        {"estimate", "60000000"}, {"tax_code", "0100109106"}, {"org_name", "Công ty A"},
                        {"commune_code", ""}};
    auto const saved = client.post(needs, wanted, needs);
    ASSERT_EQ(saved.status, 303U) << saved.body;
    EXPECT_EQ(client.post(needs, wanted, needs).status, 409U);
    auto const page = client.get(needs + "?year=2027");
    EXPECT_TRUE(page.says("60.000.000"));
    auto const at = page.body.find("/needs/");
    auto const id = page.body.substr(page.body.find("action=\"" + needs + "/") + std::string{"action=\""}.size(),
                                     needs.size() + 37);
    ASSERT_NE(at, std::string::npos);
    auto const chosen =
        client.post(id, {{"decision", "selected"}, {"year", "2027"}, {"reason", ""}}, needs + "?year=2027");
    EXPECT_EQ(chosen.status, 303U) << chosen.body;
    auto const plan = client.get(needs + "/plan?year=2027&format=docx");
    EXPECT_EQ(plan.status, 200U);
    EXPECT_TRUE(plan.body.starts_with("PK"));
    EXPECT_EQ(client.get(needs + "/plan?year=2027&format=xlsx").status, 200U);
}

TEST_F(ProvinceProgramme, OfficersOfAnAreaDoNotSeeTheProvincesFigures)
{
    load();
    add_officer("xa.bo", Role::commune_officer, bo_commune);
    auto client = signed_in("xa.bo");
    auto const refused = client.get(home);
    EXPECT_EQ(refused.status, 403U);
    EXPECT_TRUE(refused.says(say("programme.whole_province")));
    EXPECT_EQ(client.get("/api/v1/programme/indicators?plan=lai_chau").status, 403U);
}

TEST_F(ProvinceProgramme, APlanOfAnotherProvinceIsRefusedWithItsReason)
{
    auto client = signed_in("mai.lo");
    auto const refused = client.post("/province/programme", {{"name", "lang_son"}}, "/province/programme");
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says(say("programme.other_province", {"20"})));
}

} // namespace
} // namespace nguon::server
