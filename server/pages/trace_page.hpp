#pragma once

#include "server/http/router.hpp"

namespace nguon::server::pages {

/// ?code=, ?direction=, ?format=: what a thing was made of and where it went, as a page with an indented list, or as a
/// sheet or picture to keep. `template_name` is the console's or the province's. What an authority reads of an
/// enterprise is noted.
net::awaitable<http::Response> trace_page(Services& services, Request const& request, std::string template_name);

} // namespace nguon::server::pages
