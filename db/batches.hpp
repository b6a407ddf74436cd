#pragma once

#include "core/model/batch.hpp"
#include "db/versions.hpp"

namespace nguon::db::batches {

/// Status: active, recalled, withdrawn. The lot number is locked once a label was printed.
struct Head {
    BatchId id = {};
    OrganizationId org = {};
    ProductId product = {};
    std::string lot = {};
    std::int64_t latest_version = 1;
    std::string status = "active";
    std::string status_reason = {};
    std::string code = {}; // the lot's printed code
    std::string made_on = {};
    std::string expires_on = {};
    std::optional<Instant> printed_at = {};
    Instant created_at = {};
    std::string product_name = {};
};

/// Version 1, public at once, with the lot's printed code. Errors: "batch.exists" {lot}.
Status insert(Connection& c, Head const& head, Batch const& batch, versions::Change const& change);

/// Version latest + 1. Errors: "batch.unknown", "batch.exists" {lot}, "batch.lot_locked" {lot} after printing.
Status update(Connection& c, OrganizationId const& org, Head const& head, Batch const& batch,
              versions::Change const& change);

/// A version with the same fields says that the batch is taken back, and why. Errors: "batch.unknown", conflict
/// "batch.already_recalled".
Status recall(Connection& c, Head const& head, versions::Change const& change);

/// A version with the same fields says that the recall has ended, and why. Errors: "batch.unknown", conflict
/// "batch.not_recalled".
Status end_recall(Connection& c, Head const& head, versions::Change const& change);

/// When a batch was taken back, and by whom (opaque id).
struct Recalled {
    Instant at = {};
    std::string by = {};
};
/// Serves the public. nullopt for a batch that was never taken back.
std::optional<Recalled> find_recalled(Connection& c, BatchId const& id);

/// Notes that labels exist from now on.
void mark_printed(Connection& c, OrganizationId const& org, BatchId const& id, Instant at);

/// Errors: "batch.unknown", also for a batch of another organization.
Result<Head> find(Connection& c, OrganizationId const& org, BatchId const& id);
/// Serve the public and the province. Errors: "batch.unknown".
Result<Head> find_any(Connection& c, BatchId const& id);
Result<Head> find_by_lot(Connection& c, ProductId const& product, std::string_view lot);

Result<Batch> fields(Connection& c, BatchId const& id, std::int64_t version);

/// Newest first.
std::vector<Head> list(Connection& c, OrganizationId const& org, std::int64_t offset, std::int64_t count);
std::vector<Head> list_of_product(Connection& c, OrganizationId const& org, ProductId const& product,
                                  std::int64_t count);

} // namespace nguon::db::batches
