#include "server/auth/accounts.hpp"

#include "db/accounts.hpp"
#include "db/grants.hpp"
#include "db/people.hpp"

#include <algorithm>

namespace nguon::server {

Result<std::string> read_login(std::string_view text)
{
    std::string login{text};
    std::ranges::transform(login, login.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    auto const is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    bool const good =
        login.size() >= 3 && login.size() <= 40 && is_letter(login.front()) && std::ranges::all_of(login, [&](char c) {
            return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
        });
    if (!good) return invalid("login.format");
    return login;
}

bool may_hold_both(Role one, Role other)
{
    if (one == other || !is_authority(one) || !is_authority(other)) return true;
    auto const pair = [&](Role a, Role b) { return (one == a && other == b) || (one == b && other == a); };
    if (one == Role::province_auditor || other == Role::province_auditor) return false;
    return !pair(Role::province_security, Role::province_operator) && !pair(Role::province_security, Role::inspector);
}

Status add_grant(db::Connection& c, NewGrant const& wanted, Instant now)
{
    if (wanted.org.empty() && !is_authority(wanted.role)) return invalid("account.org_needed");
    for (auto const& held : db::grants::in_force(c, wanted.person.text(), now)) {
        auto const role = role_from_text(held.role);
        if (role && !may_hold_both(*role, wanted.role))
            return conflict("grant.roles_apart", {held.role, std::string{to_text(wanted.role)}});
    }
    db::grants::Grant grant;
    grant.id = new_uuid();
    grant.subject = wanted.person.text();
    grant.role = to_text(wanted.role);
    if (!wanted.org.empty()) grant.org = wanted.org;
    if (!wanted.area.empty()) grant.area = wanted.area;
    grant.valid_from = now;
    grant.granted_by = wanted.granted_by;
    db::grants::insert(c, grant);
    return Done{};
}

Result<PersonId> create_account(db::Connection& c, NewAccount const& wanted, Instant now)
{
    auto const person = wanted.person.empty() ? new_id<struct PersonKind>() : wanted.person;
    db::people::insert(c, person, wanted.org, "user", db::people::Detail{.name = wanted.name, .phone = wanted.phone},
                       now);

    db::accounts::Account account;
    account.person = person;
    account.login = wanted.login;
    account.password_hash = wanted.password_hash;
    account.password_changed_at = now;
    account.must_change = wanted.must_change;
    account.language = wanted.language;
    if (auto saved = db::accounts::insert(c, account); !saved) return std::move(saved).error();

    NewGrant const grant{person, wanted.role, wanted.org, wanted.area, wanted.created_by};
    if (auto given = add_grant(c, grant, now); !given) return std::move(given).error();
    return person;
}

} // namespace nguon::server
