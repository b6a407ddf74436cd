#include "db/accounts.hpp"

namespace nguon::db::accounts {
namespace {

constexpr std::string_view select_account =
    "SELECT person_id, login, password_hash, password_changed_at, must_change, disabled_at, language FROM account";

constexpr std::string_view select_listed =
    "SELECT a.person_id, a.login, d.name, a.disabled_at FROM account a"
    " JOIN person p ON p.id = a.person_id LEFT JOIN person_detail d ON d.person_id = p.id";

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

std::vector<Listed> of_org(Connection& c, OrganizationId const& org, Instant at)
{
    return list(c.query(std::string{select_listed} +
                            " WHERE p.org_id = $1 OR p.id IN (SELECT subject_id FROM role_grant WHERE org_id = $1"
                            " AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2))"
                            " ORDER BY d.sort_key, a.login",
                        {org, at}));
}

std::vector<Listed> of_province(Connection& c)
{
    return list(c.query(std::string{select_listed} + " WHERE p.org_id IS NULL ORDER BY d.sort_key, a.login"));
}

std::int64_t count_others(Connection& c, PersonId const& person, std::string_view role, OrganizationId const& org,
                          Instant at)
{
    return c
        .query("SELECT count(DISTINCT a.person_id) FROM role_grant g JOIN account a ON a.person_id = g.subject_id"
               " WHERE g.role = $2 AND coalesce(g.org_id, '') = $3 AND a.person_id <> $1 AND a.disabled_at IS NULL"
               " AND g.valid_from <= $4 AND (g.valid_to IS NULL OR g.valid_to > $4)",
               {person, role, org, at})
        .front()
        .integer(0);
}

} // namespace nguon::db::accounts
