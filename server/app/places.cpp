#include "server/app/places.hpp"

#include "core/gs1/printed_code.hpp"
#include "db/reference.hpp"
#include "server/app/naming.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

Status check(db::Connection& c, Place& place)
{
    if (place.code.empty()) place.code = "DD-" + gs1::new_printed_code().substr(0, 6);
    auto const& code = place.address.commune_code;
    if (code.empty() || db::reference::find_commune(c, code)) return Done{};
    return invalid_fields({{"/commune_code", "reference.commune_unknown", {code}}});
}

void announce_place(db::Connection& c, Actor const& actor, PlaceId const& id, std::int64_t version, Place const& place,
                    std::string const& action)
{
    Announcement announcement;
    announcement.kind = "place";
    announcement.id = id.text();
    announcement.version = version;
    announcement.parents = {{"organization", actor.org.text()}};
    announce(c, actor, announcement, to_json(place), action);
}

} // namespace

Result<PlaceId> register_place(db::Connection& c, Actor const& actor, Place place)
{
    if (auto checked = check(c, place); !checked) return checked.error();
    auto const id = new_id<struct PlaceKind>();
    if (auto saved = db::places::insert(c, id, actor.org, place, actor.change()); !saved) return saved.error();
    name_place(c, id, place);
    announce_place(c, actor, id, 1, place, "place.register");
    return id;
}

Status change_place(db::Connection& c, Actor const& actor, PlaceId const& id, Place place, std::string const& reason)
{
    auto const head = db::places::find(c, actor.org, id);
    if (!head) return head.error();
    if (place.code.empty()) place.code = head->code;
    if (auto checked = check(c, place); !checked) return checked;
    if (auto saved = db::places::update(c, actor.org, *head, place, actor.change(reason)); !saved) return saved;
    name_place(c, id, place);
    announce_place(c, actor, id, head->latest_version + 1, place, "place.change");
    return Done{};
}

} // namespace nguon::server::app
