#pragma once

#include "server/http/router.hpp"

/// Looking a code up.
namespace nguon::server::pages {

/// GET / and /check
net::awaitable<http::Response> show_check(Services& services, Request const& request);
/// POST /check: a typed code, or a photograph that is decoded here.
net::awaitable<http::Response> check(Services& services, Request const& request);

} // namespace nguon::server::pages
