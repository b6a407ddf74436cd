#pragma once

#include "server/http/router.hpp"

/// Addresses for machines that look after the service, and its static files.
namespace nguon::server::pages {

/// GET /healthz: the process answers.
net::awaitable<http::Response> show_health(Services& services, Request const& request);
/// GET /readyz: the database answers and the service is not being stopped; else 503.
net::awaitable<http::Response> show_readiness(Services& services, Request const& request);
/// GET /metrics: Prometheus text.
net::awaitable<http::Response> show_metrics(Services& services, Request const& request);
/// GET /static/{hash}/{name...}
net::awaitable<http::Response> show_static(Services& services, Request const& request);
/// GET /favicon.ico and /robots.txt: where browsers and crawlers look without being told.
net::awaitable<http::Response> show_icon(Services& services, Request const& request);
net::awaitable<http::Response> show_robots(Services& services, Request const& request);

} // namespace nguon::server::pages
