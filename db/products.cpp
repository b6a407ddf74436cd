#include "db/products.hpp"

#include "core/fold.hpp"
#include "core/gs1/check_digit.hpp"
#include "db/blobs.hpp"
#include "db/search_words.hpp"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace nguon::db::products {
namespace {

constexpr std::string_view select_product =
    "SELECT p.id, p.org_id, p.latest_version, p.public_version, p.status, p.status_reason, p.name,"
    " p.code, p.gtin, p.group_code, p.missing, p.created_at, p.submitted_at FROM product p";

Head from_row(Row const& row)
{
    Head head;
    head.id = row.id<ProductId>(0);
    head.org = row.id<OrganizationId>(1);
    head.latest_version = row.integer(2);
    head.public_version = row.optional_integer(3);
    head.status = row.text(4);
    head.status_reason = row.text(5);
    head.name = row.text(6);
    head.code = row.text(7);
    head.gtin = row.text_or_empty(8);
    head.group_code = row.text(9);
    head.missing = row.text(10);
    head.created_at = row.instant(11);
    head.submitted_at = row.instant(12);
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
    if (rows.empty()) return not_found("product.unknown");
    return from_row(rows.front());
}

std::string missing_text(Product const& product)
{
    return fmt::format("{}", fmt::join(missing_for_portal(product), ","));
}

/// The unique key decides: two organizations may claim the same number at once.
Status claim_gtin(Connection& c, ProductId const& id, std::string const& gtin, Instant at)
{
    if (gtin.empty()) return Done{};
    auto const rows = c.query("INSERT INTO gtin_claim (gtin, product_id, claimed_at) VALUES ($1, $2, $3)"
                              " ON CONFLICT (gtin) DO UPDATE SET claimed_at = gtin_claim.claimed_at"
                              " RETURNING product_id",
                              {gtin, id, at});
    if (rows.front().text(0) != id.text()) return conflict("gtin.disputed", {std::string{gs1::short_gtin(gtin)}});
    return Done{};
}

Status append_version(Connection& c, ProductId const& id, OrganizationId const& org, std::int64_t version,
                      Product const& product, versions::Change const& change)
{
    search_words::replace(c, "product", id.text(), org,
                          {product.name, product.brand, product.code, product.gtin,
                           product.gtin.empty() ? std::string{} : std::string{gs1::short_gtin(product.gtin)}});
    for (auto const& files : {product.images, product.thumbnails, product.jpegs})
        for (auto const& file : files) blobs::cite(c, file, org, "product", id.text(), "public");
    return versions::append(c, id.text(), version, "product", org, to_json(product), {}, change);
}

} // namespace

Status insert(Connection& c, ProductId const& id, OrganizationId const& org, Product const& product,
              versions::Change const& change)
{
    auto const inserted = c.execute(
        "INSERT INTO product (id, org_id, latest_version, status, name, sort_key, code, gtin, group_code, mandatory,"
        " missing, created_at, submitted_at) VALUES ($1, $2, 1, 'pending', $3, $4, $5, $6, $7, $8, $9, $10, $10)"
        " ON CONFLICT (org_id, code) DO NOTHING",
        {id, org, product.name, Blob{sort_key(product.name)}, product.code, or_null(product.gtin), product.group_code,
         product.mandatory, missing_text(product), change.at});
    if (inserted == 0) return conflict("product.code_taken", {product.code});
    if (auto claimed = claim_gtin(c, id, product.gtin, change.at); !claimed) return claimed;
    return append_version(c, id, org, 1, product, change);
}

Status update(Connection& c, OrganizationId const& org, Head const& head, Product const& product,
              versions::Change const& change)
{
    // GTINs are never given to another product, and printed codes carry this one.
    if (!head.gtin.empty() && product.gtin != head.gtin && head.public_version)
        return conflict("gtin.locked", {std::string{gs1::short_gtin(head.gtin)}});
    auto const taken =
        c.query("SELECT id FROM product WHERE org_id = $1 AND code = $2 AND id <> $3", {org, product.code, head.id});
    if (!taken.empty()) return conflict("product.code_taken", {product.code});
    if (auto claimed = claim_gtin(c, head.id, product.gtin, change.at); !claimed) return claimed;

    auto const version = head.latest_version + 1;
    auto const rows = c.query(
        "UPDATE product SET latest_version = $3, name = $4, sort_key = $5, code = $6, gtin = $7, group_code = $8,"
        " mandatory = $9, missing = $10, submitted_at = $11,"
        " public_version = CASE WHEN public_version IS NULL THEN NULL ELSE $3 END,"
        " status = CASE WHEN status = 'returned' THEN 'pending' ELSE status END"
        " WHERE org_id = $1 AND id = $2 RETURNING public_version",
        {org, head.id, version, product.name, Blob{sort_key(product.name)}, product.code, or_null(product.gtin),
         product.group_code, product.mandatory, missing_text(product), change.at});
    if (rows.empty()) return not_found("product.unknown");
    if (!rows.front().is_null(0)) versions::publish(c, head.id.text(), version, change);
    return append_version(c, head.id, org, version, product, change);
}

Status decide(Connection& c, ProductId const& id, std::string_view status, versions::Change const& change)
{
    auto const rows = c.query("UPDATE product SET status = $2, status_reason = $3, decided_at = $4,"
                              " public_version = CASE WHEN $2 = 'published' THEN latest_version ELSE public_version END"
                              " WHERE id = $1 RETURNING latest_version",
                              {id, status, change.reason, change.at});
    if (rows.empty()) return not_found("product.unknown");
    if (status == "published") versions::publish(c, id.text(), rows.front().integer(0), change);
    return Done{};
}

Result<Head> find(Connection& c, OrganizationId const& org, ProductId const& id)
{
    return one(c.query(std::string{select_product} + " WHERE org_id = $1 AND id = $2", {org, id}));
}

Result<Head> find_any(Connection& c, ProductId const& id)
{
    return one(c.query(std::string{select_product} + " WHERE id = $1", {id}));
}

Result<Head> find_by_gtin(Connection& c, std::string_view gtin14)
{
    return one(
        c.query(std::string{select_product} + " JOIN gtin_claim g ON g.product_id = p.id WHERE g.gtin = $1", {gtin14}));
}

Result<Product> fields(Connection& c, ProductId const& id, std::int64_t version)
{
    auto const found = versions::find(c, id.text(), version);
    if (!found) return found.error();
    return product_from_json(nlohmann::json::parse(found->fields));
}

std::vector<Head> list(Connection& c, OrganizationId const& org, std::int64_t offset, std::int64_t count)
{
    return from_rows(
        c.query(std::string{select_product} + " WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $2",
                {org, offset, count}));
}

} // namespace nguon::db::products
