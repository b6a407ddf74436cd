#include "core/runtime/endpoint.hpp"

#include <charconv>

#include <boost/asio/ip/address.hpp>

namespace nguon {
namespace {

Error malformed(std::string_view text) { return invalid("config.endpoint", {std::string{text}}); }

} // namespace

Result<Endpoint> parse_endpoint(std::string_view text)
{
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos) return malformed(text);
    auto host = text.substr(0, colon);
    auto const digits = text.substr(colon + 1);

    std::uint16_t port = 0;
    auto const [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (digits.empty() || fault != std::errc{} || end != digits.data() + digits.size()) return malformed(text);

    bool const bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    boost::system::error_code error;
    auto const address = boost::asio::ip::make_address(host, error);
    if (error || address.is_v6() != bracketed) return malformed(text);
    return Endpoint{address.to_string(), port};
}

std::string to_text(Endpoint const& endpoint)
{
    bool const v6 = endpoint.address.find(':') != std::string::npos;
    return (v6 ? "[" + endpoint.address + "]" : endpoint.address) + ":" + std::to_string(endpoint.port);
}

bool is_loopback(Endpoint const& endpoint)
{
    boost::system::error_code error;
    auto const address = boost::asio::ip::make_address(endpoint.address, error);
    return !error && address.is_loopback();
}

} // namespace nguon
