#include "core/programme/plan.hpp"

#include "core/files.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nguon::programme {
namespace {

using nlohmann::json;

constexpr Date first_of(int year) { return Date{std::chrono::year{year} / 1 / 1}; }
constexpr Date last_of(int year) { return Date{std::chrono::year{year} / 12 / 31}; }

json small_plan()
{
    return json::parse(R"({"id": "p", "title": "Kế hoạch", "number": "1/KH", "province": "12", "superior": "UBND",
        "agency": "SỞ", "place": "Lai Châu", "symbol": "BC", "legal_basis": [], "receivers": [], "report_day": "11-30",
        "periods": [{"id": "a", "from": "2021-01-01", "to": "2025-12-31"}, {"id": "b", "from": "2026-01-01", "to": "2030-12-31"}],
        "items": [{"id": "5s", "name": "5S"}],
        "statements": [{"id": "S-1", "text": "Mười lớp", "handling": "computed"}],
        "indicators": [{"id": "i", "statement": "S-1", "name": "Lớp", "unit": "count", "unit_text": "lớp",
                        "count": {"kinds": ["training"]}, "targets": [{"period": "a", "at_least": 10}]}],
        "tasks": []})");
}

Plan plan_of(json const& text)
{
    auto plan = read_plan(text.dump());
    EXPECT_TRUE(plan.ok()) << (plan ? "" : plan.error().key) << [&] {
        std::string out;
        if (!plan)
            for (auto const& fault : plan.error().fields) out += " " + fault.pointer + " " + fault.key;
        return out;
    }();
    return plan.value_or(Plan{});
}

std::vector<std::string> faults_of(json const& text)
{
    std::vector<std::string> out;
    auto const plan = read_plan(text.dump());
    if (plan) return out;
    for (auto const& fault : plan.error().fields) out.push_back(fault.pointer + " " + fault.key);
    return out;
}

Plan shipped(std::string const& name)
{
    auto const text = read_file(std::string{NGUON_SOURCE_DIR} + "/deploy/plans/" + name + ".json");
    return plan_of(json::parse(text.value_or("{}")));
}

TEST(Plan, TellsEveryFaultAtOnceWithItsPlace)
{
    auto text = small_plan();
    text["periods"][1]["from"] = "2024-01-01";
    text["report_day"] = "13-45";
    text["statements"].push_back({{"id", "S-1"}, {"text", "x"}, {"handling", "out_of_scope"}});
    text["indicators"][0]["statement"] = "S-9";
    text["indicators"][0]["unit"] = "cái";
    text["indicators"][0]["count"]["kinds"] = {"trainings"};
    text["indicators"][0]["count"]["items"] = {"6s"};
    text["indicators"][0]["targets"] = {{{"period", "c"}, {"at_least", 5}, {"up_to", 2}}};
    text["surprise"] = 1;
    auto const faults = faults_of(text);
    for (auto const* const wanted :
         {"/periods/1/to plan.period", "/report_day plan.day", "/statements/1/id plan.duplicate",
          "/statements/1/reason plan.reason", "/indicators/0/statement plan.unknown_reference",
          "/indicators/0/unit plan.unknown_reference", "/indicators/0/count/kinds plan.unknown_reference",
          "/indicators/0/count/items plan.unknown_reference", "/indicators/0/targets/0/period plan.unknown_reference",
          "/indicators/0/targets/0/at_least plan.bound", "/surprise json.unknown_member"})
        EXPECT_NE(std::ranges::find(faults, wanted), faults.end()) << wanted << " in " << json(faults).dump(1);
}

TEST(Plan, DemandsOfAPeriodAndOfEachYear)
{
    auto const lai_chau = shipped("lai_chau");
    auto const& certified = *lai_chau.indicator("certified");
    EXPECT_EQ(demand_of(lai_chau, certified, first_of(2021), last_of(2025)).at_least, 5);
    EXPECT_EQ(demand_of(lai_chau, certified, first_of(2021), last_of(2025)).up_to, 10);
    EXPECT_EQ(demand_of(lai_chau, certified, first_of(2028), last_of(2028)).at_least, 15);
    EXPECT_TRUE(demand_of(lai_chau, certified, first_of(2024), last_of(2027)).empty()) << "crosses two periods";
    auto const& training = *lai_chau.indicator("training");
    EXPECT_EQ(demand_of(lai_chau, training, first_of(2022), last_of(2022)).at_least, 1);
    EXPECT_EQ(demand_of(lai_chau, training, first_of(2021), last_of(2025)).at_least, 5);
    EXPECT_EQ(demand_of(lai_chau, training, first_of(2021), last_of(2025)).up_to, 10);
}

TEST(Plan, RaisesALaterPeriodByTenPercentRoundedUp)
{
    auto const plan = shipped("tien_giang");
    auto const later = [&](char const* id) {
        return demand_of(plan, *plan.indicator(id), first_of(2026), last_of(2030));
    };
    EXPECT_EQ(later("training").at_least, 11);
    EXPECT_EQ(later("applied").at_least, 22);
    EXPECT_EQ(later("certified").above, 33);
    EXPECT_FALSE(later("certified").met(33));
    EXPECT_TRUE(later("certified").met(34));
}

TEST(Plan, GrowsYearByYearFromABaseline)
{
    auto const plan = shipped("lang_son");
    auto const of = [&](int year) {
        return demand_of(plan, *plan.indicator("supported"), first_of(year), last_of(year));
    };
    EXPECT_EQ(of(2026).at_least, 14); // 12.4 and 10 %
    EXPECT_EQ(of(2026).up_to, 15);    // 12.4 and 15 %
    EXPECT_EQ(of(2027).at_least, 16);
    EXPECT_EQ(of(2030).at_least, 20);
}

TEST(Plan, EveryShippedPlanIsSoundAndAnswersEachOfItsStatements)
{
    for (auto const* const name : {"lai_chau", "tien_giang", "hai_phong", "lang_son", "ninh_thuan"}) {
        auto const plan = shipped(name);
        EXPECT_EQ(plan.id, name);
        EXPECT_FALSE(plan.statements.empty()) << name;
        EXPECT_EQ(plan.report_due(2026), (Date{std::chrono::year{2026} / 11 / 30}));
    }
    EXPECT_TRUE(shipped("tien_giang").covers("28261")) << "Mỹ Tho";
    EXPECT_FALSE(shipped("tien_giang").covers("29869")) << "Cao Lãnh was no part of Tiền Giang";
    EXPECT_TRUE(shipped("ninh_thuan").covers("22759"));
    EXPECT_FALSE(shipped("ninh_thuan").covers("22366")) << "Nha Trang";
    EXPECT_TRUE(shipped("hai_phong").covers("11914"));
}

TEST(Tfp, IsWhatCapitalAndLabourDoNotExplain)
{
    // 8 % growth, of which 0.5 × 6 % by capital and 0.5 × 2 % by labour: 4 of 8.
    auto const tfp = tfp_share({{2024, 100, 200, 50, 0.5}, {2025, 108, 212, 51, 0.5}}, 2025, 2025);
    ASSERT_TRUE(tfp.share.has_value());
    EXPECT_NEAR(*tfp.share, 50, 1e-9);
    EXPECT_NEAR(tfp.years.front().tfp_growth, 4, 1e-9);
    EXPECT_FALSE(tfp_share({{2023, 100, 200, 50, 0.5}, {2025, 108, 212, 51, 0.5}}, 2025, 2025).share)
        << "a year is missing";
}

} // namespace
} // namespace nguon::programme
