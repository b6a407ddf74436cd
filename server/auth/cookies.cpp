#include "server/auth/cookies.hpp"

#include <fmt/format.h>

namespace nguon::server {

std::string_view find_cookie(http::Request const& request, std::string_view name)
{
    auto rest = request.header("Cookie");
    while (!rest.empty()) {
        auto const end = std::min(rest.find(';'), rest.size());
        auto pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        while (pair.starts_with(' ')) pair.remove_prefix(1);
        auto const equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
    }
    return {};
}

std::string make_cookie(std::string_view name, std::string_view value, std::chrono::seconds life, bool secure)
{
    return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", name, value, life.count(),
                       secure ? "; Secure" : "");
}

bool keeps_secure_cookies(http::Peer const& peer) { return peer.secure || peer.loopback; }

} // namespace nguon::server
