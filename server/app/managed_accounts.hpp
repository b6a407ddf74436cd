#pragma once

#include "server/app/actor.hpp"
#include "server/auth/principal.hpp"

#include <optional>
#include <string>
#include <vector>

/// Other people's sign-ins. They are managed by the owner of the enterprise they work for and by the officers who hand
/// out its slips; those of officers by whoever has "account:write".
namespace nguon::server::app {

struct ManagedAccount {
    PersonId person = {};
    std::string login = {};
    std::string name = {};
    std::vector<Role> roles = {};
    OrganizationId org = {}; // the person works for; empty: the province
    std::optional<Instant> disabled_at = {};
    bool managed = true; // by who asks
};

/// Whether `who` may give this person a new password or lock the account: everything the person may do lies within
/// what `who` manages. Somebody who works elsewhere too is beyond an owner's reach.
bool manages_account(db::Connection& c, Principal const& who, PersonId const& person, Instant now);

/// Everybody who signs in for this organization (empty: for the province), with the roles there.
std::vector<ManagedAccount> accounts_of(db::Connection& c, Principal const& who, OrganizationId const& org,
                                        Instant now);

/// Errors: not_found "account.unknown", also for an account that `who` does not manage.
Result<ManagedAccount> find_account(db::Connection& c, Principal const& who, PersonId const& person, Instant now);

/// Locks the account: nobody signs in with it, its sessions end at once, its slips are worth nothing. Errors: as above;
/// conflict "account.own" for one's own, "account.last_owner" for the last owner of an enterprise and the last who
/// manages the province's accounts.
Status disable_account(db::Connection& c, Actor const& actor, Principal const& who, PersonId const& person);

/// Lets it in again, with the password it had. Errors: not_found "account.unknown".
Status enable_account(db::Connection& c, Actor const& actor, Principal const& who, PersonId const& person);

} // namespace nguon::server::app
