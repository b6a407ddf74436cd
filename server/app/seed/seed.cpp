#include "server/app/seed/seed.hpp"

#include "db/accounts.hpp"
#include "db/events.hpp"
#include "db/grants.hpp"
#include "db/installation.hpp"
#include "db/organizations.hpp"
#include "server/app/organizations.hpp"
#include "server/app/programme_plans.hpp"
#include "server/app/seed/demo_data.hpp"
#include "server/app/seed/journeys.hpp"
#include "server/app/seed/pictures.hpp"
#include "server/app/seed/programme.hpp"
#include "server/app/seed/registry.hpp"
#include "server/app/seed/stories.hpp"
#include "server/auth/accounts.hpp"
#include "server/auth/passwords.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace nguon::server::app::seed {
namespace {

constexpr std::uint64_t seed_constant = 0x4C41494348415531; // "LAICHAU1"
constexpr std::size_t lots_in_all = 600;
constexpr int province_days = 428; // fourteen months
constexpr std::size_t story_count = 5;

/// Marks the installation first: whatever is written stands under that mark.
Status prepare(db::Database& database, Options const& options)
{
    auto work = [&](db::Connection& c) -> Status {
        if (db::organizations::count(c, "") > 0 || db::organizations::find_authority(c))
            return conflict("seed.not_empty");
        auto const plan = programme::read_plan(shipped_plan(options.province));
        if (!plan) return plan.error();
        db::installation::set_illustrative(c);
        db::installation::set_province(c, plan->province);
        return load_programme(c, {"seed", {}, "seed", options.now}, options.province);
    };
    return database.write_now(work);
}

/// The province joins the portals on the day of seeding: what happened before begins to wait today, as it would.
Status join_portals(db::Database& database, std::vector<db::targets::Target> const& targets)
{
    auto work = [&](db::Connection& c) -> Status {
        for (auto const& target : targets) db::targets::put(c, target);
        return Done{};
    };
    return database.write_now(work);
}

void plan_story_firms(World& world)
{
    constexpr std::array<int, story_count> days{421, 417, 409, 402, 413};
    // They stand before the others, and the stories know them by their place.
    for (std::size_t i = 0; i < story_count; ++i) {
        auto& firm = world.firms[i];
        if (i == 2) {
            auto& second = firm.further_places.emplace_back(firm.field);
            second.place.name = "Trại ong Pa Ủ – Pha Bu trên";
            *second.place.latitude += 0.0214;
            *second.place.longitude -= 0.0187;
        }
        plan_firm(world, firm, days[i]);
        for (auto& product : firm.products) {
            plan_product(world, product, days[i] - 6);
            plan_ocop_certificate(world, product);
        }
    }
    for (auto const& sign_in : sign_ins())
        if (sign_in.role == "enterprise-clerk" || sign_in.role == "field-worker" || sign_in.role == "solution-provider")
            plan_member(world, world.firms[0], sign_in, world.moment(days[0] - 2, 10));
}

/// What the firms around the stories look like, apart from what their data say.
void plan_other_firms(World& world)
{
    auto& chance = world.chance;
    for (std::size_t i = story_count; i < world.firms.size(); ++i) {
        auto& firm = world.firms[i];
        give_numbers(world, firm);
        if (firm.input.organization.name == "Hộ nuôi ong Vàng San") {
            firm.login = "ong.vangsan";
            firm.owner_name = "Lường Văn Thoan";
        }
        auto const honey = firm.products.front().goods->group == "honey";
        give_places(world, firm, honey ? "apiary" : "growing_area");
        // Somebody lost a digit: the portal refuses a place outside Viet Nam until it is put right.
        if (i % 13 == 9) firm.shop.place.latitude = *firm.shop.place.latitude / 10;
        auto const days = firm.status == "pending"    ? static_cast<int>(chance.between(6, 19))
                          : firm.status == "returned" ? static_cast<int>(chance.between(24, 38))
                                                      : static_cast<int>(chance.between(150, 419));
        plan_firm(world, firm, days);
        std::size_t number = 0;
        for (auto& product : firm.products) {
            auto const place = i * 5 + number++;
            if (place % 19 == 7) product.status = "pending";
            if (place % 41 == 11) {
                product.status = "returned";
                product.reason = "Hình chưa thấy rõ nhãn. Chụp lại mặt trước bao bì.";
            }
            if (place % 53 == 20) {
                product.status = "paused";
                product.reason = "Chờ đơn vị nộp lại phiếu kiểm nghiệm đã hết hạn.";
            }
            bool const fresh = product.status == "pending" || product.status == "returned";
            plan_product(world, product,
                         fresh ? static_cast<int>(chance.between(8, 21))
                               : days - static_cast<int>(chance.between(1, 9)));
        }
        plan_usual_certificates(world, firm, i);
    }
}

/// One lot after the other to the products in turn, until there are enough; young firms have few.
void plan_other_lots(World& world)
{
    std::vector<SeedProduct*> products;
    for (auto& firm : world.firms)
        for (auto& product : firm.products) products.push_back(&product);
    std::map<SeedProduct*, int> counts;
    auto left = lots_in_all - world.lots.size();
    for (int round = 1; left > 0; ++round)
        for (auto* product : products) {
            auto const age = days_between(vietnam_date(product->at), world.today);
            if (left == 0 || (round > 2 && age < 40)) continue;
            ++counts[product];
            --left;
        }
    for (auto* product : products)
        if (counts[product] > 0) plan_usual_lots(world, *product, counts[product]);
}

Summary count(db::Connection& c, World const& world)
{
    Summary out;
    out.organizations = db::organizations::count(c, "") + (db::organizations::find_authority(c) ? 1 : 0);
    for (auto const& firm : world.firms) out.products += static_cast<std::int64_t>(firm.products.size());
    out.lots = static_cast<std::int64_t>(world.lots.size());
    out.events = db::events::count(c);
    for (auto const& piece : world.show_pieces) out.stories.push_back({piece.scenario, piece.path, piece.unit});
    std::ranges::sort(out.stories, {}, &Story::scenario);
    return out;
}

std::int64_t milliseconds_since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
}

/// The province's own organization, which nobody else has to approve.
Status found_authority(db::Connection& c, Actor const& actor, std::string const& name)
{
    OrganizationInput input;
    input.organization.kind = "authority";
    input.organization.name = name;
    auto const org = register_organization(c, actor, input);
    if (!org) return org.error();
    return decide_organization(c, actor, *org, "approved", "");
}

World new_world(Options const& options)
{
    auto const today = vietnam_date(options.now);
    auto const day_number = std::chrono::sys_days{today}.time_since_epoch().count();
    World world{seed_constant + static_cast<std::uint64_t>(day_number)};
    world.now = options.now;
    world.today = today;
    world.public_url = options.public_url;
    world.password_hash = hash_password_now(std::string{demo_password}, PasswordCost::least);
    read_demo_data(world);
    return world;
}

/// The long story of Lai Châu: five told firms, forty others, fourteen months.
Status plan_lai_chau(World& world)
{
    auto const own = add_story_firms(world);
    add_other_firms(world);
    if (auto drawn = give_pictures(world, own); !drawn) return drawn;
    plan_province(world, province_days);
    plan_story_firms(world);
    plan_other_firms(world);
    plan_tea_story(world);
    plan_rice_story(world);
    plan_honey_story(world);
    plan_incomplete_story(world);
    plan_copied_story(world);
    plan_expired_story(world);
    plan_other_lots(world);
    plan_usual_scans(world);
    plan_complaints(world);
    return Done{};
}

/// Another province: the firms of its plan's evidence, some of which make goods that can be traced.
Status plan_other_province(World& world, std::string const& name)
{
    constexpr int lots = 8;
    constexpr int firm_days = 420; // some of their lots are of last year, which closes a period
    add_programme_firms(world, name);
    if (auto drawn = give_pictures(world, {}); !drawn) return drawn;
    plan_province(world, province_days);
    for (auto& firm : world.firms) {
        plan_firm(world, firm, firm_days);
        for (auto& product : firm.products) {
            plan_product(world, product, firm_days - 10);
            plan_usual_lots(world, product, lots);
        }
    }
    return Done{};
}

} // namespace

Result<Summary> fill(db::Database& database, Options const& options)
{
    auto const provinces = seeded_provinces();
    if (std::ranges::find(provinces, options.province) == provinces.end()) {
        std::string names;
        for (auto const& name : provinces) names += (names.empty() ? "" : ", ") + name;
        return invalid("seed.province_unknown", {names});
    }
    if (auto prepared = prepare(database, options); !prepared) return prepared.error();
    auto const pictures_start = std::chrono::steady_clock::now();
    auto world = new_world(options);
    auto const planned =
        options.province == "lai_chau" ? plan_lai_chau(world) : plan_other_province(world, options.province);
    if (!planned) return planned.error();
    auto const picture_milliseconds = milliseconds_since(pictures_start);

    auto const writing_start = std::chrono::steady_clock::now();
    plan_programme(world, options.province);
    plan_fresh_passwords(world);
    if (auto written = world.plan.run(database); !written) return written.error();
    if (auto joined = join_portals(database, options.targets); !joined) return joined.error();

    auto work = [&](db::Connection& c) -> Result<Summary> { return count(c, world); };
    auto summary = database.read_now(work);
    if (!summary) return summary;
    summary->picture_milliseconds = picture_milliseconds;
    summary->write_milliseconds = milliseconds_since(writing_start);
    return summary;
}

std::string default_authority(std::string_view province_code, std::string_view province_name)
{
    constexpr std::array<std::string_view, 6> cities{"01", "31", "46", "48", "79", "92"};
    auto const kind = std::ranges::find(cities, province_code) == cities.end() ? "tỉnh" : "thành phố";
    return fmt::format("Sở Khoa học và Công nghệ {} {}", kind, province_name);
}

Status create_administrator(db::Database& database, FirstOffice const& wanted, Instant now)
{
    auto const name = read_login(wanted.login);
    if (!name) return name.error();
    if (auto faults = check_new_password(*name, wanted.password); !faults.empty())
        return invalid_fields(std::move(faults));
    NewAccount account;
    account.login = *name;
    account.password_hash = hash_password_now(wanted.password);
    account.name = *name;
    account.role = Role::province_security;
    account.created_by = "command";
    auto work = [&](db::Connection& c) -> Status {
        if (!db::accounts::of_province(c).empty() || db::organizations::count(c, "") > 0)
            return conflict("seed.not_empty");
        auto const person = create_account(c, account, now);
        if (!person) return person.error();
        db::grants::Grant grant;
        grant.id = new_uuid();
        grant.subject = person->text();
        grant.role = to_text(Role::province_operator);
        grant.valid_from = now;
        grant.granted_by = "command";
        db::grants::insert(c, grant);
        return found_authority(c, {person->text(), {}, "seed", now}, wanted.authority);
    };
    return database.write_now(work);
}

} // namespace nguon::server::app::seed
