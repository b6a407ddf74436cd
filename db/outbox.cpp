#include "db/outbox.hpp"

#include "core/bytes.hpp"
#include "core/json.hpp"
#include "db/counters.hpp"

#include <nlohmann/json.hpp>

namespace nguon::db::outbox {
namespace {

constexpr std::int64_t schema_version = 1;

/// RFC 8785 bytes of what is delivered. "event" and "fields" come before every other member, so the content is put in
/// front of them as it stands.
std::string payload_of(Message const& message, std::string_view content)
{
    nlohmann::json const envelope{{"type", message.aggregate_type},
                                  {"id", message.aggregate_id},
                                  {"version", message.version},
                                  {"op", message.op},
                                  {"organization_id", message.org.text()}};
    auto payload = message.aggregate_type == "event" ? std::string{R"({"event":)"} : std::string{R"({"fields":)"};
    payload += content;
    payload += ',';
    return payload.append(canonical_json(envelope), 1);
}

void add_deliveries(Connection& c, std::int64_t seq, Message const& message)
{
    c.execute(
        "INSERT INTO delivery (target, outbox_seq, org_id, aggregate_type, aggregate_id, version, state, hold,"
        " created_at, changed_at)"
        " SELECT x.name, $1, $2, $3, $4, $5, CASE WHEN x.excluded = 1 THEN 'excluded' WHEN x.hold = '' THEN 'pending'"
        " ELSE 'held' END, CASE WHEN x.excluded = 1 THEN '' ELSE x.hold END, $7, $7"
        " FROM (SELECT t.name, CASE WHEN t.record_types <> ''"
        " AND replace(t.record_types, ' ' || $3 || ' ', '') = t.record_types THEN 1 ELSE 0 END AS excluded,"
        " CASE WHEN h.hold = 'product.incomplete' AND t.complete_products = 0 THEN '' ELSE h.hold END AS hold"
        " FROM target t CROSS JOIN (SELECT CASE"
        " WHEN coalesce((SELECT o.status FROM organization o WHERE o.id = $2), '') <> 'approved'"
        " THEN 'organization.pending'"
        " WHEN EXISTS (SELECT 1 FROM product p WHERE p.id = $6 AND p.public_version IS NULL) THEN 'product.pending'"
        " WHEN EXISTS (SELECT 1 FROM product p WHERE p.id = $6 AND p.missing <> '') THEN 'product.incomplete'"
        " ELSE '' END AS hold) h WHERE t.enabled = 1) x",
        {seq, message.org, message.aggregate_type, message.aggregate_id, message.version, message.product, message.at});
}

/// What waits is excluded once their target does not take their type, and back.
void follow_record_types(Connection& c, std::string_view target, Instant at)
{
    c.execute("UPDATE delivery SET state = 'excluded', hold = '', changed_at = $2 WHERE target = $1"
              " AND state IN ('held', 'pending') AND EXISTS (SELECT 1 FROM target t WHERE t.name = $1"
              " AND t.record_types <> ''"
              " AND replace(t.record_types, ' ' || delivery.aggregate_type || ' ', '') = t.record_types)",
              {target, at});
    c.execute("UPDATE delivery SET state = 'held', hold = 'organization.pending', changed_at = $2 WHERE target = $1"
              " AND state = 'excluded' AND EXISTS (SELECT 1 FROM target t WHERE t.name = $1 AND (t.record_types = ''"
              " OR replace(t.record_types, ' ' || delivery.aggregate_type || ' ', '') <> t.record_types))",
              {target, at});
}

} // namespace

void enqueue(Connection& c, Message const& message, nlohmann::json const& content)
{
    enqueue_canonical(c, message, canonical_json(content));
}

void enqueue_canonical(Connection& c, Message const& message, std::string_view content)
{
    auto const payload = payload_of(message, content);
    auto const seq = counters::take(c, "outbox");
    c.execute("INSERT INTO outbox (seq, org_id, product_id, aggregate_type, aggregate_id, version, op,"
              " idempotency_key, payload, sha256, schema_version, created_at)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
              {seq, message.org, message.product.empty() ? Value{} : Value{message.product}, message.aggregate_type,
               message.aggregate_id, message.version, message.op,
               idempotency_key(c, message.aggregate_type, message.aggregate_id, message.version), payload,
               sha256_hex(payload), schema_version, message.at});
    for (auto const& parent : message.parents)
        c.execute("INSERT INTO outbox_parent (outbox_seq, parent_type, parent_id) VALUES ($1, $2, $3)"
                  " ON CONFLICT (outbox_seq, parent_type, parent_id) DO NOTHING",
                  {seq, parent.type, parent.id});
    add_deliveries(c, seq, message);
}

std::int64_t reconsider_holds(Connection& c, OrganizationId const& org, Instant at)
{
    // Waits for messages on their way: those behind us see the new status, those before us are seen here.
    counters::take(c, "outbox", 0);
    c.execute("UPDATE delivery SET hold = coalesce((SELECT CASE"
              " WHEN org.status <> 'approved' THEN 'organization.pending'"
              " WHEN p.id IS NOT NULL AND p.public_version IS NULL THEN 'product.pending'"
              " WHEN p.id IS NOT NULL AND p.missing <> '' AND t.complete_products = 1 THEN 'product.incomplete'"
              " ELSE '' END FROM outbox o JOIN organization org ON org.id = o.org_id"
              " JOIN target t ON t.name = delivery.target LEFT JOIN product p ON p.id = o.product_id"
              " WHERE o.seq = delivery.outbox_seq), 'organization.pending'), changed_at = $2"
              " WHERE org_id = $1 AND state = 'held'",
              {org, at});
    // It waits for its delivery from now on; what it waited for before was a person's decision.
    return c.execute("UPDATE delivery SET state = 'pending', created_at = $2, changed_at = $2"
                     " WHERE org_id = $1 AND state = 'held' AND hold = ''",
                     {org, at});
}

void backfill(Connection& c, std::string_view target, Instant at)
{
    c.execute("INSERT INTO delivery (target, outbox_seq, org_id, aggregate_type, aggregate_id, version, state, hold,"
              " created_at, changed_at)"
              " SELECT $1, o.seq, o.org_id, o.aggregate_type, o.aggregate_id, o.version, 'held',"
              " 'organization.pending', $2, $2 FROM outbox o"
              " WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.target = $1 AND d.outbox_seq = o.seq)",
              {target, at});
    follow_record_types(c, target, at);
    for (auto const& row :
         c.query("SELECT DISTINCT org_id FROM delivery WHERE target = $1 AND state = 'held'", {target}))
        reconsider_holds(c, row.id<OrganizationId>(0), at);
}

std::string idempotency_key(Connection& c, std::string_view type, std::string_view id, std::int64_t version)
{
    auto text = c.query("SELECT id FROM installation").front().text(0);
    return sha256_hex(text.append("\n").append(type).append("\n").append(id) + "\n" + std::to_string(version));
}

} // namespace nguon::db::outbox
