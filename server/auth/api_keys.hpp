#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "server/auth/roles.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nguon::db {
class Connection;
}

namespace nguon::server {

/// "ngk_" and 256 random bits.
inline constexpr std::string_view key_prefix = "ngk_";

bool looks_like_key(std::string_view text);

/// What a new key shall be.
struct NewKey {
    std::string name = {};
    Role role = Role::solution_provider;
    OrganizationId org = {}; // empty: the province
    std::string area = {};   // empty: everywhere
    Scopes scopes = {};      // narrows the role; empty: all of it
    std::optional<Instant> expires_at = {};
    std::string created_by = {}; // opaque id; "command" for `nguon key add`
};

struct CreatedKey {
    std::string id = {};
    std::string key = {}; // shown once, kept as a hash
};

/// Writes the key and its grant. Errors: invalid "key.org_needed" when the role works for an organization and none is
/// named, "key.scopes" when the role has none of the scopes.
Result<CreatedKey> create_key(db::Connection& c, NewKey const& wanted, Instant now);

} // namespace nguon::server
