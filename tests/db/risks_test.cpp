#include "db/risks.hpp"

#include "db/inspections.hpp"
#include "db/sanctions.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::db {
namespace {

using namespace std::chrono_literals;
using testing::outbox_start;

/// Two firms, one of which is in all kinds of trouble.
class RiskStorage : public testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        auto const ready = write([](Connection& c) {
            testing::add_installation(c);
            testing::add_history(c, "tea", 1, 0, 0);
            testing::add_history(c, "rice", 2, 0, 0);
        });
        ASSERT_TRUE(ready.ok()) << ready.error().log_text;
    }

    RiskFacts facts(std::string const& org, Instant now = outbox_start)
    {
        auto const all = read([&](Connection& c) { return risks::of_area(c, {}, now); });
        EXPECT_TRUE(all.ok()) << all.error().log_text;
        for (auto const& line : *all)
            if (line.org.text() == org) return line.facts;
        ADD_FAILURE() << org;
        return {};
    }

    void certificate(std::string const& id, std::string const& valid_to)
    {
        auto const done = write([&](Connection& c) {
            c.execute("INSERT INTO certificate (id, org_id, latest_version, status, kind, number, valid_to, created_at)"
                      " VALUES ($1, 'tea', 1, 'active', 'vietgap', $1, $2, 0)",
                      {id, valid_to});
        });
        ASSERT_TRUE(done.ok()) << done.error().log_text;
    }
};
NGUON_ON_BOTH_ENGINES(RiskStorage);

TEST_P(RiskStorage, CountsWhatIsKnownOfEachFirm)
{
    auto const done = write([](Connection& c) -> Status {
        inspections::add_missing(c, {"list", "Danh mục", "QĐ 1", true, "digest", {}}, outbox_start);
        inspections::Inspection inspection;
        inspection.id = "one";
        inspection.org = OrganizationId{"tea"};
        inspection.checklist = "list";
        inspection.inspector = "somebody";
        inspection.planned_on = "2026-01-01";
        inspection.created_at = outbox_start - 48h;
        inspections::insert(c, inspection);
        inspections::put_actions(c, "one", {{1, "quét kho", "2020-01-01", {}, {}}});
        inspection.status = "finished";
        inspection.conclusion = "serious";
        inspection.finished_at = outbox_start - 24h;
        inspection.record_number = "1/2026";
        if (auto ended = inspections::update(c, inspection); !ended) return ended;
        sanctions::Sanction sanction;
        sanction.id = "s";
        sanction.kind = "suspend";
        sanction.subject_kind = "organization";
        sanction.subject_id = "tea";
        sanction.org = OrganizationId{"tea"};
        sanction.imposed_at = outbox_start - 48h;
        sanction.explain_due_at = outbox_start - 24h;
        sanctions::insert(c, sanction);
        return Done{};
    });
    ASSERT_TRUE(done.ok()) << done.error().key << done.error().log_text;
    certificate("old", "2020-01-01");

    auto const tea = facts("tea");
    EXPECT_EQ(tea.serious_inspections, 1);
    EXPECT_EQ(tea.sanctions, 1);
    EXPECT_EQ(tea.missed_clocks, 2); // the explanation and what was to be put right
    EXPECT_EQ(tea.expired_certificates, 1);
    EXPECT_EQ(tea.foods, 1);
    EXPECT_EQ(tea.perishable_goods, 0);
    EXPECT_EQ(judge_risk(tea).level, RiskLevel::high);
    EXPECT_EQ(judge_risk(facts("rice")).level, RiskLevel::low);
    EXPECT_EQ(facts("tea", outbox_start + 24h * 400).serious_inspections, 0); // long ago

    certificate("new", "2090-01-01"); // took the old one's place
    EXPECT_EQ(facts("tea").expired_certificates, 0);
    EXPECT_TRUE(read([](Connection& c) { return risks::of_area(c, {"99999"}, outbox_start); })->empty());
}

} // namespace
} // namespace nguon::db
