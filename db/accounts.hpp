#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "db/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Sign-ins of people, across organizations: a login is one person's in the whole installation.
namespace nguon::db::accounts {

struct Account {
    PersonId person = {};
    std::string login = {}; // lower case
    std::string password_hash = {};
    Instant password_changed_at = {};
    bool must_change = false;
    std::optional<Instant> disabled_at = {};
    std::string language = "vi";
};

/// Errors: conflict "account.login_taken" {login}.
Status insert(Connection& c, Account const& account);

std::optional<Account> find(Connection& c, PersonId const& person);
std::optional<Account> find_by_login(Connection& c, std::string_view login);

/// Errors: not_found "account.unknown".
Status set_password(Connection& c, PersonId const& person, std::string_view password_hash, Instant now);
Status set_language(Connection& c, PersonId const& person, std::string_view language);
/// `at` empty: enables it again.
Status set_disabled(Connection& c, PersonId const& person, std::optional<Instant> at);

/// An account in a list.
struct Listed {
    PersonId person = {};
    std::string login = {};
    std::string name = {};
    std::optional<Instant> disabled_at = {};
};

/// The accounts whose holder belongs to this organization or works for it at `at`, by name.
std::vector<Listed> of_org(Connection& c, OrganizationId const& org, Instant at);
/// The accounts of the province's own people.
std::vector<Listed> of_province(Connection& c);

/// How many accounts other than this one can sign in and have the role for the organization (empty: for none).
std::int64_t count_others(Connection& c, PersonId const& person, std::string_view role, OrganizationId const& org,
                          Instant at);

} // namespace nguon::db::accounts
