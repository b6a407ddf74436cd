#pragma once

#include "server/app/sync_history.hpp"
#include "server/pages/province/desk.hpp"

/// Charts of the last day as SVG in the page, without scripts; what they show stands in a table below, too.
namespace nguon::server::pages::province {

/// {"delivered": {title, text, bars, …}, "backlog": {…}, "lag": {…}, "forecast", "table": […]}; empty with less than
/// two samples. `place` makes the ids of one target's charts its own.
json charts_of(Services const& services, Request const& request, std::vector<db::sync_samples::Sample> const& samples,
               std::size_t place, Instant now);

} // namespace nguon::server::pages::province
