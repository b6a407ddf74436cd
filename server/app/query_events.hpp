#pragma once

#include "db/events.hpp"
#include "server/auth/principal.hpp"

/// Reading events by the standard's interface (EPCIS 2.0 §8.2).
namespace nguon::server::app {

/// The event of this eventID and the declarations that it was wrong, oldest first, as far as `who` may read events of
/// those who recorded them. Errors: not_found "event.unknown", also where nothing of it is for this reader.
Result<std::vector<db::events::Stored>> find_events(db::Connection& c, Principal const& who, std::string_view event_id);

} // namespace nguon::server::app
