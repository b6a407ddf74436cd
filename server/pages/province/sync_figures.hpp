#pragma once

#include "server/app/live_figures.hpp"
#include "server/pages/province/desk.hpp"

/// The figures of /province/sync that are kept up to date while the page is open: the page has each as the text of
/// data-live="NAME", and live.js puts newer ones there.
namespace nguon::server::pages::province {

/// {"status": …, "status/tone": …, "0/pending": "1.234", …}: texts by name; targets by their place in the list.
json live_texts(Services const& services, Request const& request, app::SyncFigures const& figures);

/// "Chờ gửi lâu nhất": how long, or why nothing does.
std::string oldest_text(Services const& services, Request const& request, std::optional<Instant> const& oldest,
                        db::deliveries::Counts const& counts);

/// The states of deliveries with their numbers, in the order of the page.
std::vector<std::pair<std::string_view, std::int64_t>> counts_in_order(db::deliveries::Counts const& counts);

} // namespace nguon::server::pages::province
