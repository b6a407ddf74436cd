#pragma once

#include "db/connection.hpp"

#include <nlohmann/json_fwd.hpp>

/// What must reach the national portals, written in the transaction that writes the record or event itself.
namespace nguon::db::outbox {

struct Parent {
    std::string type = {};
    std::string id = {};
};

/// One version of a record, or one event. `payload` carries no personal data.
struct Message {
    OrganizationId org = {};
    ProductId product = {};          // empty for organizations and places
    std::string aggregate_type = {}; // organization, place, product, batch, certificate, event
    std::string aggregate_id = {};
    std::int64_t version = 1;
    std::string op = "upsert"; // upsert, withdraw, capture
    std::vector<Parent> parents = {};
    Instant at = {};
};

/// The text that is delivered: {"type","id","version","op","organization_id","fields"|"event"} as canonical JSON.
/// Freezes it with its digest and the key hash(installation, type, id, version), and adds a delivery for each enabled
/// target: *excluded* when the target does not take records of this type; *held* while the organization awaits
/// approval, its product awaits its first publication or lacks what the portal demands; else *pending*.
void enqueue(Connection& c, Message const& message, nlohmann::json const& content);
/// The same with content that is canonical JSON already.
void enqueue_canonical(Connection& c, Message const& message, std::string_view content);

/// The same for ever, on every machine: a repeat of the same version can only meet itself.
std::string idempotency_key(Connection& c, std::string_view type, std::string_view id, std::int64_t version);

/// Looks again at every held delivery of an organization, after an approval or a change of a product: what no longer
/// waits for anything becomes pending. Returns how many were released.
std::int64_t reconsider_holds(Connection& c, OrganizationId const& org, Instant at);

/// Deliveries for everything that the outbox held before a target was configured, and those that wait or are excluded
/// as its record types say now. Serves the whole installation.
void backfill(Connection& c, std::string_view target, Instant at);

} // namespace nguon::db::outbox
