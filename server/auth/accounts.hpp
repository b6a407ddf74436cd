#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "server/auth/roles.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nguon::db {
class Connection;
}

namespace nguon::server {

/// A new person with a sign-in and one grant.
struct NewAccount {
    PersonId person = {}; // chosen before; empty: a new id
    std::string login = {};
    std::string password_hash = {};
    std::string name = {};
    std::string phone = {};
    Role role = Role::enterprise_clerk;
    OrganizationId org = {}; // empty: the province
    std::string area = {};   // empty: everywhere
    bool must_change = false;
    std::string language = "vi";
    std::string created_by = {}; // opaque id; "command" for `nguon user add`
};

/// A login as it is kept: lower case. Errors: invalid "login.format": 3 to 40 of a-z 0-9 _ . -, a letter first.
Result<std::string> read_login(std::string_view text);

/// What somebody may do, and for whom.
struct NewGrant {
    PersonId person = {};
    Role role = Role::enterprise_clerk;
    OrganizationId org = {}; // empty: the province
    std::string area = {};   // empty: everywhere
    std::string granted_by = {};
};

/// Whether one person may have both: who checks acts nowhere (the auditor has no other role of an authority), and who
/// gives out rights does not use those of the desk. The first administrator of an office has both until there are two.
bool may_hold_both(Role one, Role other);

/// Gives a person a grant, beside those there are. Errors: invalid "account.org_needed" as below, conflict
/// "grant.roles_apart" {role, role} for what `may_hold_both` keeps apart.
Status add_grant(db::Connection& c, NewGrant const& wanted, Instant now);

/// Writes person, account and grant. Errors: conflict "account.login_taken" {login}, invalid "account.org_needed" when
/// the role works for an organization and none is named.
Result<PersonId> create_account(db::Connection& c, NewAccount const& wanted, Instant now);

} // namespace nguon::server
