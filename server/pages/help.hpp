#pragma once

#include "server/http/router.hpp"

/// Short guides to read on a phone or to print on A4.
namespace nguon::server::pages {

/// GET /help: which guide is mine?
net::awaitable<http::Response> show_guides(Services& services, Request const& request);
/// GET /help/{guide}: enterprise, officer or consumer.
net::awaitable<http::Response> show_guide(Services& services, Request const& request);
/// GET /help/pictures/{name}: a file of deploy/screens, which the browser tests make.
net::awaitable<http::Response> show_guide_picture(Services& services, Request const& request);

} // namespace nguon::server::pages
