#include "server/app/destinations.hpp"

#include "core/epcis/json.hpp"
#include "db/events.hpp"
#include "db/identifiers.hpp"
#include "db/places.hpp"
#include "db/reference.hpp"

namespace nguon::server::app {
namespace {

constexpr std::size_t shippings_max = 2'000;

} // namespace

std::vector<Destination> const& Destinations::of(std::int64_t event)
{
    if (read_.size() >= shippings_max && !read_.contains(event)) return none_;
    auto const [at, added] = read_.try_emplace(event);
    if (!added) return at->second;
    auto const stored = db::events::find_by_number(c_, event);
    auto const document =
        stored ? epcis::parse_document(stored->body) : Result<epcis::Document>{not_found("event.unknown")};
    if (document && !document->events.empty())
        for (auto const& destination : document->events.front().destination_list)
            at->second.push_back(named(destination.id));
    return at->second;
}

Destination Destinations::named(std::string const& uri)
{
    auto const known = db::identifiers::entity_of(c_, uri);
    auto const place = known && known->kind == "place" ? db::places::public_fields(c_, PlaceId{known->entity_id})
                                                       : Result<Place>{not_found("place.unknown")};
    if (!place) return {uri, {}};
    auto const commune = db::reference::commune_name(c_, place->address.commune_code, place->address.commune_text);
    bool const said = place->name.find(commune.substr(0, commune.find(','))) != std::string::npos;
    return {said ? place->name : place->name + ", " + commune, db::places::owner(c_, PlaceId{known->entity_id})};
}

} // namespace nguon::server::app
