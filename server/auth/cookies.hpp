#pragma once

#include "core/http/message.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace nguon::server {

/// Holds the session's token. The prefix makes browsers refuse it without Secure and Path=/, and from other hosts.
inline constexpr std::string_view session_cookie_name = "__Host-session";

/// The value of the first cookie of that name, or "".
std::string_view find_cookie(http::Request const& request, std::string_view name);

/// Set-Cookie for a secret that scripts never see. `life` 0 removes the cookie; `secure` false only for plain http.
std::string make_cookie(std::string_view name, std::string_view value, std::chrono::seconds life, bool secure = true);

/// True where browsers keep Secure cookies: TLS, or this very machine.
bool keeps_secure_cookies(http::Peer const& peer);

} // namespace nguon::server
