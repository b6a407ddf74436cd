#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "db/connection.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Keys of programs. What a key may do stands in role_grant under the key's id.
namespace nguon::db::api_keys {

struct ApiKey {
    std::string id = {};
    std::string key_sha256 = {}; // hexadecimal; the key itself is shown once
    std::string name = {};
    Instant created_at = {};
    std::optional<Instant> expires_at = {};
    std::optional<Instant> revoked_at = {};
    std::optional<Instant> used_at = {};
};

void insert(Connection& c, ApiKey const& key);

/// Nothing when there is none; the caller judges whether it is still good.
std::optional<ApiKey> find_by_hash(Connection& c, std::string_view key_sha256);
std::optional<ApiKey> find(Connection& c, std::string_view id);

/// Remembers that the key was used.
void touch(Connection& c, std::string_view id, Instant now);

/// Errors: not_found "key.unknown", also when it was revoked before.
Status revoke(Connection& c, std::string_view id, Instant now);

} // namespace nguon::db::api_keys
