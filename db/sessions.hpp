#pragma once

#include "core/ids.hpp"
#include "core/time.hpp"
#include "db/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Sign-ins that are open. Belongs to persons, not to organizations; kept until it expires.
namespace nguon::db::sessions {

struct Session {
    std::string token_sha256 = {}; // hexadecimal; the token itself is with the browser only
    PersonId person = {};
    std::string csrf_token = {};
    Instant created_at = {};
    Instant seen_at = {};
    Instant expires_at = {};
    std::optional<OrganizationId> acting_for = {}; // nothing until chosen; an empty id: the province
};

void insert(Connection& c, Session const& session);

/// Nothing when there is none; the caller judges whether it is still good.
std::optional<Session> find(Connection& c, std::string_view token_sha256);

/// Remembers that the session was used.
void touch(Connection& c, std::string_view token_sha256, Instant now);

/// Chooses for whom the session acts. Its forms get a new token: one that was opened for another organization is worth
/// nothing any more.
void act_for(Connection& c, std::string_view token_sha256, OrganizationId const& org, std::string_view csrf_token);

void remove(Connection& c, std::string_view token_sha256);

/// Ends all sessions of a person, except the one named (empty: none). Returns how many.
std::int64_t remove_all(Connection& c, PersonId const& person, std::string_view except_sha256 = {});

/// Housekeeping: sessions that expired, or were last used before `idle_since`.
std::int64_t remove_expired(Connection& c, Instant now, Instant idle_since);

} // namespace nguon::db::sessions
