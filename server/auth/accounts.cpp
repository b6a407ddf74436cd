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

Result<PersonId> create_account(db::Connection& c, NewAccount const& wanted, Instant now)
{
    if (wanted.org.empty() && !is_authority(wanted.role)) return invalid("account.org_needed");
    auto const person = new_id<struct PersonKind>();
    db::people::insert(c, person, wanted.org, "user", db::people::Detail{.name = wanted.name, .phone = wanted.phone},
                       now);

    db::accounts::Account account;
    account.person = person;
    account.login = wanted.login;
    account.password_hash = wanted.password_hash;
    account.password_changed_at = now;
    account.must_change = wanted.must_change;
    if (auto saved = db::accounts::insert(c, account); !saved) return std::move(saved).error();

    db::grants::Grant grant;
    grant.id = new_uuid();
    grant.subject = person.text();
    grant.role = to_text(wanted.role);
    if (!wanted.org.empty()) grant.org = wanted.org;
    if (!wanted.area.empty()) grant.area = wanted.area;
    grant.valid_from = now;
    grant.granted_by = wanted.created_by;
    db::grants::insert(c, grant);
    return person;
}

} // namespace nguon::server
