#include "tests/support/api_test.hpp"

namespace nguon::server {
namespace {

using nguon::testing::faults_of;
using nguon::testing::json;
using nguon::testing::key_of_problem;

/// Complaints and inspections as programs see them.
class CasesApi : public nguon::testing::ApiTest {};

TEST_F(CasesApi, AComplaintIsAskedExplainedAndAnswered)
{
    auto province = program(key_of(Role::province_operator));
    auto const path = "/api/v1/province/complaints/" + a.complaint;
    EXPECT_EQ(key_of_problem(post("/api/v1/complaints/" + a.complaint + "/explanations", {{"text", "x"}})),
              "complaint.not_asked");
    auto const asked = send(province, "POST", path + "/questions", {{"question", "Vì sao?"}});
    EXPECT_EQ(asked.status, 200U) << asked.body;
    EXPECT_EQ(json::parse(asked.body)["status"], "verifying");
    auto const own = get("/api/v1/complaints")["items"];
    ASSERT_EQ(own.size(), 1U); // nobody else's
    EXPECT_EQ(own[0]["question"], "Vì sao?");
    EXPECT_FALSE(own[0].contains("text"));
    EXPECT_EQ(post("/api/v1/complaints/" + a.complaint + "/explanations", {{"text", "In nhầm"}}).status, 200U);
    EXPECT_EQ(post("/api/v1/complaints/" + b.complaint + "/explanations", {{"text", "x"}}).status, 404U);

    auto const early = send(province, "POST", path + "/moves", {{"status", "answered"}});
    EXPECT_EQ(faults_of(early)["/answer"], "complaint.answer_missing");
    json const answer{{"status", "answered"}, {"answer", "Đã sửa"}, {"outcome", "upheld"}, {"on_product", true}};
    auto const answered = send(province, "POST", path + "/moves", answer);
    EXPECT_EQ(answered.status, 200U) << answered.body;
    EXPECT_EQ(json::parse(answered.body)["on_product"], true);
    EXPECT_EQ(get("/api/v1/complaints")["items"][0]["answer"], "Đã sửa");
    auto const figures = json::parse(province.get("/api/v1/province/complaint-figures").body)["items"];
    EXPECT_EQ(figures[0]["received"], 2);
    EXPECT_EQ(figures[0]["upheld"], 1);
    EXPECT_EQ(json::parse(province.get("/api/v1/province/complaints?status=open").body)["items"].size(), 1U);
}

TEST_F(CasesApi, AnInspectionIsPlannedByThoseWhoInspect)
{
    auto inspector = program(key_of(Role::inspector));
    auto plan = example("NewInspection");
    plan["organization_id"] = a.org.text();
    plan["inspector_id"] = a.person.text();
    plan["checklist_id"] = checklist();
    auto const made = send(inspector, "POST", "/api/v1/province/inspections", plan);
    ASSERT_EQ(made.status, 201U) << made.body;
    EXPECT_EQ(json::parse(inspector.get(made.header("Location")).body)["status"], "planned");
    plan["product_id"] = b.product.text();
    EXPECT_EQ(send(inspector, "POST", "/api/v1/province/inspections", plan).status, 400U);
    auto province = program(key_of(Role::province_operator));
    EXPECT_EQ(send(province, "POST", "/api/v1/province/inspections", plan).status, 403U);
    EXPECT_EQ(json::parse(province.get("/api/v1/province/inspections?state=planned").body)["items"].size(), 3U);
    EXPECT_EQ(json::parse(province.get("/api/v1/province/sanctions").body)["items"].size(), 2U);
    EXPECT_EQ(owner->get("/api/v1/province/inspections").status, 403U);
}

} // namespace
} // namespace nguon::server
