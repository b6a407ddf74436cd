#pragma once

#include "server/app/sync_status.hpp"
#include "server/pages/province/desk.hpp"

/// What stands first under /province/sync: three numbers, and what somebody is to do.
namespace nguon::server::pages::province {

/// Delivered, on its way, and stopped until a person acts; sums over the portals.
struct SyncSums {
    std::int64_t delivered = 0;
    std::int64_t waiting = 0;
    std::int64_t stopped = 0;
};
void add(SyncSums& sums, db::deliveries::Counts const& counts);

/// [{"what", "who", "by", "url"}], most urgent first: alarms that nobody has taken on, differences found by comparing,
/// records that were refused, set aside or are held. `findings` is how many differences are open.
json todo_view(Services const& services, Request const& request, app::SyncStatus const& status, std::int64_t findings);

} // namespace nguon::server::pages::province
