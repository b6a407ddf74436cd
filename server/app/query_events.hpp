#pragma once

#include "core/epcis/query.hpp"
#include "db/event_queries.hpp"
#include "db/events.hpp"
#include "server/app/actor.hpp"
#include "server/auth/principal.hpp"

/// Reading events by the standard's interface (EPCIS 2.0 §8.2).
namespace nguon::server::app {

/// The event of this eventID and the declarations that it was wrong, oldest first, as far as `who` may read events of
/// those who recorded them. Errors: not_found "event.unknown", also where nothing of it is for this reader.
Result<std::vector<db::events::Stored>> find_events(db::Connection& c, Principal const& who, std::string_view event_id);

/// Whose events `who` may query: an enterprise its own, an authority those of its area. Good while `c` is.
db::event_queries::Reader event_reader(db::Connection& c, Principal const& who);

/// True when a query shows others' events, which is noted.
bool reads_for_others(Principal const& who);

/// A page of an answer, and what `eventCountLimit` counts over its pages.
struct EventPage {
    db::event_queries::Page page = {};
    std::int64_t given = 0; // so far, with this page
};

/// The next page of a query behind `from`, of whose answer `given` events went out already. Errors: too_large
/// "epcis.query.too_large" {max}, "epcis.query.too_complex".
Result<EventPage> query_events(db::Connection& c, Principal const& who, epcis::Query const& query,
                               std::optional<db::event_queries::Position> const& from, std::int64_t given);

/// Notes in the audit what an authority asked for.
void note_query(db::Connection& c, Actor const& actor, std::string const& asked);

} // namespace nguon::server::app
