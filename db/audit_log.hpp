#pragma once

#include "db/connection.hpp"
#include "db/versions.hpp"

/// Who did what to which record. Append-only and without personal data: actors and entities are opaque ids.
namespace nguon::db::audit_log {

struct Entry {
    OrganizationId org = {}; // empty: concerns the province
    std::string action = {}; // "batch.register"
    std::string entity_kind = {};
    std::string entity_id = {};
    std::string detail = "{}"; // JSON
};

struct LoggedEntry : Entry {
    std::int64_t seq = 0;
    Instant at = {};
    std::string actor = {};
    std::string request_id = {};
};

void append(Connection& c, versions::Change const& change, Entry const& entry);

/// Newest first, at most `count`, older than `before` (0: from the newest). Serves the province; with `org` one
/// organization's own entries.
std::vector<LoggedEntry> page(Connection& c, std::optional<OrganizationId> const& org, std::int64_t before,
                              std::int64_t count);

} // namespace nguon::db::audit_log
