#pragma once

#include "db/deliveries.hpp"
#include "db/events.hpp"
#include "server/api/desk.hpp"
#include "server/app/batches.hpp"
#include "server/app/certificates.hpp"
#include "server/app/organizations.hpp"
#include "server/app/places.hpp"
#include "server/app/products.hpp"

/// Records as JSON. "fields" has the members and spellings that POST and PUT take; what surrounds it is ours.
namespace nguon::server::api {

/// `personal`: with the telephone even where its owner did not consent to publishing it.
json to_record(app::OrganizationView const& view, bool personal);
/// The head alone, for lists.
json to_record(db::organizations::Head const& head);
json to_record(db::places::Head const& head, Place const& place);
json to_record(db::places::Head const& head);
json to_record(app::ProductView const& view);
json to_record(db::products::Head const& head);
json to_record(app::BatchView const& view);
json to_record(db::batches::Head const& head);
json to_record(db::certificates::Entry const& entry, Date today);
/// `own`: with the document itself; others get what an authority may see of it.
json to_record(db::events::Stored const& event, bool own);
json to_record(db::deliveries::View const& view);
json to_record(db::receipts::Receipt const& receipt);
json to_json(db::deliveries::Counts const& counts);

/// The record as it is now, for the answer to a write.
Result<json> organization_record(db::Connection& c, OrganizationId const& org, bool personal);
Result<json> place_record(db::Connection& c, OrganizationId const& org, PlaceId const& id);
Result<json> product_record(db::Connection& c, OrganizationId const& org, ProductId const& id);
Result<json> batch_record(db::Connection& c, OrganizationId const& org, BatchId const& id);
Result<json> certificate_record(db::Connection& c, OrganizationId const& org, CertificateId const& id, Date today);

} // namespace nguon::server::api
