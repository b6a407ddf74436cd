#pragma once

#include "core/result.hpp"
#include "server/http/request.hpp"

#include <string>
#include <string_view>

/// Against requests that another site makes a browser send. A form carries a token in its field "csrf" (a program in
/// the header X-CSRF-Token): that of the session, or for strangers that of a cookie of their own. Keys need none.
namespace nguon::server {

/// 256 random bits, base64url.
std::string new_token();

/// The name of the strangers' cookie: with the __Host- prefix where browsers keep it.
std::string_view form_cookie_name(http::Peer const& peer);

/// The token as a page shows it: other bytes on every page, so that compression tells nothing about it (BREACH).
std::string mask_token(std::string_view token);
bool token_matches(std::string_view masked, std::string_view token);

/// True when the browser says that another site sent this: by Sec-Fetch-Site, else by Origin against Host. An Origin of
/// "null" says nothing (pages without referrer send it to themselves); then the token alone decides.
bool is_cross_site(http::Request const& request);

/// Checks a request that may change something. Errors: forbidden "csrf.cross_site", "csrf.token" (the page is too old,
/// or cookies are off).
Status check_csrf(Request const& request, bool token_needed);

} // namespace nguon::server
