#include "db/batches.hpp"

#include "db/search_words.hpp"

#include <nlohmann/json.hpp>

namespace nguon::db::batches {
namespace {

constexpr std::string_view select_batch =
    "SELECT b.id, b.org_id, b.product_id, b.lot, b.latest_version, b.status, b.status_reason, b.code,"
    " b.made_on, b.expires_on, b.printed_at, b.created_at, p.name"
    " FROM batch b JOIN product p ON p.id = b.product_id";

Head from_row(Row const& row)
{
    Head head;
    head.id = row.id<BatchId>(0);
    head.org = row.id<OrganizationId>(1);
    head.product = row.id<ProductId>(2);
    head.lot = row.text(3);
    head.latest_version = row.integer(4);
    head.status = row.text(5);
    head.status_reason = row.text(6);
    head.code = row.text(7);
    head.made_on = row.text_or_empty(8);
    head.expires_on = row.text_or_empty(9);
    head.printed_at = row.optional_instant(10);
    head.created_at = row.instant(11);
    head.product_name = row.text(12);
    return head;
}

std::vector<Head> from_rows(Rows const& rows)
{
    std::vector<Head> out;
    for (auto const& row : rows) out.push_back(from_row(row));
    return out;
}

Result<Head> one(Rows const& rows)
{
    if (rows.empty()) return not_found("batch.unknown");
    return from_row(rows.front());
}

Status append_version(Connection& c, BatchId const& id, OrganizationId const& org, std::int64_t version,
                      std::string const& code, Batch const& batch, versions::Change const& change)
{
    search_words::replace(c, "batch", id.text(), org, {batch.lot, code});
    versions::publish(c, id.text(), version, change);
    return versions::append(c, id.text(), version, "batch", org, to_json(batch), {}, change);
}

/// A version with the same fields and another state.
Status set_status(Connection& c, Head const& head, std::string const& status, std::string const& reason,
                  versions::Change const& change)
{
    auto const batch = fields(c, head.id, head.latest_version);
    if (!batch) return batch.error();
    auto const version = head.latest_version + 1;
    auto const changed = c.execute("UPDATE batch SET status = $5, status_reason = $3, latest_version = $4,"
                                   " public_version = $4 WHERE org_id = $1 AND id = $2",
                                   {head.org, head.id, reason, version, status});
    if (changed == 0) return not_found("batch.unknown");
    return append_version(c, head.id, head.org, version, head.code, *batch, change);
}

} // namespace

Status insert(Connection& c, Head const& head, Batch const& batch, versions::Change const& change)
{
    // The unique key decides, not a SELECT beforehand: two clerks may register the same lot at once.
    auto const inserted =
        c.execute("INSERT INTO batch (id, org_id, product_id, lot, latest_version, public_version, status, code,"
                  " made_on, expires_on, created_at) VALUES ($1, $2, $3, $4, 1, 1, 'active', $5, $6, $7, $8)"
                  " ON CONFLICT (product_id, lot) DO NOTHING",
                  {head.id, head.org, head.product, batch.lot, head.code, or_null(batch.made_on),
                   or_null(batch.expires_on), change.at});
    if (inserted == 0) return conflict("batch.exists", {batch.lot});
    c.execute("INSERT INTO printed_code (code, kind, org_id, batch_id, status, created_at)"
              " VALUES ($1, 'batch', $2, $3, 'active', $4)",
              {head.code, head.org, head.id, change.at});
    return append_version(c, head.id, head.org, 1, head.code, batch, change);
}

Status update(Connection& c, OrganizationId const& org, Head const& head, Batch const& batch,
              versions::Change const& change)
{
    if (head.printed_at && batch.lot != head.lot) return conflict("batch.lot_locked", {head.lot});
    auto const taken = c.query("SELECT id FROM batch WHERE product_id = $1 AND lot = $2 AND id <> $3",
                               {head.product, batch.lot, head.id});
    if (!taken.empty()) return conflict("batch.exists", {batch.lot});
    auto const version = head.latest_version + 1;
    auto const changed =
        c.execute("UPDATE batch SET latest_version = $3, public_version = $3, lot = $4, made_on = $5,"
                  " expires_on = $6 WHERE org_id = $1 AND id = $2",
                  {org, head.id, version, batch.lot, or_null(batch.made_on), or_null(batch.expires_on)});
    if (changed == 0) return not_found("batch.unknown");
    return append_version(c, head.id, org, version, head.code, batch, change);
}

Status recall(Connection& c, Head const& head, versions::Change const& change)
{
    if (head.status == "recalled") return conflict("batch.already_recalled");
    return set_status(c, head, "recalled", change.reason, change);
}

Status end_recall(Connection& c, Head const& head, versions::Change const& change)
{
    if (head.status != "recalled") return conflict("batch.not_recalled");
    return set_status(c, head, "active", {}, change);
}

std::optional<Recalled> find_recalled(Connection& c, BatchId const& id)
{
    // The version that the portals got as withdrawn: later ones may correct fields of a recalled batch.
    auto const rows = c.query("SELECT v.recorded_at, v.recorded_by FROM outbox o JOIN record_version v"
                              " ON v.record_id = o.aggregate_id AND v.version = o.version"
                              " WHERE o.aggregate_type = 'batch' AND o.aggregate_id = $1 AND o.op = 'withdraw'"
                              " ORDER BY o.version DESC LIMIT 1",
                              {id});
    if (rows.empty()) return std::nullopt;
    return Recalled{rows.front().instant(0), rows.front().text(1)};
}

void mark_printed(Connection& c, OrganizationId const& org, BatchId const& id, Instant at)
{
    c.execute("UPDATE batch SET printed_at = $3 WHERE org_id = $1 AND id = $2 AND printed_at IS NULL", {org, id, at});
}

Result<Head> find(Connection& c, OrganizationId const& org, BatchId const& id)
{
    return one(c.query(std::string{select_batch} + " WHERE b.org_id = $1 AND b.id = $2", {org, id}));
}

Result<Head> find_any(Connection& c, BatchId const& id)
{
    return one(c.query(std::string{select_batch} + " WHERE b.id = $1", {id}));
}

Result<Head> find_by_lot(Connection& c, ProductId const& product, std::string_view lot)
{
    return one(c.query(std::string{select_batch} + " WHERE b.product_id = $1 AND b.lot = $2", {product, lot}));
}

Result<Batch> fields(Connection& c, BatchId const& id, std::int64_t version)
{
    auto const found = versions::find(c, id.text(), version);
    if (!found) return found.error();
    return batch_from_json(nlohmann::json::parse(found->fields));
}

std::vector<Head> list(Connection& c, OrganizationId const& org, std::int64_t offset, std::int64_t count)
{
    return from_rows(c.query(std::string{select_batch} +
                                 " WHERE b.org_id = $1 ORDER BY b.created_at DESC, b.id DESC LIMIT $3 OFFSET $2",
                             {org, offset, count}));
}

std::vector<Head> list_of_product(Connection& c, OrganizationId const& org, ProductId const& product,
                                  std::int64_t count)
{
    return from_rows(
        c.query(std::string{select_batch} +
                    " WHERE b.org_id = $1 AND b.product_id = $2 ORDER BY b.created_at DESC, b.id DESC LIMIT $3",
                {org, product, count}));
}

} // namespace nguon::db::batches
