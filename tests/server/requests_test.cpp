#include "server/app/personal_requests.hpp"

#include "db/people.hpp"
#include "server/app/catalogues.hpp"
#include "server/app/lot_file.hpp"
#include "tests/support/province_test.hpp"
#include "tests/support/zip_archive.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

using namespace std::chrono_literals;
using nguon::testing::bo_commune;
using nguon::testing::Browser;
using nguon::testing::Fields;
using nguon::testing::read_zip;
using nguon::testing::tam_commune;

/// People and authorities who ask, and the desk that answers.
class Requests : public nguon::testing::ProvinceTest {
protected:
    std::string ask(std::string const& kind, std::string const& name = "Lò Văn Ún")
    {
        auto buyer = browser();
        auto const answer = buyer.post(
            "/personal-data", {{"kind", kind}, {"name", name}, {"phone", "0912 000 111"}, {"text", "Số của tôi"}});
        EXPECT_EQ(answer.status, 303U) << answer.body;
        return answer.header("Location").substr(15, 12);
    }

    db::requests::PersonalRequest find(std::string const& code)
    {
        return *database->read_now([&](db::Connection& c) { return db::requests::find_personal(c, code); });
    }
};

TEST_F(Requests, PersonalDataAreErasedWithinTwoWorkingDays)
{
    PersonId grower;
    do_write([&](db::Connection& c) {
        grower = new_id<struct PersonKind>();
        db::people::insert(c, grower, tea.org, "grower", {.name = "Lò Văn Ún", .phone = "0912000111"}, clock.now());
    });
    auto const code = ask("erasure");
    EXPECT_EQ(to_iso(find(code).due_at), "2026-11-24T17:00:00.000Z"); // asked on a Saturday
    auto officer = signed_in("mai.lo");
    auto const url = "/province/personal-requests/" + code;
    auto const page = officer.get(url);
    EXPECT_TRUE(page.says("Số của tôi"));
    EXPECT_TRUE(page.says(grower.text()));
    EXPECT_EQ(officer.post(url, {{"outcome", "answered"}, {"answer", "Đã xóa."}, {"subject", ""}}).status, 400U);
    EXPECT_EQ(officer.post(url, {{"outcome", "answered"}, {"answer", ""}, {"subject", grower.text()}}).status, 400U);
    Fields const granted{{"outcome", "answered"}, {"answer", "Đã xóa."}, {"subject", grower.text()}};
    EXPECT_EQ(officer.post(url, granted).status, 303U);
    EXPECT_FALSE(look<bool>([&](db::Connection& c) { return db::people::find(c, grower).has_value(); }));
    EXPECT_FALSE(officer.get(url).says("Số của tôi"));
    EXPECT_TRUE(browser().get("/personal-data/" + code).says("Đã xóa."));
    EXPECT_EQ(officer.post(url, granted, "/province").status, 409U);
    EXPECT_TRUE(was_noted("person.erase"));
    EXPECT_TRUE(was_noted("personal_request.answered"));
}

TEST_F(Requests, ARefusalErasesNobody)
{
    auto const code = ask("erasure");
    auto const person = find(code).person;
    auto officer = signed_in("mai.lo");
    auto const url = "/province/personal-requests/" + code;
    EXPECT_EQ(officer.post(url, {{"outcome", "declined"}, {"answer", "Phải giữ theo luật."}}).status, 303U);
    EXPECT_TRUE(look<bool>([&](db::Connection& c) { return db::people::find(c, person).has_value(); }));
    EXPECT_EQ(find(code).status, "declined");
}

TEST_F(Requests, ThePersonalClockRunsOut)
{
    auto const code = ask("access");
    clock.set(find(code).due_at - 1s);
    auto officer = signed_in("mai.lo");
    EXPECT_TRUE(officer.get("/province/personal-requests").says("class=\"chip warn\""));
    clock.advance(1s);
    EXPECT_TRUE(officer.get("/province/personal-requests").says("class=\"chip bad\""));
    add_officer("xa.tam", Role::inspector, tam_commune);
    auto elsewhere = signed_in("xa.tam");
    EXPECT_EQ(elsewhere.get("/province/personal-requests/" + code).status, 404U);
    EXPECT_FALSE(elsewhere.get("/province/personal-requests").says(code));
}

TEST_F(Requests, APersonalRequestIsChecked)
{
    auto buyer = browser();
    auto const refused = buyer.post("/personal-data", {{"kind", "all"}, {"name", ""}, {"phone", "1"}, {"text", ""}});
    EXPECT_EQ(refused.status, 400U);
    EXPECT_EQ(buyer.get("/personal-data/0000000000").status, 400U);
}

TEST_F(Requests, TheCompleteFileOfALotIsDueInTwentyFourHours)
{
    auto officer = signed_in("mai.lo");
    auto const page = "/province/data-requests?batch=" + tea.batch.text();
    EXPECT_TRUE(officer.get(page).says("L2611"));
    EXPECT_EQ(officer.post("/province/data-requests", {{"batch", tea.batch.text()}, {"asked_by", ""}}, page).status,
              400U);
    EXPECT_EQ(officer
                  .post("/province/data-requests",
                        {{"batch", tea.batch.text()}, {"asked_by", "Công an tỉnh, công văn 77"}}, page)
                  .status,
              303U);
    auto const asked =
        look<db::requests::DataRequest>([](db::Connection& c) { return db::requests::data(c, 0, 1).front(); });
    EXPECT_EQ(asked.due_at, clock.now() + 24h);
    clock.advance(24h);
    officer = signed_in("mai.lo");
    EXPECT_TRUE(officer.get("/province/data-requests").says("class=\"chip bad\""));

    auto const file = officer.get("/province/data-requests/" + asked.id + "/file");
    ASSERT_EQ(file.status, 200U) << file.body;
    auto const parts = read_zip(file.body);
    for (auto const* name : {"tom-tat.docx", "ho-so.json", "su-kien-epcis.json", "bien-nhan.json", "nhat-ky.json"})
        EXPECT_TRUE(parts.contains(name)) << name;
    auto const records = nlohmann::json::parse(parts.at("ho-so.json"));
    EXPECT_EQ(records["batch"]["versions"].size(), 1U);
    EXPECT_EQ(records["organization"]["id"], tea.org.text());
    EXPECT_EQ(nlohmann::json::parse(parts.at("su-kien-epcis.json"))["type"], "EPCISDocument");
    EXPECT_NE(read_zip(parts.at("tom-tat.docx")).at("word/document.xml").find("L2611"), std::string::npos);
    EXPECT_EQ(parts.at("nhat-ky.json").find(rice.org.text()), std::string::npos);
    EXPECT_FALSE(officer.get("/province/data-requests").says("class=\"chip bad\""));
    EXPECT_TRUE(was_noted("data_request.file"));

    add_officer("xa.tam", Role::inspector, tam_commune);
    auto elsewhere = signed_in("xa.tam");
    EXPECT_EQ(elsewhere.get("/province/data-requests/" + asked.id + "/file").status, 404U);
    EXPECT_FALSE(elsewhere.get("/province/data-requests").says("Công an tỉnh"));
}

} // namespace
} // namespace nguon::server
