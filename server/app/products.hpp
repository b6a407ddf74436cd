#pragma once

#include "core/model/product.hpp"
#include "db/products.hpp"
#include "scanner/picture.hpp"
#include "server/app/actor.hpp"

namespace nguon::server::app {

/// Registers a product; its first publication awaits the province. Without a code of its own it gets one.
/// Errors: "product.code_taken", "gtin.disputed", "reference.group_unknown" {code}.
Result<ProductId> register_product(db::Connection& c, Actor const& actor, Product product,
                                   std::vector<scanner::Photos> const& photos);

/// A new version with a reason; `photos` come before those it has. Public at once when it was published before; a GTIN
/// that arrives now becomes another name of every batch. Errors as above, "product.unknown", "gtin.locked".
Status change_product(db::Connection& c, Actor const& actor, ProductId const& id, Product product,
                      std::vector<scanner::Photos> const& photos, std::string const& reason);

/// The province publishes, returns (with a reason), pauses or withdraws. Errors: "product.unknown",
/// "decision.reason_missing".
Status decide_product(db::Connection& c, Actor const& actor, ProductId const& id, std::string const& status,
                      std::string const& reason);

struct ProductView {
    db::products::Head head = {};
    Product latest = {};
    std::vector<std::string> missing = {}; // what the national portal still lacks
};

/// Errors: "product.unknown", also for a product of another organization.
Result<ProductView> show_product(db::Connection& c, OrganizationId const& org, ProductId const& id);

} // namespace nguon::server::app
