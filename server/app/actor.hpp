#pragma once

#include "db/versions.hpp"

#include <nlohmann/json_fwd.hpp>

/// Use cases. Each is a function of a connection: the caller runs it in one transaction (`database.write`), so that the
/// record, its message for the portals and its audit entry appear together or not at all.
namespace nguon::server::app {

/// Who acts, for whom and when.
struct Actor {
    std::string subject = {}; // opaque id of a person or key
    OrganizationId org = {};
    std::string request_id = {};
    Instant at = {};

    db::versions::Change change(std::string reason = {}) const { return {subject, at, std::move(reason), request_id}; }
};

/// One version of a record, as the portals will get it.
struct Announcement {
    std::string kind = {}; // organization, place, product, batch, certificate
    std::string id = {};
    std::int64_t version = 1;
    ProductId product = {};
    std::string op = "upsert";
    std::vector<std::pair<std::string, std::string>> parents = {}; // type, id
};

/// Writes the outbox message and the audit entry of a new version.
void announce(db::Connection& c, Actor const& actor, Announcement const& announcement, nlohmann::json const& fields,
              std::string const& action);

} // namespace nguon::server::app
