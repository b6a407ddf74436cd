#include "server/app/naming.hpp"

#include "core/gs1/digital_link.hpp"
#include "db/identifiers.hpp"

#include <limits>

namespace nguon::server::app {
namespace {

constexpr std::int64_t all_batches = std::numeric_limits<std::int32_t>::max();

std::string link_of(std::vector<gs1::AiValue> const& elements, std::string_view base)
{
    auto const link = base.empty() ? gs1::to_canonical_path(elements) : gs1::to_digital_link(elements, base);
    assert(link.ok()); // the values were checked when the record was written
    return *link;
}

void add_name(db::Connection& c, std::string const& id, std::string const& kind, std::string const& other_name)
{
    auto const number = db::identifiers::intern(c, uuid_urn(id), kind, id);
    // An event of somebody else may have named the thing before we knew it: then the record takes that number too.
    if (auto const known = db::identifiers::find(c, other_name); known && *known != number)
        (void)db::identifiers::intern(c, other_name, kind, id);
    else
        (void)db::identifiers::add_spelling(c, number, other_name, kind, id);
}

} // namespace

std::string uuid_urn(std::string_view id) { return "urn:uuid:" + std::string{id}; }

std::string batch_uri(db::batches::Head const& batch, std::string_view gtin)
{
    if (gtin.empty()) return uuid_urn(batch.id.text());
    return link_of({{"01", std::string{gtin}}, {"10", batch.lot}}, {});
}

std::string place_uri(std::string_view id, std::string_view gln)
{
    if (gln.empty()) return uuid_urn(id);
    return link_of({{"414", std::string{gln}}}, {});
}

void name_product(db::Connection& c, ProductId const& id, Product const& product)
{
    (void)db::identifiers::intern(c, uuid_urn(id.text()), "product", id.text());
    if (!product.gtin.empty()) add_name(c, id.text(), "product", link_of({{"01", product.gtin}}, {}));
}

void name_batch(db::Connection& c, db::batches::Head const& batch, std::string_view gtin)
{
    (void)db::identifiers::intern(c, uuid_urn(batch.id.text()), "batch", batch.id.text());
    if (!gtin.empty()) add_name(c, batch.id.text(), "batch", batch_uri(batch, gtin));
}

void name_place(db::Connection& c, PlaceId const& id, Place const& place)
{
    (void)db::identifiers::intern(c, uuid_urn(id.text()), "place", id.text());
    if (!place.gln.empty()) add_name(c, id.text(), "place", place_uri(id.text(), place.gln));
}

Status rename_product(db::Connection& c, OrganizationId const& org, ProductId const& id, Product const& product)
{
    name_product(c, id, product);
    for (auto const& batch : db::batches::list_of_product(c, org, id, all_batches)) name_batch(c, batch, product.gtin);
    return Done{};
}

std::string label_path(std::string_view gtin, std::string_view lot, std::string_view unit_code,
                       std::string_view batch_code)
{
    if (gtin.empty()) return "/t/" + std::string{unit_code.empty() ? batch_code : unit_code};
    std::vector<gs1::AiValue> elements{{"01", std::string{gtin}}};
    if (unit_code.empty())
        elements.push_back({"10", std::string{lot}});
    else
        elements.push_back({"21", std::string{unit_code}});
    constexpr std::string_view any_host = "https://localhost";
    return link_of(elements, any_host).substr(any_host.size());
}

std::string label_url(std::string_view public_url, std::string_view gtin, std::string_view lot,
                      std::string_view unit_code, std::string_view batch_code)
{
    return std::string{public_url} + label_path(gtin, lot, unit_code, batch_code);
}

} // namespace nguon::server::app
