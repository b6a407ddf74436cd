#pragma once

#include "core/epcis/query.hpp"
#include "db/events.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Answers queries of EPCIS 2.0 from the index and, for what no index holds, by looking at events. No page looks at
/// more than `limits::query_events_read` of them: it ends early and says where to go on.
namespace nguon::db::event_queries {

/// Whose events the asker may see.
struct Reader {
    std::optional<OrganizationId> org = {};                   // only this one's; nothing: everybody's
    std::function<bool(OrganizationId const&)> may_read = {}; // of everybody's only these; empty: all
};

/// Between two events of an answer. It holds on while others are written and after a restart.
struct Position {
    std::int64_t at = 0; // event time or record time, whichever the answer is ordered by; microseconds
    std::int64_t seq = 0;
    std::string value = {}; // of the field that the answer is ordered by

    bool operator==(Position const&) const = default;
};

struct Page {
    std::vector<events::Stored> events = {};
    std::optional<Position> next = {}; // nothing: that was all
};

/// The events that keep the query's conditions, in its order, behind `from` (nothing: from the start), at most `count`.
/// Without an order the newest come first, by the time that the walk goes by.
/// Errors: too_large "epcis.query.too_complex" when ordering by a field would need more events than a page may look at.
Result<Page> run(Connection& c, Reader const& reader, epcis::Query query, std::optional<Position> const& from,
                 std::int64_t count);

/// Errors: too_large "epcis.query.too_large" {max} when more than the query's maxEventCount fit,
/// "epcis.query.too_complex" when that would take too long to know.
Status check_max_event_count(Connection& c, Reader const& reader, epcis::Query const& query);

/// The resource lists ("bizStep", "disposition", "readPoint", "bizLocation"): distinct values behind `after`, in
/// order, canonical; one more than `count` when there are more.
std::vector<std::string> values(Connection& c, Reader const& reader, std::string const& kind, std::string const& after,
                                std::int64_t count);

/// The things that visible events name, as they are spelled first, in the order of their first mention.
struct Things {
    std::vector<std::string> uris = {};
    std::optional<std::int64_t> next = {};
};
Things things(Connection& c, Reader const& reader, std::int64_t after, std::int64_t count);

} // namespace nguon::db::event_queries
