#include "server/app/managed_accounts.hpp"

#include "db/accounts.hpp"
#include "db/audit_log.hpp"
#include "db/grants.hpp"
#include "db/invitations.hpp"
#include "db/locks.hpp"
#include "db/people.hpp"
#include "db/sessions.hpp"
#include "server/app/approvals.hpp"

#include <algorithm>

namespace nguon::server::app {
namespace {

using db::grants::Grant;

bool manages(db::Connection& c, Principal const& who, Grant const& grant)
{
    auto const role = role_from_text(grant.role);
    if (!role || is_authority(*role) || !grant.org) return false;
    return who.may("member:write", *grant.org) || organization_within(c, who, "slip:write", *grant.org).ok();
}

/// An enterprise must keep an owner, and the province somebody who manages accounts.
bool is_last(db::Connection& c, PersonId const& person, Grant const& grant, Instant now)
{
    bool const keeper = grant.role == to_text(Role::enterprise_owner) || grant.role == to_text(Role::province_security);
    return keeper && db::accounts::count_others(c, person, grant.role, grant.org.value_or(OrganizationId{}), now) == 0;
}

void note(db::Connection& c, Actor const& actor, ManagedAccount const& account, std::string action)
{
    db::audit_log::Entry entry;
    entry.org = account.org;
    entry.action = std::move(action);
    entry.entity_kind = "person";
    entry.entity_id = account.person.text();
    db::audit_log::append(c, actor.change(), entry);
}

} // namespace

bool manages_account(db::Connection& c, Principal const& who, PersonId const& person, Instant now)
{
    if (who.may("account:write", OrganizationId{})) return true;
    auto const grants = db::grants::in_force(c, person.text(), now);
    return !grants.empty() && std::ranges::all_of(grants, [&](Grant const& grant) { return manages(c, who, grant); });
}

std::vector<ManagedAccount> accounts_of(db::Connection& c, Principal const& who, OrganizationId const& org, Instant now)
{
    std::vector<ManagedAccount> out;
    for (auto& listed : org.empty() ? db::accounts::of_province(c) : db::accounts::of_org(c, org, now)) {
        ManagedAccount account{listed.person, listed.login, listed.name, {}, org, listed.disabled_at, {}};
        for (auto const& grant : db::grants::in_force(c, listed.person.text(), now))
            if (auto const role = role_from_text(grant.role); role && grant.org.value_or(OrganizationId{}) == org)
                account.roles.push_back(*role);
        account.managed = listed.person.text() != who.subject && manages_account(c, who, listed.person, now);
        out.push_back(std::move(account));
    }
    return out;
}

Result<ManagedAccount> find_account(db::Connection& c, Principal const& who, PersonId const& person, Instant now)
{
    auto const account = db::accounts::find(c, person);
    if (!account || !manages_account(c, who, person, now)) return not_found("account.unknown");
    ManagedAccount out{person, account->login, {}, {}, {}, account->disabled_at, true};
    if (auto const detail = db::people::find(c, person)) out.name = detail->name;
    for (auto const& grant : db::grants::in_force(c, person.text(), now)) {
        if (auto const role = role_from_text(grant.role)) out.roles.push_back(*role);
        if (out.org.empty() && grant.org) out.org = *grant.org;
    }
    return out;
}

Status disable_account(db::Connection& c, Actor const& actor, Principal const& who, PersonId const& person)
{
    // Two owners who lock each other at the same moment must not both succeed.
    db::locks::hold_until_commit(c, "account.disable");
    auto const account = find_account(c, who, person, actor.at);
    if (!account) return account.error();
    if (person.text() == actor.subject) return conflict("account.own");
    if (account->disabled_at) return Done{};
    for (auto const& grant : db::grants::in_force(c, person.text(), actor.at))
        if (is_last(c, person, grant, actor.at)) return conflict("account.last_owner");
    if (auto saved = db::accounts::set_disabled(c, person, actor.at); !saved) return saved;
    db::sessions::remove_all(c, person);
    db::invitations::withdraw(c, person, actor.at);
    note(c, actor, *account, "account.disable");
    return Done{};
}

Status enable_account(db::Connection& c, Actor const& actor, Principal const& who, PersonId const& person)
{
    auto const account = find_account(c, who, person, actor.at);
    if (!account) return account.error();
    if (!account->disabled_at) return Done{};
    if (auto saved = db::accounts::set_disabled(c, person, std::nullopt); !saved) return saved;
    note(c, actor, *account, "account.enable");
    return Done{};
}

} // namespace nguon::server::app
