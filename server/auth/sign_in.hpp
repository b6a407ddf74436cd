#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "server/http/request.hpp"

#include <string>

#include <boost/asio/awaitable.hpp>

namespace nguon::server {

namespace net = boost::asio;

struct Services;

/// Checks login and password and opens a session. Unknown login, wrong password and disabled account give the same
/// answer after the same time. Returns the Set-Cookie value. Errors: unauthenticated "auth.wrong", rate_limited
/// "auth.too_many_tries", unavailable "busy".
net::awaitable<Result<std::string>> sign_in(Services& services, Request const& request, std::string login,
                                            std::string password);

/// A new password for the signed-in person, who states the present one; other sessions end. Errors: invalid with the
/// fields "current", "password", "again"; "auth.too_many_tries".
net::awaitable<Status> change_password(Services& services, Request const& request, std::string current,
                                       std::string password, std::string again);

/// The signed-in person states the password again before something dangerous. Errors: invalid with the field
/// "password"; "auth.too_many_tries"; forbidden "auth.person_needed" for a key.
net::awaitable<Status> confirm_password(Services& services, Request const& request, std::string password);

/// Faults of a new password typed twice, as fields "password" and "again".
std::vector<FieldError> check_password_pair(std::string_view login, std::string_view password, std::string_view again);

} // namespace nguon::server
