#include "server/pages/console/event_view.hpp"

#include "core/epcis/json.hpp"
#include "db/batches.hpp"
#include "db/certificates.hpp"
#include "db/identifiers.hpp"
#include "db/people.hpp"
#include "db/places.hpp"
#include "server/pages/console/delivery_view.hpp"
#include "server/pages/console/desk.hpp"

#include <algorithm>

namespace nguon::server::pages::console {
namespace {

std::string_view shown_in(Request const& request, epcis::ShownText const& text)
{
    return request.language == "en" ? text.en : text.vi;
}

/// The name of a record of ours, or the identifier itself.
std::string name_of(db::Connection& c, OrganizationId const& org, db::identifiers::Named const& named)
{
    if (named.kind == "place") {
        auto const place = db::places::find(c, org, PlaceId{named.entity_id});
        return place ? place->name : std::string{};
    }
    if (named.kind == "batch") {
        auto const batch = db::batches::find_any(c, BatchId{named.entity_id});
        return batch ? batch->product_name + " · " + batch->lot : std::string{};
    }
    return {};
}

void add_name(db::Connection& c, OrganizationId const& org, std::string const& word, EventRow& row)
{
    constexpr std::string_view urn = "urn:uuid:";
    if (word.empty() || row.names.contains(word)) return;
    if (auto const named = db::identifiers::entity_of(c, word)) {
        if (auto name = name_of(c, org, *named); !name.empty()) row.names[word] = std::move(name);
        auto const own =
            named->kind == "batch" && row.batch.empty() && db::batches::find(c, org, BatchId{named->entity_id}).ok();
        if (own) row.batch = BatchId{named->entity_id};
    } else if (word.starts_with(urn)) {
        auto const certificate = db::certificates::find(c, org, CertificateId{word.substr(urn.size())});
        if (certificate)
            row.names[word] =
                certificate->certificate.name.empty() ? certificate->certificate.number : certificate->certificate.name;
    } else if (is_uuid(word)) {
        if (auto const person = db::people::find(c, PersonId{word})) row.names[word] = person->name;
    }
}

EventRow describe(db::Connection& c, OrganizationId const& org, db::events::Stored const& stored)
{
    EventRow row;
    row.stored = stored;
    row.wrong = stored.error_declared_at.has_value() || db::events::is_declared_wrong(c, stored.org, stored.event_id);
    row.deliveries = db::deliveries::of_record(c, org, "event", stored.id);
    auto const document = epcis::parse_document(stored.body);
    if (!document || document->events.empty()) return row;
    auto const& event = document->events.front();
    row.summary = epcis::summarise(event, epcis::Visibility::declarer);
    // What was made stands before what was used up: the event belongs to the page of the product.
    for (auto const& quantity : row.summary.quantities)
        if (quantity.role != epcis::QuantityRole::used) add_name(c, org, quantity.thing, row);
    for (auto const& quantity : row.summary.quantities) add_name(c, org, quantity.thing, row);
    for (auto const& item : row.summary.items) add_name(c, org, item, row);
    for (auto const& certificate : row.summary.certificates) add_name(c, org, certificate, row);
    for (auto const& field : row.summary.fields) add_name(c, org, field.value.vi, row);
    add_name(c, org, row.summary.place, row);
    auto const behalf = event.extensions.find("nguon:onBehalfOf");
    if (behalf != event.extensions.end() && behalf->is_string())
        if (auto const person = db::people::find(c, PersonId{behalf->get<std::string>()}))
            row.on_behalf_of = person->name;
    return row;
}

std::string named(EventRow const& row, std::string_view word)
{
    auto const found = row.names.find(word);
    return found == row.names.end() ? std::string{word} : found->second;
}

} // namespace

std::vector<EventRow> describe_events(db::Connection& c, OrganizationId const& org,
                                      std::vector<db::events::Stored> const& stored)
{
    std::vector<EventRow> out;
    for (auto const& event : stored)
        if (!event.error_declared_at) out.push_back(describe(c, org, event));
    return out;
}

json event_view(Services const& services, Request const& request, EventRow const& row)
{
    auto const& summary = row.summary;
    json view{{"title", shown_in(request, summary.title)},
              {"time", show_moment(request, row.stored.event_time.at)},
              {"recorded_at", show_moment(request, row.stored.record_time)},
              {"url", "/console/events/" + row.stored.id},
              {"place", summary.place.empty() ? "" : named(row, summary.place)},
              {"wrong", row.wrong},
              {"on_behalf_of", row.on_behalf_of},
              {"mark", chip(services, request, "console.mark", row.stored.mark)},
              {"amounts", json::array()},
              {"facts", json::array()},
              {"photos", json::array()},
              {"deliveries", record_deliveries(services, request, row.deliveries)},
              {"batch_url", row.batch.empty() ? "" : "/console/batches/" + row.batch.text()},
              {"batch_name", ""}};
    for (auto const& quantity : summary.quantities) {
        auto const role = quantity.role == epcis::QuantityRole::used ? "used" : "about";
        view["amounts"].push_back({{"thing", named(row, quantity.thing)},
                                   {"amount", shown_in(request, quantity.amount)},
                                   {"role", text(services, request, std::string{"console.event.role."} + role)},
                                   {"used", quantity.role == epcis::QuantityRole::used}});
        if (quantity.role != epcis::QuantityRole::used) {
            view["amount"] = shown_in(request, quantity.amount);
            view["batch_name"] = named(row, quantity.thing);
        }
    }
    for (auto const& field : summary.fields)
        view["facts"].push_back(
            {{"label", shown_in(request, field.label)}, {"value", named(row, shown_in(request, field.value))}});
    for (auto const& certificate : summary.certificates)
        view["facts"].push_back(
            {{"label", text(services, request, "console.event.certificate")}, {"value", named(row, certificate)}});
    for (auto const& digest : summary.evidence) view["photos"].push_back({{"url", file_url(digest)}});
    view["has_photos"] = !summary.evidence.empty();
    return view;
}

} // namespace nguon::server::pages::console
