#include "core/limits/labels.hpp"
#include "tests/support/api_test.hpp"

#include <thread>

namespace nguon::server {
namespace {

using namespace std::chrono_literals;
using nguon::testing::faults_of;
using nguon::testing::key_of_problem;
using nlohmann::json;
using FaultsByPlace = std::map<std::string, std::string>;

constexpr auto* printers = "/api/v1/label-printers";
constexpr auto* stocks = "/api/v1/label-stocks";

/// An enterprise's printers and measured stocks, and what they make of a job.
class LabelPrinters : public nguon::testing::ApiTest {
protected:
    std::string id_of(nguon::testing::Answer const& made)
    {
        EXPECT_EQ(made.status, 201U) << made.body;
        return json::parse(made.body).value("id", "");
    }

    json drawn(json const& wanted)
    {
        auto const made = post("/api/v1/batches/" + a.batch.text() + "/label-jobs", wanted);
        EXPECT_EQ(made.status, 201U) << made.body;
        auto const url = "/api/v1/label-jobs/" + json::parse(made.body)["id"].get<std::string>();
        for (auto const end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end;) {
            if (get(url)["state"] == "done") break;
            std::this_thread::sleep_for(10ms);
        }
        auto const job = get(url);
        EXPECT_EQ(job["state"], "done") << job;
        return job;
    }
};

TEST_F(LabelPrinters, DecideTheFileOfAJobOnAMeasuredRoll)
{
    auto const printer = id_of(post(printers, {{"name", "Máy in ở kho"}, {"format", "tspl"}, {"offset_x", "-0.5"}}));
    auto const roll = id_of(post(
        stocks,
        {{"name", "Cuộn 50 × 30"}, {"roll", true}, {"label_width", "50"}, {"label_height", "30"}, {"pitch_y", "32"}}));
    auto const job = drawn({{"stock", roll}, {"printer", printer}, {"count", 3}, {"kind", "unit"}});
    auto const file = job["file"].get<std::string>();
    EXPECT_TRUE(file.ends_with(".tspl")) << file;
    EXPECT_FALSE(job.contains("pdf"));
    auto const answer = owner->get(file);
    EXPECT_EQ(answer.header("Content-Type"), "application/octet-stream");
    EXPECT_NE(answer.body.find("BITMAP"), std::string::npos);
    EXPECT_EQ(sha256_hex(answer.body), job["sha256"]);

    // What was measured anew later changes nothing about a job that was made before.
    EXPECT_EQ(owner->send("DELETE", std::string{stocks} + "/" + roll, {}, {}).status, 204U);
    EXPECT_EQ(owner->send("DELETE", std::string{printers} + "/" + printer, {}, {}).status, 204U);
    EXPECT_EQ(owner->get(file).body, answer.body);
    add_person("chu", Role::enterprise_owner, a.org);
    EXPECT_TRUE(signed_in("chu").get("/console/labels/" + job["id"].get<std::string>()).says("Cuộn 50 × 30"));
}

TEST_F(LabelPrinters, OfOthersCannotBeUsed)
{
    auto const jobs = "/api/v1/batches/" + a.batch.text() + "/label-jobs";
    EXPECT_EQ(faults_of(post(jobs, {{"stock", b.stock}, {"printer", b.printer}, {"count", 1}})),
              (FaultsByPlace{{"/printer", "printer.unknown"}, {"/stock", "label.stock_unknown"}}));
    EXPECT_EQ(owner->get(std::string{printers} + "/" + b.printer).status, 404U);
    EXPECT_EQ(owner->send("DELETE", std::string{stocks} + "/" + b.stock, {}, {}).status, 404U);
}

TEST_F(LabelPrinters, AreRefusedWithEveryFaultAtItsPlace)
{
    EXPECT_EQ(
        faults_of(post(
            printers, {{"name", "x"}, {"format", "zpl"}, {"dpi", 250}, {"offset_x", "25"}, {"scale_y_percent", "80"}})),
        (FaultsByPlace{
            {"/dpi", "printer.dpi"}, {"/offset_x", "printer.range"}, {"/scale_y_percent", "printer.range"}}));
    EXPECT_EQ(faults_of(post(stocks, {{"name", "x"},
                                      {"columns", 3},
                                      {"rows", 8},
                                      {"label_width", "70"},
                                      {"label_height", "37"},
                                      {"pitch_x", "60"}}))
                  .count("/pitch_x"),
              1U);
}

TEST_F(LabelPrinters, AreLimitedForEachOrganization)
{
    for (std::size_t i = 1; i < limits::printers_max; ++i) id_of(post(printers, {{"name", "x"}, {"format", "pdf"}}));
    auto const refused = post(printers, {{"name", "x"}, {"format", "pdf"}});
    EXPECT_EQ(key_of_problem(refused), "printer.too_many");
    EXPECT_EQ(metrics.counter("limit_hits_total", "", {{"limit", "printer.too_many"}}).value(), 1);

    json const roll{{"name", "x"}, {"roll", true}, {"label_width", "50"}, {"label_height", "30"}, {"pitch_y", "32"}};
    for (std::size_t i = 1; i < limits::measured_stocks_max; ++i) id_of(post(stocks, roll));
    EXPECT_EQ(key_of_problem(post(stocks, roll)), "stock.too_many");
    EXPECT_EQ(metrics.counter("limit_hits_total", "", {{"limit", "stock.too_many"}}).value(), 1);
}

TEST_F(LabelPrinters, AreOfferedOnTheLabelScreen)
{
    add_person("chu", Role::enterprise_owner, a.org);
    auto const page = signed_in("chu").get("/console/batches/" + a.batch.text() + "/labels");
    EXPECT_TRUE(page.says("Máy in ở kho"));
    EXPECT_TRUE(page.says("value=\"" + a.stock + "\""));
    EXPECT_FALSE(page.says(b.stock));
}

} // namespace
} // namespace nguon::server
