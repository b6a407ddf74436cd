#include "db/inspections.hpp"
#include "db/recalls.hpp"
#include "db/requests.hpp"
#include "server/app/checklists.hpp"
#include "tests/support/province_test.hpp"

namespace nguon::server {
namespace {

/// The list of what is due first, on the start page of the desk.
class Duties : public nguon::testing::ProvinceTest {
protected:
    void ask_for_data(std::string const& code, std::chrono::hours left)
    {
        do_write([&](db::Connection& c) {
            db::requests::PersonalRequest request;
            request.code = code;
            request.kind = "access";
            request.created_at = clock.now();
            request.due_at = clock.now() + left;
            db::requests::insert(c, request, "Cho tôi xem dữ liệu của tôi");
        });
    }

    void plan_inspection(Firm const& firm, std::string const& day)
    {
        do_write([&](db::Connection& c) {
            db::inspections::Inspection inspection;
            inspection.id = new_uuid();
            inspection.org = firm.org;
            inspection.planned_on = day;
            inspection.checklist = db::inspections::checklists(c).front().id;
            inspection.inspector = inspector_.text();
            inspection.created_by = inspector_.text();
            inspection.created_at = clock.now();
            db::inspections::insert(c, inspection);
        });
    }

    void draft_recall(std::string const& number)
    {
        do_write([&](db::Connection& c) {
            db::recalls::Case entry;
            entry.id = new_uuid();
            entry.number = number;
            entry.title = "Chè Shan tuyết";
            entry.created_at = clock.now();
            ASSERT_TRUE(db::recalls::insert(c, entry).ok());
        });
    }

    void SetUp() override
    {
        ProvinceTest::SetUp();
        inspector_ = add_officer("thanh.tra", Role::inspector);
        do_write([](db::Connection& c) { ASSERT_TRUE(app::load_checklists(c).ok()); });
    }

    std::string list() { return signed_in("mai.lo").get("/province").body; }

private:
    PersonId inspector_ = {};
};

TEST_F(Duties, StandInTheOrderOfTheirTerms)
{
    EXPECT_EQ(list().find(say("province.duty.title")), std::string::npos) << "nothing is due";
    ask_for_data("2222AAAABBBB", std::chrono::hours{30});
    plan_inspection(tea, to_iso(vietnam_date(clock.now() - std::chrono::hours{72})));
    draft_recall("TH-2026-001");
    auto const page = list();
    auto const recall = page.find(say("province.duty.recall") + ": TH-2026-001");
    auto const inspection = page.find(say("province.duty.inspection") + ": Hợp tác xã Chè Bản Bo");
    auto const request = page.find(say("province.duty.personal_request") + ": 2222");
    ASSERT_NE(recall, std::string::npos) << page;
    ASSERT_NE(inspection, std::string::npos) << page;
    ASSERT_NE(request, std::string::npos) << page;
    EXPECT_LT(recall, inspection);
    EXPECT_LT(inspection, request) << "what is late stands before what is not";
}

TEST_F(Duties, AreAHandful)
{
    for (int i = 0; i < 20; ++i)
        ask_for_data("2222AAAABBB" + std::string(1, static_cast<char>('A' + i)), std::chrono::hours{10 + i});
    auto const page = list();
    std::size_t count = 0;
    for (auto at = page.find(say("province.duty.personal_request")); at != std::string::npos;
         at = page.find(say("province.duty.personal_request"), at + 1))
        ++count;
    EXPECT_EQ(count, 8U);
    EXPECT_NE(page.find("2222-AAAA-BBBA"), std::string::npos) << "the first";
    EXPECT_EQ(page.find("2222-AAAA-BBBT"), std::string::npos) << "the last";
}

TEST_F(Duties, OfOthersAreNotShown)
{
    ask_for_data("2222AAAABBBB", std::chrono::hours{30});
    add_officer("kiem.toan", Role::province_auditor); // reads no personal data
    EXPECT_EQ(signed_in("kiem.toan").get("/province").body.find("2222-AAAA"), std::string::npos);
}

} // namespace
} // namespace nguon::server
