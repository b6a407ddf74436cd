#include "db/inspections.hpp"

#include "db/people.hpp"
#include "db/requests.hpp"
#include "db/sanctions.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::db {
namespace {

using namespace std::chrono_literals;
using testing::outbox_start;

class InspectionStorage : public testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        auto const ready = write([](Connection& c) {
            testing::add_installation(c);
            testing::add_history(c, "tea", 1, 1, 1);
            inspections::add_missing(
                c,
                {"list",
                 "Danh mục",
                 "QĐ 1",
                 true,
                 "digest",
                 {{1, "Kho", "K1", "Kho sạch", "", "major"}, {2, "Kho", "K2", "Có kệ", "", "minor"}}},
                outbox_start);
        });
        ASSERT_TRUE(ready.ok()) << ready.error().log_text;
    }

    void add(std::string const& id, std::string const& planned_on = "2026-11-24")
    {
        inspections::Inspection inspection;
        inspection.id = id;
        inspection.org = OrganizationId{"tea"};
        inspection.checklist = "list";
        inspection.inspector = "somebody";
        inspection.planned_on = planned_on;
        inspection.basis = "Kế hoạch";
        inspection.created_at = outbox_start;
        auto const done = write([&](Connection& c) { inspections::insert(c, inspection); });
        ASSERT_TRUE(done.ok()) << done.error().log_text;
    }

    void finish(std::string const& id, std::string const& conclusion, Instant at)
    {
        auto const done = write([&](Connection& c) -> Status {
            auto inspection = *inspections::find(c, id);
            inspection.status = "finished";
            inspection.conclusion = conclusion;
            inspection.finished_at = at;
            inspection.record_number = id + "/2026";
            inspection.latitude = 22.3364;
            inspection.longitude = 103.4512;
            return inspections::update(c, inspection);
        });
        ASSERT_TRUE(done.ok()) << done.error().log_text;
    }

    std::string ids(std::string const& state)
    {
        std::string out;
        auto const lines = read([&](Connection& c) { return inspections::list(c, {}, state, 0, 10); });
        EXPECT_TRUE(lines.ok()) << lines.error().log_text;
        for (auto const& line : *lines) out += line.id + " ";
        return out;
    }
};
NGUON_ON_BOTH_ENGINES(InspectionStorage);

TEST_P(InspectionStorage, KeepsAListOnce)
{
    auto const again = write([](Connection& c) {
        inspections::add_missing(c, {"other", "Danh mục", "QĐ 1", true, "digest", {{1, "x", "x", "x", "", "minor"}}},
                                 outbox_start);
    });
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(read([](Connection& c) { return inspections::checklists(c); })->size(), 1U);
    EXPECT_EQ(read([](Connection& c) { return inspections::find_checklist(c, "list"); })->items.size(), 2U);
    EXPECT_EQ(read([](Connection& c) { return inspections::find_checklist(c, "other"); }).error().key,
              "checklist.unknown");
    ASSERT_TRUE(write([](Connection& c) { inspections::retire(c, "list", outbox_start); }).ok());
    EXPECT_TRUE(read([](Connection& c) { return inspections::checklists(c); })->empty());
}

TEST_P(InspectionStorage, KeepsWhatIsFilledInAndNothingAfterTheEnd)
{
    add("one");
    auto const done = write([](Connection& c) {
        inspections::put_answer(c, "one", {1, "met", ""});
        inspections::put_answer(c, "one", {1, "unmet", "bụi"});
        inspections::add_file(c, "one", {1, "11"}, outbox_start);
        inspections::add_file(c, "one", {0, "22"}, outbox_start);
        inspections::put_actions(c, "one", {{0, "a", "2026-12-01", {}, {}}, {0, "b", "2026-12-02", {}, {}}});
        inspections::put_actions(c, "one", {{0, "c", "2026-12-03", {}, {}}});
    });
    ASSERT_TRUE(done.ok()) << done.error().log_text;
    auto const answers = *read([](Connection& c) { return inspections::answers(c, "one"); });
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].note, "bụi");
    EXPECT_EQ(read([](Connection& c) { return inspections::files(c, "one"); })->front().sha256, "22");
    finish("one", "minor", outbox_start + 1h);
    auto const kept = *read([](Connection& c) { return inspections::find(c, "one"); });
    EXPECT_EQ(kept.latitude, 22.3364);
    EXPECT_TRUE(kept.is_over());
    EXPECT_EQ(write([&](Connection& c) { return inspections::update(c, kept); }).error().key, "inspection.over");

    EXPECT_EQ(ids("actions"), "one ");
    auto const end = [&] {
        return write([](Connection& c) {
            auto ended = inspections::finish_action(c, "one", 1, "x", "đã xem", outbox_start + 2h);
            inspections::settle(c, "one");
            return ended;
        });
    };
    EXPECT_TRUE(end().ok());
    EXPECT_EQ(end().error().key, "inspection.action_unknown");
    EXPECT_EQ(ids("actions"), "");
    EXPECT_EQ(read([](Connection& c) { return inspections::find(c, "one"); })->status, "settled");
}

TEST_P(InspectionStorage, ListsWhatIsToBeDoneFirst)
{
    add("late", "2026-11-20");
    add("soon", "2026-11-25");
    add("done");
    finish("done", "compliant", outbox_start);
    EXPECT_EQ(ids(""), "late soon done ");
    EXPECT_EQ(ids("planned"), "late soon ");
    EXPECT_EQ(ids("finished"), "done ");
    EXPECT_EQ(read([](Connection& c) { return inspections::of_organization(c, OrganizationId{"tea"}, 9); })->size(),
              1U);
}

TEST_P(InspectionStorage, CountsAQuarter)
{
    add("one", to_iso(vietnam_date(outbox_start)));
    add("two", to_iso(vietnam_date(outbox_start)));
    auto const filled = write([](Connection& c) {
        inspections::put_answer(c, "one", {1, "unmet", ""});
        inspections::put_answer(c, "two", {1, "unmet", ""});
        inspections::put_answer(c, "two", {2, "unmet", ""});
        inspections::put_actions(c, "one", {{0, "a", "2026-12-01", {}, {}}});
        sanctions::Sanction sanction;
        sanction.id = "s";
        sanction.kind = "withdraw";
        sanction.subject_kind = "product";
        sanction.subject_id = "tea-p";
        sanction.org = OrganizationId{"tea"};
        sanction.imposed_at = outbox_start;
        sanctions::insert(c, sanction);
    });
    ASSERT_TRUE(filled.ok()) << filled.error().log_text;
    finish("one", "serious", outbox_start);
    finish("two", "compliant", outbox_start);
    auto const count = [&](Areas const& areas, std::string const& today) {
        auto const found = read(
            [&](Connection& c) { return inspections::figures(c, areas, outbox_start, outbox_start + 24h, today); });
        EXPECT_TRUE(found.ok()) << found.error().log_text;
        return found.value_or(inspections::Figures{});
    };
    auto const figures = count({}, "2026-12-02");
    EXPECT_EQ(figures.finished, 2);
    EXPECT_EQ(figures.organizations, 1);
    EXPECT_EQ(figures.serious, 1);
    EXPECT_EQ(figures.actions, 1);
    EXPECT_EQ(figures.actions_late, 1);
    EXPECT_EQ(figures.withdrawn, 1);
    EXPECT_EQ(count({}, "2026-12-01").actions_late, 0);
    EXPECT_EQ(count({"99999"}, "2026-12-02").finished, 0);
    auto const unmet =
        *read([](Connection& c) { return inspections::unmet_most(c, {}, outbox_start, outbox_start + 24h, 5); });
    ASSERT_EQ(unmet.size(), 2U);
    EXPECT_EQ(unmet[0].code, "K1");
    EXPECT_EQ(unmet[0].count, 2);
}

TEST_P(InspectionStorage, KeepsSanctionsUntilTheyAreLifted)
{
    auto const done = write([](Connection& c) {
        sanctions::Sanction sanction;
        sanction.id = "s";
        sanction.subject_kind = "product";
        sanction.subject_id = "tea-p";
        sanction.org = OrganizationId{"tea"};
        sanction.reason = "Tem sai";
        sanction.imposed_at = outbox_start;
        sanction.explain_due_at = outbox_start + 24h;
        sanctions::insert(c, sanction);
        sanctions::qualify(c, "s", "withdraw", "");
        sanctions::explain(c, "s", "Đã sửa", outbox_start + 1h);
    });
    ASSERT_TRUE(done.ok()) << done.error().log_text;
    auto const standing = read([](Connection& c) { return sanctions::standing(c, "tea-p"); });
    ASSERT_TRUE(standing.ok());
    EXPECT_EQ(standing->kind, "withdraw");
    EXPECT_EQ(standing->explained_at, outbox_start + 1h);
    EXPECT_EQ(standing->org_name, "tea");
    EXPECT_EQ(read([](Connection& c) { return sanctions::find(c, OrganizationId{"rice"}, "s"); }).error().key,
              "sanction.unknown");
    ASSERT_TRUE(write([](Connection& c) { sanctions::lift(c, "s", "x", "xong", outbox_start + 2h); }).ok());
    EXPECT_FALSE(read([](Connection& c) { return sanctions::standing(c, "tea-p"); }).ok());
    EXPECT_EQ(read([](Connection& c) { return sanctions::list(c, {}, 0, 9); })->size(), 1U);
    EXPECT_EQ(read([](Connection& c) { return sanctions::of_organization(c, OrganizationId{"tea"}); })->size(), 1U);
}

TEST_P(InspectionStorage, KeepsRequestsWithTheirClocks)
{
    auto const done = write([](Connection& c) {
        PersonId const who{"who"};
        people::insert(c, who, OrganizationId{"tea"}, "grower", {.name = "Lò Văn Ún", .phone = "0912000111"},
                       outbox_start);
        requests::PersonalRequest personal;
        personal.code = "AAAA";
        personal.kind = "access";
        personal.due_at = outbox_start + 1h;
        personal.created_at = outbox_start;
        requests::insert(c, personal, "Số của tôi");
        requests::DataRequest data;
        data.id = "d";
        data.batch = BatchId{"b"};
        data.org = OrganizationId{"tea"};
        data.asked_by = "Công an";
        data.due_at = outbox_start + 24h;
        requests::insert(c, data);
        requests::note_made(c, "d", "x", "first", 7, outbox_start);
        requests::note_made(c, "d", "y", "second", 8, outbox_start + 1h);
    });
    ASSERT_TRUE(done.ok()) << done.error().log_text;
    EXPECT_EQ(read([](Connection& c) { return requests::find_people(c, "0912000111", ""); })->size(), 1U);
    EXPECT_EQ(read([](Connection& c) { return requests::find_people(c, "", "lo van un"); })->size(), 1U);
    EXPECT_TRUE(read([](Connection& c) { return requests::find_people(c, "", ""); })->empty());
    EXPECT_EQ(read([](Connection& c) { return requests::find_data(c, "d"); })->file_sha256, "first");
    EXPECT_EQ(read([](Connection& c) { return requests::data(c, 0, 9); })->size(), 1U);

    auto const answer = [&] {
        return write([](Connection& c) -> Status {
            auto request = *requests::find_personal(c, "AAAA");
            request.status = "answered";
            request.answered_at = outbox_start;
            requests::erase_personal_text(c, "AAAA");
            return requests::answer(c, request);
        });
    };
    EXPECT_TRUE(answer().ok());
    EXPECT_EQ(answer().error().key, "personal_request.over");
    EXPECT_EQ(
        read([](Connection& c) -> Result<std::string> { return requests::personal_text(c, "AAAA"); }).value_or("?"),
        "");
    EXPECT_EQ(read([](Connection& c) { return requests::personal(c, 0, 9); })->size(), 1U);
}

} // namespace
} // namespace nguon::db
