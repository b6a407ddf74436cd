#pragma once

#include "server/http/router.hpp"

/// Asking about one's own personal data (Law 91/2025), and following what becomes of it.
namespace nguon::server::pages {

/// GET and POST /personal-data
net::awaitable<http::Response> show_personal_form(Services& services, Request const& request);
net::awaitable<http::Response> ask_about_personal_data(Services& services, Request const& request);
/// GET /personal-data/{personal_request}: for whoever holds the code.
net::awaitable<http::Response> show_personal_request(Services& services, Request const& request);

} // namespace nguon::server::pages
