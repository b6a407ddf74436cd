#include "server/app/query_events.hpp"

#include "server/app/approvals.hpp"

#include <algorithm>

namespace nguon::server::app {

Result<std::vector<db::events::Stored>> find_events(db::Connection& c, Principal const& who, std::string_view event_id)
{
    auto found = event_id.empty() ? std::vector<db::events::Stored>{} : db::events::of_event_id(c, event_id);
    auto const is_readable = [&](db::events::Stored const& event) {
        return organization_within(c, who, "epcis:read", event.org).ok();
    };
    if (std::ranges::none_of(found, is_readable)) return not_found("event.unknown");
    // Whoever may read an event also sees that the province declared it wrong.
    auto const province = db::organizations::find_authority(c).value_or(OrganizationId{});
    std::erase_if(found, [&](db::events::Stored const& event) {
        return !is_readable(event) && !(event.error_declared_at && event.org == province);
    });
    return found;
}

} // namespace nguon::server::app
