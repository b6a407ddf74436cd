#include "server/app/seed/registry.hpp"

#include "db/accounts.hpp"
#include "db/people.hpp"
#include "server/app/certificates.hpp"
#include "server/app/organizations.hpp"
#include "server/app/places.hpp"
#include "server/app/products.hpp"
#include "server/app/seed/demo_data.hpp"
#include "server/app/sign_up.hpp"
#include "server/auth/accounts.hpp"

#include <array>

#include <fmt/format.h>

namespace nguon::server::app::seed {
namespace {

constexpr std::array all_sign_ins{
    SignIn{"che.banbo", "enterprise-owner", "Lò Thị Phương", "Hợp tác xã Chè Bản Bo Xanh"},
    SignIn{"ong.vangsan", "enterprise-owner", "Lường Văn Thoan", "Hộ nuôi ong Vàng San"},
    SignIn{"ke.toan", "enterprise-clerk", "Vũ Thị Ngát", "Hợp tác xã Chè Bản Bo Xanh"},
    SignIn{"nhat.ky", "field-worker", "Tòng Văn Biên", "Hợp tác xã Chè Bản Bo Xanh"},
    SignIn{"giai.phap", "solution-provider", "Đặng Văn Khang", "Hợp tác xã Chè Bản Bo Xanh"},
    SignIn{"so.khcn1", "province-operator", "Nguyễn Thị Thảo", "Sở Khoa học và Công nghệ"},
    SignIn{"so.khcn2", "province-operator", "Hoàng Văn Hải", "Sở Khoa học và Công nghệ"},
    SignIn{"kiem.toan", "province-auditor", "Phạm Thị Nhàn", "toàn tỉnh"},
    SignIn{"an.toan", "province-security", "Bùi Văn Chiến", "toàn tỉnh"},
    SignIn{"so.nongnghiep", "department-officer", "Trần Văn Lâm", "Sở Nông nghiệp và Môi trường"},
    SignIn{"xa.banbo", "commune-officer", "Lường Thị Yêu", "xã Bản Bo"},
    SignIn{"thanh.tra", "inspector", "Đỗ Văn Quyết", "toàn tỉnh"},
};

constexpr std::string_view area_of_commune_officer = "03424";

void plan_officer(World& world, SignIn const& sign_in, std::size_t number, Instant at)
{
    world.plan.add(at, [&world, sign_in, number, at](db::Connection& c) -> Status {
        NewAccount account;
        account.login = sign_in.login;
        account.password_hash = world.password_hash;
        account.name = sign_in.name;
        account.role = *role_from_text(sign_in.role);
        if (account.role == Role::commune_officer) account.area = area_of_commune_officer;
        account.created_by = "command";
        auto const person = create_account(c, account, at);
        if (!person) return person.error();
        world.accounts.emplace_back(sign_in.login, person->text());
        if (account.role == Role::province_operator) world.operators[number % 2] = person->text();
        return Done{};
    });
}

/// A firm without a sign-in: somebody still declares for it.
Status register_quietly(db::Connection& c, Firm& firm, Instant at)
{
    auto const person = new_id<struct PersonKind>();
    firm.subject = person.text();
    auto id = register_organization(c, {firm.subject, {}, "seed", at}, firm.input, true);
    if (!id) return id.error();
    firm.id = *std::move(id);
    db::people::Detail owner;
    owner.name = firm.owner_name;
    db::people::insert(c, person, firm.id, "user", owner, at);
    return Done{};
}

Status register_with_sign_in(db::Connection& c, World& world, Firm& firm, Instant at)
{
    SignUp wanted;
    wanted.organization = firm.input;
    wanted.owner_name = firm.owner_name;
    wanted.login = firm.login;
    wanted.password_hash = world.password_hash;
    auto const signed_up = sign_up(c, wanted, "seed", at, true);
    if (!signed_up) return signed_up.error();
    firm.id = signed_up->org;
    firm.subject = signed_up->owner.text();
    world.accounts.emplace_back(firm.login, firm.subject);
    return Done{};
}

void plan_registration(World& world, Firm& firm, Instant at)
{
    world.plan.add(at, [&world, &firm, at](db::Connection& c) -> Status {
        return firm.login.empty() ? register_quietly(c, firm, at) : register_with_sign_in(c, world, firm, at);
    });
}

void plan_decision(World& world, Firm& firm, std::string const& status, std::string const& reason, Instant at)
{
    auto const which = static_cast<std::size_t>(world.chance.between(0, 1));
    world.plan.add(at, [&world, &firm, status, reason, which, at](db::Connection& c) {
        return decide_organization(c, officer(world, which, at), firm.id, status, reason);
    });
}

} // namespace

std::span<SignIn const> sign_ins() { return all_sign_ins; }

void plan_province(World& world, int days)
{
    std::size_t number = 0;
    for (auto const& sign_in : all_sign_ins)
        if (is_authority(*role_from_text(sign_in.role))) plan_officer(world, sign_in, number++, world.moment(days, 8));
    auto& authority = world.authority;
    give_numbers(world, authority);
    authority.owner_name = "Nguyễn Thị Thảo";
    authority.input.phone_public = true;
    plan_registration(world, authority, world.moment(days, 8, 20));
    plan_decision(world, authority, "approved", "", world.moment(days, 8, 30));
    for (auto& body : world.bodies) {
        give_numbers(world, body);
        auto const since = days - static_cast<int>(world.chance.between(1, 9));
        plan_registration(world, body, world.moment(since, 9, 12));
        plan_decision(world, body, "approved", "", world.moment(since, 15, 41));
    }
}

void plan_firm(World& world, Firm& firm, int days)
{
    auto& chance = world.chance;
    firm.registered_at =
        world.moment(days, static_cast<int>(chance.between(7, 16)), static_cast<int>(chance.between(0, 59)));
    plan_registration(world, firm, firm.registered_at);
    auto const soon = firm.registered_at + std::chrono::minutes{25};
    for (auto* place : {&firm.factory, &firm.field, &firm.shop}) plan_place(world, firm, *place, soon);
    for (auto& place : firm.further_places) plan_place(world, firm, place, soon);
    if (firm.status == "pending") return;

    auto const decided = firm.registered_at + std::chrono::hours{chance.between(20, 160)};
    bool const at_once = firm.status == "returned";
    plan_decision(world, firm, at_once ? firm.status : "approved", at_once ? firm.reason : "", decided);
    if (firm.status == "suspended") plan_decision(world, firm, firm.status, firm.reason, world.moment(17, 10, 26));
}

void plan_member(World& world, Firm& firm, SignIn const& sign_in, Instant at)
{
    world.plan.add(at, [&world, &firm, sign_in, at](db::Connection& c) -> Status {
        NewAccount account;
        account.login = sign_in.login;
        account.password_hash = world.password_hash;
        account.name = sign_in.name;
        account.role = *role_from_text(sign_in.role);
        account.org = firm.id;
        account.created_by = firm.subject;
        auto const person = create_account(c, account, at);
        if (!person) return person.error();
        world.accounts.emplace_back(sign_in.login, person->text());
        return Done{};
    });
}

void plan_place(World& world, Firm& firm, SeedPlace& place, Instant at)
{
    world.plan.add(at, [&firm, &place, at](db::Connection& c) -> Status {
        auto id = register_place(c, actor_of(firm, at), place.place);
        if (!id) return id.error();
        place.id = *std::move(id);
        return Done{};
    });
}

void plan_product(World& world, SeedProduct& product, int days)
{
    auto& chance = world.chance;
    if (product.product.ocop_stars > 0) {
        product.product.ocop_decision = fmt::format("{}/QĐ-UBND", chance.odd_amount(412, 1987));
        product.product.ocop_valid_to = to_iso(world.day(static_cast<int>(-chance.between(60, 900))));
    }
    auto const wanted = world.moment(std::max(days, 2), 9, static_cast<int>(chance.between(0, 59)));
    product.at = std::max(wanted, product.firm->registered_at + std::chrono::hours{2});
    world.plan.add(product.at, [&product](db::Connection& c) -> Status {
        std::vector<scanner::Photos> photos;
        if (product.photos) photos.push_back(*product.photos);
        auto id = register_product(c, actor_of(*product.firm, product.at), product.product, photos);
        if (!id) return id.error();
        product.id = *std::move(id);
        return Done{};
    });
    if (product.status == "pending" || product.firm->status == "pending" || product.firm->status == "returned") return;

    auto const which = static_cast<std::size_t>(chance.between(0, 1));
    auto const decide = [&](std::string const& status, std::string const& reason, Instant at) {
        world.plan.add(at, [&world, &product, status, reason, which, at](db::Connection& c) {
            return decide_product(c, officer(world, which, at), product.id, status, reason);
        });
    };
    auto const first = product.at + std::chrono::hours{chance.between(170, 260)};
    if (product.status == "returned") return decide("returned", product.reason, product.at + std::chrono::hours{30});
    decide("published", "", std::min(first, world.moment(1, 17)));
    if (product.status != "published") decide(product.status, product.reason, world.moment(6, 14, 8));
}

void plan_certificate(World& world, Firm& firm, SeedCertificate const& wanted, Instant at)
{
    auto const which = static_cast<std::size_t>(world.chance.between(0, 1));
    world.plan.add(at, [&firm, wanted, at](db::Connection& c) -> Status {
        auto const product = wanted.product == nullptr ? ProductId{} : wanted.product->id;
        auto id = register_certificate(c, actor_of(firm, at), wanted.certificate, product, {});
        if (!id) return id.error();
        *wanted.id = *std::move(id);
        return Done{};
    });
    if (wanted.confirmed_by.empty()) return;
    auto const confirmed = std::min(at + std::chrono::hours{71}, world.moment(1, 16, 20));
    world.plan.add(confirmed, [&world, &firm, wanted, which, confirmed](db::Connection& c) {
        return confirm_certificate(c, officer(world, which, confirmed), firm.id, *wanted.id, wanted.confirmed_by);
    });
}

void plan_ocop_certificate(World& world, SeedProduct& product)
{
    if (product.product.ocop_stars == 0) return;
    SeedCertificate ocop;
    ocop.product = &product;
    ocop.certificate.kind = "ocop";
    ocop.certificate.name = fmt::format("Giấy chứng nhận OCOP {} sao", product.product.ocop_stars);
    ocop.certificate.number = product.product.ocop_decision;
    ocop.certificate.issuer = "UBND tỉnh Lai Châu";
    ocop.certificate.valid_to = product.product.ocop_valid_to;
    ocop.certificate.scope = product.product.name;
    if (!world.chance.one_in(4)) ocop.confirmed_by = "Sở Khoa học và Công nghệ tỉnh Lai Châu";
    plan_certificate(world, *product.firm, ocop, product.at + std::chrono::hours{5});
}

void plan_usual_certificates(World& world, Firm& firm, std::size_t number)
{
    constexpr std::array ends{-30, 5, 45, 118, 203, 387, 466};
    auto& chance = world.chance;
    auto const registered = std::max(firm.registered_at + std::chrono::hours{26}, world.moment(400, 10));
    auto const year = static_cast<int>(world.today.year());

    SeedCertificate safety;
    safety.certificate.kind = "food_safety";
    safety.certificate.name = "Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm";
    safety.certificate.number = fmt::format("{}/{}/NNMT-LC", chance.odd_amount(31, 418), year - 2);
    safety.certificate.issuer = "Sở Nông nghiệp và Môi trường tỉnh Lai Châu";
    safety.certificate.scope = firm.factory.place.name;
    auto const end = ends[number % ends.size()];
    safety.certificate.valid_from = to_iso(world.day(1095 - end));
    safety.certificate.valid_to = to_iso(world.day(-end));
    if (firm.status == "approved") safety.confirmed_by = "Sở Nông nghiệp và Môi trường tỉnh Lai Châu";
    if (firm.products.front().goods->group != "craft") plan_certificate(world, firm, safety, registered);

    for (auto& product : firm.products) plan_ocop_certificate(world, product);
}

void plan_fresh_passwords(World& world)
{
    world.plan.add(world.moment(0, 0), [&world](db::Connection& c) -> Status {
        for (auto const& [login, person] : world.accounts)
            if (auto set = db::accounts::set_password(c, PersonId{person}, world.password_hash, world.now); !set)
                return set;
        return Done{};
    });
}

} // namespace nguon::server::app::seed
