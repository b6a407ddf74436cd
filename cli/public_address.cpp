#include "cli/public_address.hpp"

#include <memory>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

namespace nguon::cli {
namespace {

std::string lan_address()
{
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return "127.0.0.1";
    std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> const owner{list, &::freeifaddrs};
    for (auto const* at = list; at != nullptr; at = at->ifa_next) {
        if (at->ifa_addr == nullptr || at->ifa_addr->sa_family != AF_INET) continue;
        if ((at->ifa_flags & IFF_LOOPBACK) != 0 || (at->ifa_flags & IFF_UP) == 0) continue;
        char text[INET_ADDRSTRLEN] = {};
        auto const* address = reinterpret_cast<sockaddr_in const*>(at->ifa_addr);
        if (::inet_ntop(AF_INET, &address->sin_addr, text, sizeof text) == nullptr) continue;
        std::string found{text};
        if (!found.starts_with("169.254.")) return found;
    }
    return "127.0.0.1";
}

} // namespace

std::string host_of_url(std::string_view url)
{
    if (auto const scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find('/'));
    if (url.starts_with('[')) return std::string{url.substr(1, url.find(']') - 1)};
    return std::string{url.substr(0, url.find(':'))};
}

Result<std::string> checked_public_url(std::string const& typed)
{
    if (typed.empty()) return typed;
    auto url = read_public_url(typed);
    if (!url) return invalid_fields({{"--public-url", url.error().key, url.error().values}});
    return url;
}

std::string public_url_or_default(std::string const& wanted, std::vector<Endpoint> const& http)
{
    if (!wanted.empty()) return wanted;
    auto const port = http.empty() ? std::uint16_t{8080} : http.front().port;
    bool const local_only = http.empty() || is_loopback(http.front());
    return "http://" + (local_only ? std::string{"127.0.0.1"} : lan_address()) + ":" + std::to_string(port);
}

} // namespace nguon::cli
