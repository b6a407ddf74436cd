#include "server/app/issue_slip.hpp"

#include "db/accounts.hpp"
#include "db/audit_log.hpp"
#include "db/reference.hpp"
#include "server/app/approvals.hpp"
#include "server/app/managed_accounts.hpp"
#include "server/auth/accounts.hpp"
#include "server/auth/slips.hpp"

#include <algorithm>
#include <span>

namespace nguon::server::app {
namespace {

/// A slip ready to be written, and whom it is for.
struct Prepared {
    NewSlip slip = {};
    std::string for_whom = {};
};

bool manages_accounts(Principal const& who) { return who.may("account:write", OrganizationId{}); }

Result<Role> read_role(std::string const& name, std::span<Role const> offered)
{
    auto const role = role_from_text(name);
    if (role && std::ranges::find(offered, *role) != offered.end()) return *role;
    return invalid_fields({{"/role", "admin.role_unknown", {name}}});
}

Result<Prepared> prepare_member(db::Connection& c, Principal const& who, SlipWish const& wish)
{
    auto const org = organization_within(c, who, "slip:write", wish.org);
    if (!org) return org.error();
    auto const role = read_role(wish.role, member_roles);
    if (!role) return role.error();
    return Prepared{{.kind = "member", .org = org->id, .role = std::string{to_text(*role)}}, org->name};
}

Result<Prepared> prepare_officer(db::Connection& c, Principal const& who, SlipWish const& wish)
{
    if (!manages_accounts(who)) return forbidden("auth.forbidden");
    auto const role = read_role(wish.role, officer_roles);
    if (!role) return role.error();
    if (wish.area.empty() && *role == Role::commune_officer) return invalid_fields({{"/area", "slip.area_needed", {}}});
    bool const known =
        wish.area.empty() || db::reference::find_commune(c, wish.area) || db::reference::find_province(c, wish.area);
    if (!known) return invalid_fields({{"/area", "reference.commune_unknown", {wish.area}}});
    return Prepared{{.kind = "member", .role = std::string{to_text(*role)}, .area = wish.area}, {}};
}

Result<Prepared> prepare_reset(db::Connection& c, Actor const& actor, Principal const& who, SlipWish const& wish)
{
    auto const unknown = invalid_fields({{"/login", "account.unknown", {}}});
    auto const login = read_login(wish.login);
    if (!login) return unknown;
    auto const account = db::accounts::find_by_login(c, *login);
    if (!account || !manages_account(c, who, account->person, actor.at)) return unknown;
    if (account->disabled_at) return invalid_fields({{"/login", "account.disabled", {}}});
    return Prepared{{.kind = "reset", .person = account->person}, *login};
}

Result<Prepared> prepare(db::Connection& c, Actor const& actor, Principal const& who, SlipWish const& wish)
{
    if (wish.kind == "member") return prepare_member(c, who, wish);
    if (wish.kind == "officer") return prepare_officer(c, who, wish);
    if (wish.kind == "reset") return prepare_reset(c, actor, who, wish);
    return Prepared{{.kind = "firm"}, {}};
}

} // namespace

Result<IssuedSlip> issue_slip_for(db::Connection& c, Actor const& actor, Principal const& who, SlipWish const& wish,
                                  std::chrono::hours life)
{
    auto prepared = prepare(c, actor, who, wish);
    if (!prepared) return prepared.error();
    auto& slip = prepared->slip;
    slip.issued_by = actor.subject;
    auto code = issue_slip(c, slip, actor.at, life);
    db::audit_log::Entry entry;
    entry.org = slip.org;
    entry.action = "slip.issue";
    entry.entity_kind = slip.person.empty() ? "slip" : "person";
    entry.entity_id = slip.person.text();
    entry.detail = nlohmann::json{{"kind", wish.kind}, {"role", slip.role}, {"area", slip.area}}.dump();
    db::audit_log::append(c, actor.change(), entry);
    return IssuedSlip{std::move(code), std::move(prepared->for_whom), actor.at + life};
}

} // namespace nguon::server::app
