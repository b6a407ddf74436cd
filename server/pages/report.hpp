#pragma once

#include "server/http/router.hpp"

/// Saying that data are wrong, and following what becomes of it.
namespace nguon::server::pages {

/// GET and POST /report
net::awaitable<http::Response> show_report(Services& services, Request const& request);
net::awaitable<http::Response> report(Services& services, Request const& request);
/// GET /case/{code}: the state of a report, for whoever holds its code.
net::awaitable<http::Response> show_case(Services& services, Request const& request);

} // namespace nguon::server::pages
