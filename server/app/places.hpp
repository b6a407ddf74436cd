#pragma once

#include "core/model/place.hpp"
#include "db/places.hpp"
#include "server/app/actor.hpp"

namespace nguon::server::app {

/// Errors: "place.code_taken", "reference.commune_unknown" {code}.
Result<PlaceId> register_place(db::Connection& c, Actor const& actor, Place place);

/// A new version with a reason. Errors as above, "place.unknown".
Status change_place(db::Connection& c, Actor const& actor, PlaceId const& id, Place place, std::string const& reason);

} // namespace nguon::server::app
