#pragma once

#include "core/http/message.hpp"
#include "server/http/request.hpp"
#include "server/settings.hpp"

#include <string>
#include <string_view>

namespace nguon::server {

/// What every answer gets after its handler: security headers, 304 for a known ETag, compression, the request id.
void finish(Request const& request, http::Response& response, ServiceSettings const& settings,
            std::string_view public_css_hash);

/// The policy of pages: nothing but our own pictures, style sheets and forms; `public_css_hash` allows the sheet that
/// stands in public pages.
std::string content_policy(std::string_view public_css_hash);

/// The same for a page with a script file of ours that asks this service for news.
std::string live_policy(std::string_view public_css_hash);

/// The same for the page that scans: its reader of codes is a WebAssembly module.
std::string scan_policy(std::string_view public_css_hash);

} // namespace nguon::server
