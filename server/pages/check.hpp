#pragma once

#include "server/http/router.hpp"

/// Looking a code up, and saying that data are wrong.
namespace nguon::server::pages {

/// GET / and /check
net::awaitable<http::Response> show_check(Services& services, Request const& request);
/// POST /check: a typed code, or a photograph that is decoded here.
net::awaitable<http::Response> check(Services& services, Request const& request);
/// GET and POST /report
net::awaitable<http::Response> show_report(Services& services, Request const& request);
net::awaitable<http::Response> report(Services& services, Request const& request);
/// GET /case/{code}: the state of a report.
net::awaitable<http::Response> show_case(Services& services, Request const& request);

} // namespace nguon::server::pages
