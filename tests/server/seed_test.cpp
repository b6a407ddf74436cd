#include "server/app/seed/seed.hpp"

#include "core/gs1/digital_link.hpp"
#include "db/deliveries.hpp"
#include "db/installation.hpp"
#include "db/organizations.hpp"
#include "server/app/catalogues.hpp"
#include "server/app/origin.hpp"
#include "server/app/seed/names.hpp"
#include "server/auth/passwords.hpp"
#include "server/auth/roles.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr auto target = "practice";

/// 14:20 on 12/10/2026 in Viet Nam.
Instant seeding_time() { return parse_time("2026-10-12T14:20:00+07:00")->at; }

Status begin_installation(db::Connection& c)
{
    db::installation::Installation fresh;
    fresh.id = new_uuid();
    fresh.province_code = "12";
    fresh.created_at = seeding_time();
    db::installation::insert(c, fresh);
    return load_catalogues(c);
}

/// A seeded installation on SQLite.
class Seeded {
public:
    explicit Seeded(Instant now = seeding_time()) : now_{now}
    {
        db::DatabaseSettings settings;
        settings.data_dir = dir_.path() / "data";
        settings.readers = 1;
        auto opened = db::Database::open(settings);
        if (!opened) throw std::runtime_error{opened.error().key};
        database_ = *std::move(opened);
        auto const prepared = database_->write_now(begin_installation);
        if (!prepared) throw std::runtime_error{prepared.error().key};
        summary_ = fill();
        if (!summary_) throw std::runtime_error{summary_.error().key + " " + summary_.error().log_text};
    }

    Result<seed::Summary> fill()
    {
        seed::Options options;
        options.now = now_;
        options.public_url = "https://truyxuat.example";
        options.targets = {{target, "most", true, now_}};
        return seed::fill(*database_, options);
    }

    template <typename Work>
    auto read(Work work)
    {
        auto wrapped = [&](db::Connection& c) { return Result{work(c)}; };
        auto answer = database_->read_now(wrapped);
        if (!answer) throw std::runtime_error{answer.error().key};
        return *std::move(answer);
    }

    /// The first column of the answer.
    std::vector<std::string> texts(std::string const& query)
    {
        return read([&](db::Connection& c) {
            std::vector<std::string> out;
            for (auto const& row : c.query(query)) out.push_back(row.text_or_empty(0));
            return out;
        });
    }
    std::int64_t number(std::string const& query)
    {
        return read([&](db::Connection& c) { return c.query(query).front().integer(0); });
    }

    Subject subject_of(std::string const& path)
    {
        auto const link = gs1::read_digital_link("https://truyxuat.example" + path).link;
        return read([&](db::Connection& c) { return find_subject(c, link.elements, vietnam_date(seeding_time())); });
    }
    Subject subject_of_code(std::string const& code)
    {
        return read([&](db::Connection& c) { return find_subject(c, code, vietnam_date(seeding_time())); });
    }
    Origin origin_of(Subject const& subject)
    {
        return read([&](db::Connection& c) { return *trace_code(c, subject, seeding_time()); });
    }

    seed::Story const& story(std::string const& scenario) const
    {
        for (auto const& entry : summary_->stories)
            if (entry.scenario == scenario) return entry;
        throw std::runtime_error{"no story " + scenario};
    }
    seed::Summary const& summary() const { return *summary_; }
    db::Database& database() { return *database_; }

private:
    Instant now_;
    testing::TempDir dir_;
    std::unique_ptr<db::Database> database_;
    Result<seed::Summary> summary_ = Error{};
};

/// Seeding takes seconds, so the tests that only look share one province.
Seeded& province()
{
    static Seeded seeded;
    return seeded;
}

TEST(Seed, FillsFortyFirmsWithTheirProductsAndLots)
{
    auto const& summary = province().summary();

    EXPECT_GE(summary.organizations, 40);
    EXPECT_EQ(summary.products, 120);
    EXPECT_EQ(summary.lots, 600);
    EXPECT_GE(summary.events, 1800);
    EXPECT_EQ(province().number("SELECT count(*) FROM batch"), 600);
    auto const kinds = province().texts("SELECT DISTINCT kind FROM organization");
    EXPECT_EQ(std::set<std::string>(kinds.begin(), kinds.end()),
              (std::set<std::string>{"enterprise", "cooperative", "household", "conformity_body", "training_body",
                                     "authority"}));
    EXPECT_EQ(province().number("SELECT count(DISTINCT group_code) FROM product"), 16);
}

TEST(Seed, MarksInstallationAndEveryOrganization)
{
    EXPECT_EQ(province().number("SELECT illustrative FROM installation"), 1);
    EXPECT_EQ(province().number("SELECT count(*) FROM organization WHERE illustrative = 0"), 0);
}

TEST(Seed, ShowsFirmsAndProductsInEveryState)
{
    for (auto const* status : {"approved", "pending", "returned", "suspended"})
        EXPECT_GT(province().read([&](db::Connection& c) { return db::organizations::count(c, status); }), 0) << status;
    for (auto const* status : {"published", "pending", "returned", "paused"})
        EXPECT_GT(province().read([&](db::Connection& c) {
            return c.query("SELECT count(*) FROM product WHERE status = $1", {status}).front().integer(0);
        }),
                  0)
            << status;
    EXPECT_GT(province().number("SELECT count(*) FROM product WHERE gtin IS NULL"), 0);
    EXPECT_GT(province().number("SELECT count(*) FROM product WHERE missing = 'net_weight'"), 0);
}

TEST(Seed, HasCertificatesThatEndBeforeAndSoonAfterTheDay)
{
    for (auto const* day : {"2026-09-12", "2026-10-17", "2026-11-26"})
        EXPECT_GT(province().read([&](db::Connection& c) {
            return c.query("SELECT count(*) FROM certificate WHERE valid_to = $1", {day}).front().integer(0);
        }),
                  0)
            << day;
}

TEST(Seed, CannotRingAnybody)
{
    for (auto const& phone : province().texts("SELECT phone FROM person_detail WHERE phone <> ''"))
        EXPECT_TRUE(phone.starts_with(seed::silent_phone_block)) << phone;
    for (auto const& number : province().texts("SELECT identity_number FROM person_detail WHERE identity_number <> ''"))
        EXPECT_TRUE(number.starts_with("999")) << number;
    EXPECT_EQ(province().number("SELECT count(*) FROM organization WHERE kind = 'household' AND tax_code IS NOT NULL"),
              0);
}

TEST(Seed, TellsTheTeaFromFortyHouseholdsToThePack)
{
    auto const& story = province().story("a");
    ASSERT_TRUE(story.path.starts_with("/01/08939999000017/10/"));
    auto const lot = province().subject_of(story.path);
    auto const unit = province().subject_of_code(story.unit);
    auto const origin = province().origin_of(unit);

    EXPECT_EQ(lot.verdict, Verdict::lot);
    EXPECT_EQ(unit.verdict, Verdict::unit);
    EXPECT_EQ(origin.items_present, 9);
    EXPECT_EQ(origin.organization.tax_code, "9900100010");
    EXPECT_FALSE(origin.awaiting_approval);
    std::map<std::string, int> steps;
    std::int64_t households = 0;
    for (auto const& step : origin.steps) {
        ++steps[step.summary.template_key];
        if (step.summary.template_key == "tea.receiving") households = std::max(households, step.repeats);
    }
    EXPECT_EQ(steps["tea.receiving"], 5);
    EXPECT_GE(households, 30);
    for (auto const* key : {"tea.processing", "tea.test", "tea.packing", "tea.shipping", "tea.retail"})
        EXPECT_EQ(steps[key], 1) << key;
}

TEST(Seed, ShowsNobodyAnIdentifierForAPlace)
{
    std::size_t named = 0;
    for (auto const* story : {"a", "b", "c", "d", "e", "f"}) {
        auto const origin = province().origin_of(province().subject_of(province().story(story).path));
        for (auto const& step : origin.steps)
            for (auto const& field : step.summary.fields) {
                EXPECT_EQ(field.value.vi.find("urn:"), std::string::npos) << story << " " << field.name;
                if (field.name == "to_place" && !field.value.vi.empty()) ++named;
            }
    }
    EXPECT_GT(named, 0U);
}

TEST(Seed, TellsRiceWithItsCorrection)
{
    auto const subject = province().subject_of(province().story("b").path);
    auto const origin = province().origin_of(subject);

    EXPECT_EQ(subject.verdict, Verdict::lot);
    EXPECT_EQ(std::ranges::count_if(origin.steps, &OriginStep::wrong), 1);
    EXPECT_EQ(
        std::ranges::count_if(origin.steps, [](auto const& s) { return s.summary.template_key == "rice.milling"; }), 1);
}

TEST(Seed, RecallsTheBlendedHoney)
{
    auto const subject = province().subject_of(province().story("c").path);
    auto const origin = province().origin_of(subject);

    EXPECT_EQ(subject.verdict, Verdict::recalled);
    ASSERT_TRUE(origin.decision.has_value());
    EXPECT_EQ(origin.decision->reason, subject.batch->status_reason);
    EXPECT_EQ(origin.decision->by, "Sở Khoa học và Công nghệ tỉnh Lai Châu");
    EXPECT_LT(origin.decision->at, seeding_time());
    EXPECT_EQ(
        std::ranges::count_if(origin.steps, [](auto const& s) { return s.summary.template_key == "honey.harvest"; }),
        2);
}

TEST(Seed, LeavesOneLotWithProductDataOnly)
{
    auto const origin = province().origin_of(province().subject_of(province().story("d").path));

    EXPECT_TRUE(origin.steps.empty());
    EXPECT_LT(origin.items_present, 9);
}

TEST(Seed, ShowsABagPastItsUseByDate)
{
    auto const subject = province().subject_of(province().story("f").path);

    EXPECT_EQ(subject.verdict, Verdict::expired);
    EXPECT_FALSE(province().origin_of(subject).steps.empty());
}

TEST(Seed, KeepsFertilizerFromTheBees)
{
    EXPECT_GT(province().number("SELECT count(*) FROM event WHERE template = 'honey.care'"), 0);
    EXPECT_EQ(province().number("SELECT count(*) FROM event"
                                " WHERE template = 'honey.care' AND body <> replace(body, 'phân', '')"),
              0);
}

TEST(Seed, GivesAnOcopCertificateTheDaysOfItsProduct)
{
    std::map<std::string, nlohmann::json> products;
    province().read([&](db::Connection& c) {
        for (auto const& row : c.query("SELECT record_id, fields FROM record_version WHERE kind = 'product'"))
            products[row.text(0)] = nlohmann::json::parse(row.text(1));
        return 0;
    });
    std::size_t compared = 0;
    province().read([&](db::Connection& c) {
        for (auto const& row : c.query("SELECT k.product_id, v.fields FROM certificate k JOIN record_version v"
                                       " ON v.record_id = k.id AND v.version = k.latest_version"
                                       " WHERE k.kind = 'ocop'")) {
            auto const paper = nlohmann::json::parse(row.text(1));
            auto const& product = products.at(row.text(0));
            EXPECT_EQ(paper["valid_to"], product["ocop_valid_to"]) << product["name"];
            EXPECT_EQ(paper["number"], product["ocop_decision"]) << product["name"];
            ++compared;
        }
        return 0;
    });
    EXPECT_GT(compared, 20U);
}

TEST(Seed, PutsNothingIntoTheFuture)
{
    auto const now = parse_time("2026-11-22T09:42:37+07:00")->at;
    Seeded morning{now};
    for (auto const* query :
         {"SELECT count(*) FROM audit WHERE at > $1", "SELECT count(*) FROM outbox WHERE created_at > $1",
          "SELECT count(*) FROM record_version WHERE recorded_at > $1",
          "SELECT count(*) FROM product WHERE submitted_at > $1", "SELECT count(*) FROM scan WHERE at > $1",
          "SELECT count(*) FROM complaint WHERE changed_at > $1"})
        EXPECT_EQ(morning.read([&](db::Connection& c) { return c.query(query, {now}).front().integer(0); }), 0)
            << query;
}

TEST(Seed, ShowsACopiedStampByItsScans)
{
    auto const subject = province().subject_of_code(province().story("e").unit);
    auto const origin = province().origin_of(subject);

    ASSERT_EQ(subject.verdict, Verdict::unit);
    ASSERT_TRUE(origin.scans.has_value());
    EXPECT_EQ(origin.scans->count, 48);
    auto const within = province().read([&](db::Connection& c) {
        return c
            .query("SELECT max(at) - min(at) FROM scan WHERE subject = $1 AND at > $2",
                   {subject.scan_subject, seeding_time() - std::chrono::hours{48}})
            .front()
            .integer(0);
    });
    EXPECT_LT(std::chrono::microseconds{within}, std::chrono::hours{1});
}

TEST(Seed, HasADeliveryForEverything)
{
    auto const conservation =
        province().read([](db::Connection& c) { return db::deliveries::conservation(c, target); });

    EXPECT_TRUE(conservation.holds());
    EXPECT_GT(conservation.counts.held, 0);
    EXPECT_GT(conservation.counts.pending, conservation.counts.held);
    EXPECT_TRUE(province().read([](db::Connection& c) {
        return db::deliveries::oldest_pending(c, target) == seeding_time(); // not since fourteen months
    }));
}

TEST(Seed, DeclaresEventsLaterThanTheyHappenedAndNeverAhead)
{
    constexpr std::int64_t day_micros = 24LL * 3600 * 1'000'000;
    EXPECT_EQ(province().number("SELECT count(*) FROM event WHERE record_time < event_time"), 0);
    EXPECT_EQ(province().read([](db::Connection& c) {
        return c.query("SELECT count(*) FROM event WHERE record_time > $1", {seeding_time()}).front().integer(0);
    }),
              0);
    EXPECT_GT(province().number("SELECT count(*) FROM event WHERE record_time - event_time > " +
                                std::to_string(14 * day_micros)),
              0);
    EXPECT_EQ(province().number("SELECT count(*) FROM event a JOIN event b ON b.seq = a.seq + 1"
                                " WHERE b.record_time < a.record_time"),
              0);
}

TEST(Seed, SignsEveryRoleIn)
{
    std::set<std::string> roles;
    for (auto const& sign_in : seed::sign_ins()) {
        roles.emplace(sign_in.role);
        EXPECT_TRUE(check_new_password(sign_in.login, seed::demo_password).empty());
        auto const hashes = province().read([&](db::Connection& c) {
            std::vector<std::string> out;
            for (auto const& row : c.query("SELECT a.password_hash FROM account a JOIN role_grant g"
                                           " ON g.subject_id = a.person_id WHERE a.login = $1 AND g.role = $2",
                                           {sign_in.login, sign_in.role}))
                out.push_back(row.text(0));
            return out;
        });
        ASSERT_EQ(hashes.size(), 1U) << sign_in.login;
        EXPECT_TRUE(verify_password_now(hashes.front(), std::string{seed::demo_password}));
    }
    EXPECT_EQ(roles.size(), role_count);
}

TEST(Seed, ReceivesThreeReportsInThreeStates)
{
    EXPECT_EQ(province().texts("SELECT status FROM complaint ORDER BY status"),
              (std::vector<std::string>{"answered", "received", "verifying"}));
}

TEST(Seed, RefusesASecondTime)
{
    auto const again = province().fill();

    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().key, "seed.not_empty");
    EXPECT_EQ(province().number("SELECT count(*) FROM batch"), 600);
}

TEST(Seed, GivesTheSameProvinceOnTheSameDay)
{
    Seeded again;

    for (auto const* query :
         {"SELECT name FROM organization ORDER BY name", "SELECT name FROM product ORDER BY name",
          "SELECT tax_code FROM organization ORDER BY tax_code", "SELECT lot FROM batch ORDER BY lot",
          "SELECT name FROM person_detail ORDER BY name", "SELECT phone FROM person_detail ORDER BY phone",
          "SELECT valid_to FROM certificate ORDER BY valid_to"})
        EXPECT_EQ(province().texts(query), again.texts(query)) << query;
    EXPECT_EQ(province().summary().events, again.summary().events);
}

seed::FirstOffice office(std::string login, std::string password = "Nui-Cao-7-tang!")
{
    return {std::move(login), std::move(password), seed::default_authority("12", "Lai Châu")};
}

TEST(Seed, MakesTheFirstAdministratorOfACleanInstallation)
{
    auto const status = seed::create_administrator(province().database(), office("quan.tri"), seeding_time());

    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().key, "seed.not_empty");

    testing::TempDir dir;
    db::DatabaseSettings settings;
    settings.data_dir = dir.path() / "data";
    auto const database = db::Database::open(settings);
    ASSERT_TRUE(database.ok());
    ASSERT_TRUE((*database)->write_now(begin_installation).ok());
    EXPECT_FALSE(seed::create_administrator(**database, office("quan.tri", "ngan"), seeding_time()).ok());
    ASSERT_TRUE(seed::create_administrator(**database, office("Quan.Tri"), seeding_time()).ok());
    auto work = [](db::Connection& c) -> Result<std::int64_t> {
        return c
            .query("SELECT count(*) FROM role_grant g JOIN account a ON a.person_id = g.subject_id"
                   " WHERE a.login = 'quan.tri' AND g.role IN ('province-security', 'province-operator')")
            .front()
            .integer(0);
    };
    EXPECT_EQ(*(*database)->read_now(work), 2);
    auto authority = [](db::Connection& c) -> Result<db::organizations::Head> {
        auto const id = db::organizations::find_authority(c);
        if (!id) return not_found("organization.unknown");
        return db::organizations::find(c, *id);
    };
    auto const head = (*database)->read_now(authority);
    ASSERT_TRUE(head.ok());
    EXPECT_EQ(head->name, "Sở Khoa học và Công nghệ tỉnh Lai Châu");
    EXPECT_EQ(head->status, "approved");
    EXPECT_EQ(seed::default_authority("01", "Hà Nội"), "Sở Khoa học và Công nghệ thành phố Hà Nội");
    EXPECT_EQ(seed::create_administrator(**database, office("nguoi.khac"), seeding_time()).error().key,
              "seed.not_empty");
}

} // namespace
} // namespace nguon::server::app
