#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "server/auth/principal.hpp"
#include "server/http/request.hpp"

#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace nguon::db {
class Connection;
}

namespace nguon::server {

namespace net = boost::asio;

struct Services;

/// By this header a program says for whom it acts, when its key has several organizations: an id, or "province".
inline constexpr std::string_view organization_header = "Nguon-Organization";
inline constexpr std::string_view province_word = "province";

/// Opens a session for a person and ends the one that the browser had, so that a sign-in always has a new one; writes
/// `action` ("account.sign_in") to the audit. Returns the Set-Cookie value.
net::awaitable<Result<std::string>> start_session(Services& services, Request const& request, PersonId person,
                                                  std::string action);

/// Ends the session of the request; returns the Set-Cookie value that removes the cookie.
net::awaitable<Result<std::string>> end_session(Services& services, Request const& request);

/// Ends all sessions of the person, except the one of the request when `keep_this`.
net::awaitable<Status> end_all_sessions(Services& services, Request const& request, bool keep_this);

/// The session of the request acts for this organization (empty: the province) from now on; noted in the audit. Errors:
/// invalid "auth.no_choice" when the person may not act for it.
net::awaitable<Status> act_for(Services& services, Request const& request, OrganizationId org);

/// Who sends this request: by key (Authorization: Bearer), else by session cookie, else a stranger. A session that is
/// over makes a stranger. Errors: unauthenticated "key.invalid" for a key that is unknown, expired or revoked;
/// not_found "organization.unknown" when a key names an organization that it has no grant for.
net::awaitable<Result<Principal>> identify(Services& services, http::Request const& request);

/// The grants in force of a person or key, narrowed as they say.
std::vector<Grant> read_grants(db::Connection& c, std::string_view subject, Instant now);

} // namespace nguon::server
