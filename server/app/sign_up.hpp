#pragma once

#include "core/model/organization.hpp"
#include "server/app/actor.hpp"

namespace nguon::server::app {

/// A new enterprise with its owner's sign-in. The password comes hashed: hashing is slow and happens before the write.
struct SignUp {
    OrganizationInput organization = {};
    std::string owner_name = {};
    std::string login = {};
    std::string password_hash = {};
    std::string language = "vi";
};

struct SignedUp {
    OrganizationId org = {};
    PersonId owner = {};
};

/// Errors: those of register_organization; "account.login_taken" {login}.
Result<SignedUp> sign_up(db::Connection& c, SignUp const& wanted, std::string const& request_id, Instant now,
                         bool illustrative = false);

} // namespace nguon::server::app
