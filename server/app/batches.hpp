#pragma once

#include "core/model/batch.hpp"
#include "db/batches.hpp"
#include "server/app/actor.hpp"

namespace nguon::server::app {

/// Registers a batch with its printed code. Errors: "product.unknown", "batch.exists" {lot}.
Result<BatchId> register_batch(db::Connection& c, Actor const& actor, ProductId const& product, Batch const& batch);

/// A new version with a reason; labels stay good. Errors: "batch.unknown", "batch.exists", "batch.lot_locked" {lot}.
Status change_batch(db::Connection& c, Actor const& actor, BatchId const& id, Batch const& batch,
                    std::string const& reason);

/// A lot number to start from: "L" and the day, with a letter behind when the product has that one already.
std::string propose_lot(db::Connection& c, OrganizationId const& org, ProductId const& product, Date today);

/// What the page of a batch shows to its organization.
struct BatchView {
    db::batches::Head head = {};
    Batch latest = {};
    std::string gtin = {};
    std::string group_code = {};
};

/// Errors: "batch.unknown", also for a batch of another organization.
Result<BatchView> show_batch(db::Connection& c, OrganizationId const& org, BatchId const& id);

} // namespace nguon::server::app
