#include "db/accounts.hpp"

namespace nguon::db::accounts {
namespace {

constexpr std::string_view select_account =
    "SELECT person_id, login, password_hash, password_changed_at, must_change, disabled_at, language FROM account";

std::optional<Account> first(Rows const& rows)
{
    if (rows.empty()) return std::nullopt;
    auto const& row = rows.front();
    return Account{row.id<PersonId>(0),     row.text(1), row.text(2), row.instant(3), row.flag(4),
                   row.optional_instant(5), row.text(6)};
}

Status one_changed(std::int64_t rows)
{
    if (rows == 0) return not_found("account.unknown");
    return Done{};
}

std::vector<Listed> list(Rows const& rows)
{
    std::vector<Listed> out;
    for (auto const& row : rows) {
        out.push_back(Listed{row.id<PersonId>(0), row.text(1), row.text_or_empty(2), row.optional_instant(3)});
    }
    return out;
}

} // namespace

Status insert(Connection& c, Account const& account)
{
    auto const inserted =
        c.execute("INSERT INTO account (person_id, login, password_hash, password_changed_at, must_change, language)"
                  " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (login) DO NOTHING",
                  {account.person, account.login, account.password_hash, account.password_changed_at,
                   account.must_change, account.language});
    if (inserted == 0) return conflict("account.login_taken", {account.login});
    return Done{};
}

std::optional<Account> find(Connection& c, PersonId const& person)
{
    return first(c.query(std::string{select_account} + " WHERE person_id = $1", {person}));
}

std::optional<Account> find_by_login(Connection& c, std::string_view login)
{
    return first(c.query(std::string{select_account} + " WHERE login = $1", {login}));
}

Status set_password(Connection& c, PersonId const& person, std::string_view password_hash, Instant now)
{
    return one_changed(c.execute("UPDATE account SET password_hash = $2, password_changed_at = $3, must_change = 0"
                                 " WHERE person_id = $1",
                                 {person, password_hash, now}));
}

Status set_language(Connection& c, PersonId const& person, std::string_view language)
{
    return one_changed(c.execute("UPDATE account SET language = $2 WHERE person_id = $1", {person, language}));
}

Status set_disabled(Connection& c, PersonId const& person, std::optional<Instant> at)
{
    return one_changed(c.execute("UPDATE account SET disabled_at = $2 WHERE person_id = $1", {person, at}));
}

std::vector<Listed> of_org(Connection& c, OrganizationId const& org)
{
    return list(c.query("SELECT a.person_id, a.login, d.name, a.disabled_at FROM account a"
                        " JOIN person p ON p.id = a.person_id LEFT JOIN person_detail d ON d.person_id = p.id"
                        " WHERE p.org_id = $1 ORDER BY d.sort_key, a.login",
                        {org}));
}

std::vector<Listed> of_province(Connection& c)
{
    return list(c.query("SELECT a.person_id, a.login, d.name, a.disabled_at FROM account a"
                        " JOIN person p ON p.id = a.person_id LEFT JOIN person_detail d ON d.person_id = p.id"
                        " WHERE p.org_id IS NULL ORDER BY d.sort_key, a.login"));
}

} // namespace nguon::db::accounts
