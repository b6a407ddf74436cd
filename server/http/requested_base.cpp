#include "server/http/requested_base.hpp"

#include "core/http/uri.hpp"
#include "server/services.hpp"

#include <algorithm>

namespace nguon::server {

std::string requested_base(Services const& services, Request const& request)
{
    std::string const host{request.header("Host")};
    auto const& settings = services.settings;
    auto const own = settings.public_url.find("://" + host);
    bool const public_one =
        !host.empty() && own != std::string::npos && own + 3 + host.size() == settings.public_url.size();
    bool const known =
        request.peer.loopback || std::ranges::find(settings.public_hosts, host) != settings.public_hosts.end();
    if (public_one || !known || !http::parse_url("https://" + host)) return settings.public_url;
    return (request.peer.secure ? "https://" : "http://") + host;
}

} // namespace nguon::server
