#include "connector/practice_portal/faults.hpp"
#include "connector/practice_portal/ledger.hpp"

#include "tests/support/temp_dir.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nguon::practice_portal {
namespace {

using nlohmann::json;

constexpr Instant now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};

class LedgerTest : public ::testing::Test {
protected:
    Ledger open()
    {
        auto ledger = Ledger::open(file);
        EXPECT_TRUE(ledger.ok());
        return std::move(*ledger);
    }

    static Line line(std::string const& key, std::string const& record, std::int64_t version, std::int64_t before,
                     std::string const& link = "")
    {
        json data = json::object();
        if (!link.empty()) data["idDiaDiem"] = link;
        auto const bytes = json{
            {"khoa", key},         {"loai", "place"},         {"maBanGhi", record},
            {"phienBan", version}, {"phienBanTruoc", before}, {"thaoTac", link.empty() ? "TAO" : "CAP_NHAT"},
            {"duLieu", data}}.dump();
        return *read_line(bytes, *resource_at("/DiaDiem"));
    }

    testing::TempDir dir;
    std::filesystem::path file = dir.path() / "ledger.jsonl";
};

TEST_F(LedgerTest, AppliesAKeyOnceAndAnswersARepeatAsBefore)
{
    auto ledger = open();
    auto const first = ledger.apply(line("k", "r", 1, 0), now);
    EXPECT_EQ(first.state, "CREATED");
    auto const again = ledger.apply(line("k", "r", 1, 0), now);
    EXPECT_TRUE(again.duplicate);
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(ledger.describe()["records"].size(), 1U);
    EXPECT_EQ(ledger.describe()["records"][0]["effects"], 1);
}

TEST_F(LedgerTest, RefusesAKeyWithOtherContent)
{
    auto ledger = open();
    ledger.apply(line("k", "r", 1, 0), now);
    EXPECT_EQ(ledger.apply(line("k", "other", 1, 0), now).error, "ERR_KEY_CONFLICT");
}

TEST_F(LedgerTest, RefusesGapsAndStepsBackInVersions)
{
    auto ledger = open();
    auto const id = ledger.apply(line("k1", "r", 1, 0), now).id;
    EXPECT_EQ(ledger.apply(line("k3", "r", 3, 2, id), now).error, "ERR_VERSION_ORDER");
    EXPECT_EQ(ledger.apply(line("k0", "r", 1, 0), now).error, "ERR_VERSION_ORDER");
    EXPECT_EQ(ledger.apply(line("k2", "r", 2, 1, id), now).state, "CREATED");
    EXPECT_TRUE(ledger.describe()["violations"].empty());
}

TEST_F(LedgerTest, KnowsAfterARestartWhatItKnewBefore)
{
    json before;
    {
        auto ledger = open();
        ledger.apply(line("k1", "r", 1, 0), now);
        ASSERT_TRUE(ledger.confirm("k1", now).ok());
        ledger.apply(line("k2", "s", 1, 0), now);
        ledger.enter_by_hand("product", "08939999000017", now);
        ledger.sync();
        before = ledger.describe();
    }
    auto ledger = open();
    EXPECT_EQ(ledger.describe(), before);
    EXPECT_EQ(ledger.look_up("product", "08939999000017").size(), 1U);
    EXPECT_TRUE(ledger.apply(line("k1", "r", 1, 0), now).duplicate);
}

TEST_F(LedgerTest, CutsOffATornLastLine)
{
    {
        auto ledger = open();
        ledger.apply(line("k1", "r", 1, 0), now);
        ledger.apply(line("k2", "s", 1, 0), now);
        ledger.sync();
    }
    auto const size = std::filesystem::file_size(file);
    for (std::uintmax_t cut = 1; cut < 60; ++cut) {
        std::filesystem::resize_file(file, size - cut);
        auto ledger = open();
        EXPECT_EQ(ledger.describe()["records"].size(), 1U);
        ASSERT_EQ(ledger.apply(line("k2", "s", 1, 0), now).state, "CREATED");
    }
}

TEST_F(LedgerTest, RefusesAFileThatIsDamagedInTheMiddle)
{
    std::ofstream{file} << "{\"what\":\"entered\"}\nrubbish\n{\"what\":\"entered\"}\n";
    auto const ledger = Ledger::open(file);
    ASSERT_FALSE(ledger.ok());
    EXPECT_EQ(ledger.error().key, "portal.ledger_damaged");
    EXPECT_EQ(ledger.error().values.at(1), "2");
}

TEST_F(LedgerTest, ReportsWhatBrokeTheInvariants)
{
    std::ofstream{file}
        << R"({"what":"created","key":"k","type":"place","record":"r","version":1,"before":0,"id":"D1"})"
        << "\n"
        << R"({"what":"created","key":"k","type":"place","record":"r","version":3,"before":2,"id":"D1"})"
        << "\n";
    auto const described = open().describe();
    EXPECT_EQ(described["violations"], (json{"I3 k", "I4 place r"}));
    EXPECT_EQ(described["records"][0]["effects"], 2);
}

TEST_F(LedgerTest, KnowsEventsJobsAndFiledRecordsAfterARestart)
{
    CapturedEvent const event{"urn:uuid:1", false, "abc", R"({"eventID":"urn:uuid:1"})"};
    CapturedEvent const declaration{"urn:uuid:1", true, "def", R"({"eventID":"urn:uuid:1","errorDeclaration":{}})"};
    FiledRecord filed;
    filed.key = "k";
    filed.digest = "abc";
    filed.type = "place";
    filed.record_id = "r";
    filed.version = 1;
    json before;
    std::string job;
    {
        auto ledger = open();
        job = ledger.capture({event}, json::array(), now);
        ledger.capture({}, json::array({{{"status", 400}}}), now);
        EXPECT_EQ(ledger.file(filed, now).id, "T1");
        ledger.sync();
        before = ledger.describe();
    }
    auto ledger = open();
    EXPECT_EQ(ledger.describe(), before);
    EXPECT_TRUE(ledger.events().has(event)) << "a duplicate";
    EXPECT_FALSE(ledger.events().has(declaration)) << "may follow";
    EXPECT_EQ(ledger.events().job(job)->at("success"), true);
    EXPECT_EQ(ledger.events().job("job-2")->at("success"), false);
    auto const again = ledger.file(filed, now + std::chrono::hours{1});
    EXPECT_TRUE(again.duplicate);
    EXPECT_EQ(again.accepted_at, to_iso(now)) << "the receipt is the same as before";
    filed.digest = "other";
    EXPECT_EQ(ledger.file(filed, now).error, "ERR_KEY_CONFLICT");
    filed.key = "k3";
    filed.version = 3;
    filed.version_before = 2;
    EXPECT_EQ(ledger.file(filed, now).error, "ERR_VERSION_ORDER");
}

TEST_F(LedgerTest, ReportsEventsAndFilesThatTookEffectTwice)
{
    std::string const captured =
        R"({"what":"captured","job":"j","at":"","errors":[],"events":[{"event":"e","sha256":"a","body":"{}"}]})";
    std::string const filed =
        R"({"what":"filed","key":"k","type":"place","record":"r","version":1,"before":0,"id":"T1","at":""})";
    std::ofstream{file} << captured << "\n" << captured << "\n" << filed << "\n" << filed << "\n";
    EXPECT_EQ(open().describe()["violations"], (json{"I3 event e", "I3 file k", "I4 file place r"}));
}

TEST_F(LedgerTest, LosesTheNewestEventAndFiledRecordOnDemand)
{
    auto ledger = open();
    CapturedEvent const event{"urn:uuid:1", false, "abc", "{}"};
    ledger.capture({event}, json::array(), now);
    FiledRecord filed;
    filed.key = "k";
    filed.type = "place";
    filed.record_id = "r";
    filed.version = 1;
    ledger.file(filed, now);
    ledger.forget_newest_event(now);
    ledger.forget_newest_file(now);
    EXPECT_FALSE(ledger.events().has(event));
    EXPECT_FALSE(ledger.file(filed, now).duplicate);
}

TEST(ReadCapture, TakesDocumentsOfVersion2WithEventsOnly)
{
    for (auto const* const text :
         {"", "[]", "{}",
          R"({"@context":"x","type":"EPCISDocument","schemaVersion":"2.0","epcisBody":{"eventList":[]}})",
          R"({"@context":"x","type":"EPCISDocument","schemaVersion":"1.2","epcisBody":{"eventList":[{}]}})"})
        EXPECT_FALSE(read_capture(text)) << text;
    auto const read = read_capture(
        R"({"@context":"x","type":"EPCISDocument","schemaVersion":"2.0","epcisBody":{"eventList":[7,{"eventID":"e"}]}})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->faults.size(), 2U);
}

TEST_F(LedgerTest, LetsOnlyOnePortalHaveIt)
{
    auto const first = open();
    EXPECT_EQ(Ledger::open(file).error().key, "portal.ledger_locked");
}

TEST(FaultPlan, BeginsAndEndsWhereTheScriptSays)
{
    auto plan =
        FaultPlan::read(R"([{"after":2,"times":2,"fault":"status","status":429,"retryAfter":3,"path":"SuKien"}])");
    ASSERT_TRUE(plan.ok());
    std::vector<int> hit;
    for (int i = 0; i < 6; ++i) {
        EXPECT_EQ(plan->next("/sso/token").kind, PlannedFault::Kind::none);
        auto const fault = plan->next("/gwdev/tochuc/v5/SuKien");
        if (fault.kind == PlannedFault::Kind::none) continue;
        hit.push_back(i);
        EXPECT_EQ(fault.status, 429U);
        EXPECT_EQ(fault.retry_after, 3);
    }
    EXPECT_EQ(hit, (std::vector{2, 3}));
}

TEST(FaultPlan, WithoutAPathMeansEveryRequest)
{
    auto plan = FaultPlan::read(R"([{"fault":"delay","milliseconds":20,"times":2}])");
    ASSERT_TRUE(plan.ok()) << plan.error().key;
    for (auto const* const target : {"/sso/token", "/gwdev/tochuc/v5/SuKien"}) {
        EXPECT_EQ(plan->next(target).kind, PlannedFault::Kind::delay) << target;
    }
}

TEST(FaultPlan, RefusesScriptsItDoesNotUnderstand)
{
    for (auto const* const text : {"", "7", "[1]", R"([{"fault":"earthquake"}])", R"([{"after":-1,"fault":"html"}])",
                                   R"([{"fault":"status","status":99}])", R"({"seed":-1})", R"({"rate":"often"})"})
        EXPECT_FALSE(FaultPlan::read(text).ok()) << text;
}

TEST(FaultPlan, DrawsTheSameFromTheSameSeed)
{
    auto first = *FaultPlan::read(R"({"seed":7,"rate":0.3})");
    auto second = *FaultPlan::read(R"({"seed":7,"rate":0.3})");
    int faults = 0;
    for (int i = 0; i < 1000; ++i) {
        auto const kind = first.next("/");
        EXPECT_EQ(kind.kind, second.next("/").kind);
        faults += kind.kind == PlannedFault::Kind::none ? 0 : 1;
    }
    EXPECT_NEAR(faults, 300, 60);
}

} // namespace
} // namespace nguon::practice_portal
