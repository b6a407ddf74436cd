#pragma once

#include "core/gs1/ai_value.hpp"
#include "core/ids.hpp"
#include "core/model/place.hpp"
#include "core/model/product.hpp"
#include "db/batches.hpp"
#include "db/connection.hpp"

/// How records of ours are called in events and in printed codes.
namespace nguon::server::app {

/// "urn:uuid:…": what a thing without a GS1 key is called in events; never a host name.
std::string uuid_urn(std::string_view id);

/// The canonical Digital Link of the batch when its product has a GTIN, else its urn:uuid.
std::string batch_uri(db::batches::Head const& batch, std::string_view gtin);
/// The canonical Digital Link of a place with a GLN, else its urn:uuid.
std::string place_uri(std::string_view id, std::string_view gln);

/// Gives the records their numbers in the identifier table.
void name_product(db::Connection& c, ProductId const& id, Product const& product);
void name_batch(db::Connection& c, db::batches::Head const& batch, std::string_view gtin);
void name_place(db::Connection& c, PlaceId const& id, Place const& place);

/// A GTIN arrived: product and batches get it as a further name; stored events stay as they are.
/// Errors: "identifier.taken".
Status rename_product(db::Connection& c, OrganizationId const& org, ProductId const& id, Product const& product);

/// What a label's code asks our host for: "/01/…/21/…" or "/01/…/10/…", and "/t/CODE" as long as there is no GTIN.
std::string label_path(std::string_view gtin, std::string_view lot, std::string_view unit_code,
                       std::string_view batch_code);

/// What stands in the QR of a label: the Digital Link on the public address for a product with GTIN (of a unit
/// without the lot, which the server knows), else …/t/CODE.
std::string label_url(std::string_view public_url, std::string_view gtin, std::string_view lot,
                      std::string_view unit_code, std::string_view batch_code);

} // namespace nguon::server::app
