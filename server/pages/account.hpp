#pragma once

#include "server/http/router.hpp"

/// Signing in and out, slips and passwords.
namespace nguon::server::pages {

net::awaitable<http::Response> show_sign_in(Services& services, Request const& request);
net::awaitable<http::Response> sign_in(Services& services, Request const& request);
net::awaitable<http::Response> sign_out(Services& services, Request const& request);
net::awaitable<http::Response> choose_language(Services& services, Request const& request);
net::awaitable<http::Response> show_slip(Services& services, Request const& request);
net::awaitable<http::Response> use_slip(Services& services, Request const& request);
net::awaitable<http::Response> show_password(Services& services, Request const& request);
net::awaitable<http::Response> change_password(Services& services, Request const& request);

/// For whom the session acts, where there is a choice.
net::awaitable<http::Response> show_acting(Services& services, Request const& request);
net::awaitable<http::Response> act_for(Services& services, Request const& request);

/// Where somebody belongs after signing in: the province's desk or the enterprise's console.
std::string home_of(Principal const& who);

/// For pages that ask for a password over plain http from elsewhere, where the session's cookie would not be kept: the
/// same page by https, or a page that says why not. Nothing when all is well.
std::optional<http::Response> insist_on_https(Services& services, Request const& request);

} // namespace nguon::server::pages
