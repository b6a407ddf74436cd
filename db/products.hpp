#pragma once

#include "core/model/product.hpp"
#include "db/versions.hpp"

namespace nguon::db::products {

/// Status: pending (first publication awaits approval), published, returned (with a reason), paused, withdrawn.
struct Head {
    ProductId id = {};
    OrganizationId org = {};
    std::int64_t latest_version = 1;
    std::optional<std::int64_t> public_version = {};
    std::string status = "pending";
    std::string status_reason = {};
    std::string name = {};
    std::string code = {};
    std::string gtin = {};
    std::string group_code = {};
    std::string missing = {}; // what the national portal lacks, names apart by ","
    Instant created_at = {};
    Instant submitted_at = {};
};

/// Version 1. Claims the GTIN. Errors: "product.code_taken" {code}, "gtin.disputed" {gtin}.
Status insert(Connection& c, ProductId const& id, OrganizationId const& org, Product const& product,
              versions::Change const& change);

/// Version latest + 1; public at once when the product was published before. Errors: as `insert`, "product.unknown",
/// "gtin.locked" when a published GTIN would change.
Status update(Connection& c, OrganizationId const& org, Head const& head, Product const& product,
              versions::Change const& change);

/// Serves the province. `published` makes the latest version the public one.
Status decide(Connection& c, ProductId const& id, std::string_view status, versions::Change const& change);

/// Errors: "product.unknown", also for a product of another organization.
Result<Head> find(Connection& c, OrganizationId const& org, ProductId const& id);
/// Serves the public and the province. Errors: "product.unknown".
Result<Head> find_any(Connection& c, ProductId const& id);
Result<Head> find_by_gtin(Connection& c, std::string_view gtin14);

Result<Product> fields(Connection& c, ProductId const& id, std::int64_t version);

/// Newest first; `before` pages: the created_at and id of the last one seen.
std::vector<Head> list(Connection& c, OrganizationId const& org, std::int64_t offset, std::int64_t count);

} // namespace nguon::db::products
