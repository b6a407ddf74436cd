#pragma once

#include "server/http/router.hpp"

/// What a consumer sees after scanning: the page of a unit, a lot or a product.
namespace nguon::server::pages {

/// GET /trace/01/…: the page of a Digital Link under an address of its own, where resolving ends. Always HTML.
net::awaitable<http::Response> show_origin(Services& services, Request const& request);
/// GET /t/{code}: the printed code of a unit or lot. With a GTIN it leads to the Digital Link.
net::awaitable<http::Response> show_printed_code(Services& services, Request const& request);
/// GET /f/{sha256}: a file that some record shows.
net::awaitable<http::Response> show_file(Services& services, Request const& request);

} // namespace nguon::server::pages
