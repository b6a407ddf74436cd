#include "core/office/pdf.hpp"
#include "server/app/alarm_conditions.hpp"
#include "server/app/programme_needs.hpp"
#include "server/app/programme_records.hpp"
#include "server/app/programme_report.hpp"
#include "server/app/programme_snapshots.hpp"
#include "server/web/embedded.hpp"
#include "server/web/locale.hpp"
#include "tests/support/pdf_text.hpp"

#include "server/app/seed/seed.hpp"
#include "tests/support/storage_test.hpp"

#include "db/installation.hpp"
#include "db/organizations.hpp"
#include "server/app/catalogues.hpp"
#include "server/app/organizations.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using namespace nguon::testing;

constexpr Date first_of(int year) { return Date{std::chrono::year{year} / 1 / 1}; }
constexpr Date last_of(int year) { return Date{std::chrono::year{year} / 12 / 31}; }

/// An installation of a province with one of the shipped plans and nothing else.
class ProgrammeStorage : public StorageTest {
protected:
    void begin(std::string const& name, std::string const& province)
    {
        plan_id = name;
        done([&](db::Connection& c) -> Status {
            db::installation::Installation installation;
            installation.id = new_uuid();
            installation.province_code = province;
            installation.public_url = "http://127.0.0.1";
            db::installation::insert(c, installation);
            if (auto loaded = load_catalogues(c); !loaded) return loaded;
            auto const plan = load_plan(c, actor(), shipped_plan(name));
            return plan ? Status{Done{}} : plan.error();
        });
    }

    Actor actor() const { return {"officer", {}, "test", now}; }

    template <typename Work>
    void done(Work work)
    {
        auto const result = write(std::move(work));
        ASSERT_TRUE(result.ok()) << result.error().key << ' ' << result.error().log_text;
    }

    Result<std::string> record(RecordInput const& input, std::string const& replaces = {})
    {
        return write([&](db::Connection& c) -> Result<std::string> {
            auto const plan = find_plan(c, plan_id);
            if (!plan) return plan.error();
            return record_evidence(c, actor(), *plan, input, {}, replaces);
        });
    }
    std::string must_record(RecordInput const& input, std::string const& replaces = {})
    {
        auto const id = record(input, replaces);
        EXPECT_TRUE(id.ok()) << id.error().key << (id.error().fields.empty() ? "" : id.error().fields[0].key);
        return id.value_or("");
    }
    Status withdraw(std::string const& id, std::string const& reason)
    {
        return write([&](db::Connection& c) -> Status {
            return withdraw_evidence(c, actor(), *find_plan(c, plan_id), id, reason);
        });
    }

    Figures figures(Date from, Date to)
    {
        auto out = read([&](db::Connection& c) { return indicators(c, plan_id, from, to, now); });
        EXPECT_TRUE(out.ok()) << out.error().key;
        return out.value_or(Figures{});
    }
    double value(std::string const& indicator, int from = 2026, int to = 2030)
    {
        auto const all = figures(first_of(from), last_of(to));
        auto const* found = all.find(indicator);
        EXPECT_NE(found, nullptr) << indicator;
        return found == nullptr ? -1 : found->value.value_or(-1);
    }

    static RecordInput input(std::string kind, std::string item, std::string day, std::string tax_code = {})
    {
        RecordInput out;
        out.kind = std::move(kind);
        out.item = std::move(item);
        out.title = "Minh chứng";
        out.happened_on = std::move(day);
        out.tax_code = std::move(tax_code);
        if (!out.tax_code.empty()) out.org_name = "Công ty " + out.tax_code;
        return out;
    }

    std::string plan_id;
    Instant now = start_of_day(Date{std::chrono::year{2026} / 11 / 22});
};
NGUON_ON_BOTH_ENGINES(ProgrammeStorage);

TEST_P(ProgrammeStorage, AddingDuplicatingExpiringAndWithdrawingMoveAFigureAsTheyShould)
{
    begin("lai_chau", "12");
    EXPECT_EQ(value("certified"), 0);
    auto first = input("certificate", "haccp", "2026-02-01", "0100109106");
    first.valid_to = "2027-01-31";
    must_record(first);
    EXPECT_EQ(value("certified"), 1);

    must_record(input("certificate", "iso22000", "2026-03-01", "0100109106"));
    EXPECT_EQ(value("certified"), 1) << "the same firm counts once, by its tax code";
    must_record(input("certificate", "gap", "2026-03-01", "0100109106-001"));
    EXPECT_EQ(value("certified"), 1) << "a branch is its firm";

    auto expiring = input("certificate", "haccp", "2024-03-01", "0100233488");
    expiring.valid_to = "2026-12-15";
    auto const second = must_record(expiring);
    EXPECT_EQ(value("certified"), 2);
    now = start_of_day(Date{std::chrono::year{2026} / 12 / 16});
    EXPECT_EQ(value("certified"), 1) << "it has expired";
    EXPECT_EQ(value("certified", 2021, 2025), 1) << "and held at the end of the closed period";

    now = start_of_day(Date{std::chrono::year{2026} / 11 / 22});
    EXPECT_EQ(withdraw(second, "").error().fields.at(0).key, "field.required");
    ASSERT_TRUE(withdraw(second, "ghi nhầm").ok());
    EXPECT_EQ(value("certified"), 1);
    EXPECT_EQ(withdraw(second, "lần nữa").error().key, "programme.withdrawn_already");
}

TEST_P(ProgrammeStorage, MarksLinesThatDoNotCountAgain)
{
    begin("lai_chau", "12");
    must_record(input("certificate", "haccp", "2026-02-01", "0100109106"));
    must_record(input("certificate", "gap", "2026-03-01", "0100109106"));
    auto const all = figures(first_of(2026), last_of(2030));
    auto const& lines = all.find("certified")->evidence;
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_TRUE(lines[0].counted);
    EXPECT_FALSE(lines[1].counted);
    EXPECT_EQ(all.find("certified")->by_item.at("gap"), 1);
}

TEST_P(ProgrammeStorage, SupportsAnOrganizationOnEachItemOnceAndSaysWhen)
{
    begin("lang_son", "20");
    auto wanted = input("support", "5s", "2026-02-01", "0100109106");
    auto const first = must_record(wanted);
    wanted.happened_on = "2026-05-01";
    auto const refused = record(wanted);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "programme.once_only");
    EXPECT_EQ(refused.error().values, (std::vector<std::string>{"Công ty 0100109106", "5S", "01/02/2026"}));
    must_record(input("support", "kaizen", "2026-05-01", "0100109106"));
    EXPECT_EQ(value("supported"), 1);
    EXPECT_EQ(value("items"), 2);

    ASSERT_TRUE(withdraw(first, "ghi nhầm tổ chức").ok());
    must_record(wanted);
    EXPECT_EQ(value("items"), 2);
}

TEST_P(ProgrammeStorage, CountsAttendancesOneByOneAndMoneyByItsSum)
{
    begin("lang_son", "20");
    auto const training = must_record(input("training", "", "2026-04-01"));
    for (int i = 0; i < 2; ++i) {
        auto attendance = input("attendance", "", "2026-04-01", "0100109106");
        attendance.parent = training;
        attendance.amount = 80;
        must_record(attendance);
    }
    EXPECT_EQ(value("managers"), 160);
    EXPECT_TRUE(figures(first_of(2026), last_of(2030)).find("managers")->met());
    auto spent = input("spending", "", "2026-05-01");
    spent.amount = 8'000'000'000;
    must_record(spent);
    EXPECT_EQ(value("spending"), 8e9);
    EXPECT_FALSE(figures(first_of(2026), last_of(2030)).find("spending")->met()) << "more than the budget";
}

TEST_P(ProgrammeStorage, CountsAStateOnceHoweverMuchProvesIt)
{
    begin("lai_chau", "12");
    EXPECT_EQ(value("system"), 0);
    must_record(input("system", "", "2025-11-03"));
    must_record(input("system", "", "2026-02-01"));
    EXPECT_EQ(value("system"), 1);
    EXPECT_EQ(figures(first_of(2026), last_of(2030)).find("system")->evidence.size(), 2U);
}

TEST_P(ProgrammeStorage, CountsAnOrganizationInEachYearWhereThePlanAsksForSoManyAYear)
{
    begin("ninh_thuan", "56");
    for (auto const* const day : {"2022-03-01", "2022-04-01", "2023-03-01"}) {
        auto support = input("support", "5s", day, "0100109106");
        support.commune_code = "22759";
        must_record(support);
    }
    EXPECT_EQ(value("supported", 2022, 2022), 1);
    EXPECT_EQ(value("supported", 2021, 2025), 2);
}

TEST_P(ProgrammeStorage, KeepsToTheOldAreaOfAMergedProvince)
{
    begin("tien_giang", "82");
    auto outside = input("certificate", "haccp", "2026-02-01", "0100109106");
    outside.commune_code = "29869"; // Cao Lãnh
    auto const refused = record(outside);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fields.at(0).key, "programme.outside");
    outside.commune_code.clear();
    EXPECT_EQ(record(outside).error().fields.at(0).key, "field.required");
    outside.commune_code = "28261"; // Mỹ Tho
    must_record(outside);
    EXPECT_EQ(value("certified"), 1);
}

TEST_P(ProgrammeStorage, TellsEveryFaultOfARecordAtOnce)
{
    begin("lai_chau", "12");
    auto wrong = input("certificate", "7s", "2026-02-01");
    wrong.valid_to = "2025-01-01";
    wrong.amount = 0;
    auto const refused = record(wrong);
    ASSERT_FALSE(refused.ok());
    std::vector<std::string> keys;
    for (auto const& fault : refused.error().fields) keys.push_back(fault.key);
    EXPECT_EQ(keys, (std::vector<std::string>{"programme.item", "programme.organization_missing", "programme.amount",
                                              "programme.ends_early"}));
}

TEST_P(ProgrammeStorage, FreezesFiguresAndExplainsNextYearLineByLine)
{
    begin("lai_chau", "12");
    now = start_of_day(Date{std::chrono::year{2025} / 11 / 20});
    auto ends = input("certificate", "haccp", "2024-02-01", "0100109106");
    ends.valid_to = "2026-06-30";
    must_record(ends);
    auto const wrong = must_record(input("certificate", "gap", "2025-02-01", "0100233488"));
    auto const corrected = must_record(input("certificate", "gap", "2025-03-01", "0300588569"));
    done([&](db::Connection& c) -> Status {
        auto const id = freeze(c, actor(), plan_id, first_of(2025), last_of(2025));
        return id ? Status{Done{}} : id.error();
    });

    now = start_of_day(Date{std::chrono::year{2026} / 11 / 20});
    ASSERT_TRUE(withdraw(wrong, "không phải doanh nghiệp của tỉnh").ok());
    auto again = input("certificate", "gap", "2025-04-01", "0300588569");
    must_record(again, corrected);
    must_record(input("certificate", "organic", "2026-04-01", "0101243150"));
    auto const found = read([&](db::Connection& c) -> Result<std::vector<Difference>> {
        auto const frozen = find_frozen(c, plan_id, first_of(2025), last_of(2025));
        if (!frozen) return not_found("programme.record_unknown");
        EXPECT_EQ(frozen->find("certified")->value, 3) << "as it was";
        return differences(c, *frozen, *indicators(c, plan_id, first_of(2026), last_of(2026), now));
    });
    ASSERT_TRUE(found.ok());
    std::map<std::string, int> causes;
    for (auto const& each : *found)
        if (each.indicator == "certified") ++causes[each.cause];
    EXPECT_EQ(causes, (std::map<std::string, int>{{"added", 2}, {"corrected", 1}, {"expired", 1}, {"withdrawn", 1}}));
}

TEST_P(ProgrammeStorage, SelectsNeedsUnderTheOnceOnlyRule)
{
    begin("lang_son", "20");
    NeedInput wanted;
    wanted.year = 2027;
    wanted.item = "5s";
    wanted.detail = "5S cho xưởng";
    wanted.estimate = 60'000'000;
    wanted.tax_code = "0100109106";
    wanted.org_name = "Công ty 0100109106";
    auto const add = [&] {
        return write([&](db::Connection& c) -> Result<std::string> {
            return register_need(c, actor(), *find_plan(c, plan_id), wanted);
        });
    };
    auto const need = add();
    ASSERT_TRUE(need.ok());
    EXPECT_EQ(add().error().key, "programme.need_exists");
    must_record(input("support", "5s", "2026-02-01", "0100109106"));
    auto const decide = [&](std::string const& state, std::string const& reason) {
        return write([&](db::Connection& c) -> Status {
            return decide_need(c, actor(), *find_plan(c, plan_id), *need, state, reason);
        });
    };
    EXPECT_EQ(decide("selected", "").error().key, "programme.once_only");
    EXPECT_EQ(decide("declined", "").error().fields.at(0).key, "field.required");
    EXPECT_TRUE(decide("declined", "đã hỗ trợ năm 2026").ok());
}

TEST_P(ProgrammeStorage, RemindsFromTheFirstOfOctoberUntilTheYearsFiguresAreFrozen)
{
    begin("lai_chau", "12");
    auto const due = [&](int month, int day) {
        now = start_of_day(Date{std::chrono::year{2026} / month / day});
        auto found = read([&](db::Connection& c) -> Result<Readings> { return read_trouble(c, now); });
        return found ? found->reports.size() : 99;
    };
    EXPECT_EQ(due(9, 30), 0U);
    EXPECT_EQ(due(10, 1), 1U);
    EXPECT_EQ(due(11, 22), 1U);
    done([&](db::Connection& c) -> Status {
        auto const id = freeze(c, actor(), plan_id, first_of(2026), last_of(2026));
        return id ? Status{Done{}} : id.error();
    });
    EXPECT_EQ(due(11, 23), 0U);
}

/// What the table of issue 5 §1 asks of each plan, and which figures the illustrative evidence must give.
struct Expected {
    char const* province;
    int from;
    int to;
    std::map<std::string, double> at_least;
};

class SeededProvince : public StorageTest {
protected:
    /// The sheets hold the very numbers, and LibreOffice shows each with its indicator.
    void expect_same_on_paper(Expected const& expected, Figures const& figures, Instant now)
    {
        auto const report = read([&](db::Connection& c) {
            return read_report(c, expected.province, first_of(expected.from), last_of(expected.to), now);
        });
        ASSERT_TRUE(report.ok());
        auto const locale = Locale::load(embedded::locale());
        ASSERT_TRUE(locale.ok());
        auto const sheets = report_sheets(*locale, *report);
        ASSERT_EQ(sheets.front().rows.size(), figures.figures.size());
        std::size_t lines = 0;
        for (std::size_t i = 0; i < figures.figures.size(); ++i) {
            EXPECT_EQ(sheets.front().rows[i].at(4), office::Cell{*figures.figures[i].value}) << expected.province;
            lines += figures.figures[i].evidence.size();
        }
        EXPECT_EQ(sheets.back().rows.size(), lines);
        if (GetParam() != Engine::sqlite) return; // the papers are the same
        office::PdfOptions options;
        options.time_max = std::chrono::minutes{2};
        auto const pdf = office::PdfMaker{options}.make_now(office::to_docx(report_document(*locale, *report)));
        ASSERT_TRUE(pdf.ok()) << pdf.error().key;
        auto const text = pdf_text(*pdf, "pdftotext -raw");
        for (auto const& figure : figures.figures) {
            auto const shown = ": " + value_text(*locale, figure) + " " + figure.indicator.unit_text;
            // The paper breaks lines where it likes.
            auto flat = text;
            std::ranges::replace(flat, '\n', ' ');
            EXPECT_NE(flat.find(shown), std::string::npos) << expected.province << ' ' << figure.indicator.id << shown;
        }
    }

    static void done_or_fail(Result<seed::Summary> const& summary)
    {
        ASSERT_TRUE(summary.ok()) << summary.error().key << ' ' << summary.error().log_text;
    }
};
NGUON_ON_BOTH_ENGINES(SeededProvince);

TEST_P(SeededProvince, ShowsEveryIndicatorOfItsPlanWithEvidence)
{
    auto const now = start_of_day(Date{std::chrono::year{2026} / 11 / 22}) + std::chrono::hours{9};
    for (auto const& expected : std::vector<Expected>{
             {"lai_chau",
              2021,
              2025,
              {{"system", 1}, {"certified", 5}, {"traceability", 2}, {"training", 5}, {"tfp", 1}}},
             {"tien_giang",
              2021,
              2025,
              {{"training", 10}, {"applied", 20}, {"certified", 31}, {"entries", 4}, {"awards", 3}, {"benchmark", 4}}},
             {"hai_phong",
              2021,
              2025,
              {{"systems", 7},
               {"tools", 4},
               {"traceability", 3},
               {"traceability_certified", 1},
               {"laboratories", 3},
               {"benchmark", 4},
               {"tfp", 47}}},
             {"lang_son",
              2026,
              2030,
              {{"supported", 14}, {"models", 3}, {"experts", 3}, {"managers", 151}, {"items", 15}, {"spending", 1}}},
             {"ninh_thuan",
              2021,
              2025,
              {{"supported", 50}, {"experts", 10}, {"managers", 251}, {"models", 5}, {"awards", 5}, {"gold", 1}}}}) {
        database_.reset();
        schema_.reset();
        std::filesystem::remove_all(dir_.path() / "data");
        open();
        seed::Options options;
        options.now = now;
        options.public_url = "http://127.0.0.1";
        options.province = expected.province;
        done_or_fail([&] {
            auto const set = write([&](db::Connection& c) -> Status {
                db::installation::Installation installation;
                installation.id = new_uuid();
                installation.province_code = "12";
                db::installation::insert(c, installation);
                return load_catalogues(c);
            });
            return set ? seed::fill(database(), options) : Result<seed::Summary>{set.error()};
        }());
        auto const figures = read([&](db::Connection& c) {
            return indicators(c, expected.province, first_of(expected.from), last_of(expected.to), now);
        });
        ASSERT_TRUE(figures.ok()) << figures.error().key;
        for (auto const& [indicator, value] : expected.at_least) {
            auto const* figure = figures->find(indicator);
            ASSERT_NE(figure, nullptr) << expected.province << ' ' << indicator;
            EXPECT_GE(figure->value.value_or(-1), value) << expected.province << ' ' << indicator;
            EXPECT_FALSE(figure->evidence.empty()) << expected.province << ' ' << indicator;
        }
        for (auto const& figure : figures->figures)
            EXPECT_FALSE(figure.evidence.empty()) << expected.province << ' ' << figure.indicator.id;
        expect_same_on_paper(expected, *figures, now);
    }
}

} // namespace
} // namespace nguon::server::app
