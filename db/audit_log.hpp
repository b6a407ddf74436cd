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

void append(Connection& c, versions::Change const& change, Entry const& entry);

} // namespace nguon::db::audit_log
