#pragma once

#include "server/http/router.hpp"

/// The GS1-conformant resolver (standard 1.2): where a Digital Link leads.
namespace nguon::server::pages {

/// GET /01/…, and every other primary key of GS1 at the root. A browser gets the page of a thing of ours at once;
/// everybody else is led on (307), gets a choice of equals (300) or the list of links (200), as `linkType`, `context`,
/// Accept and Accept-Language say. What is no Digital Link is 400, a link type that nobody keeps 404.
net::awaitable<http::Response> resolve(Services& services, Request const& request);

/// GET /{compressed}: a Digital Link as base64url; anything else is no address of ours.
net::awaitable<http::Response> resolve_compressed(Services& services, Request const& request);

/// Whether the address is a Digital Link that is read without faults.
bool is_digital_link(Request const& request);

/// For OPTIONS of these: who may ask from a browser, and where the list of links is.
void add_resolver_options(Services const& services, Request const& request, http::Response& response);

} // namespace nguon::server::pages
