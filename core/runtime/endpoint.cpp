#include "core/runtime/endpoint.hpp"

#include <algorithm>
#include <charconv>

#include <boost/asio/ip/address.hpp>

namespace nguon {
namespace {

Error malformed(std::string_view text) { return invalid("config.endpoint", {std::string{text}}); }

/// A port from 1 to 65535.
bool is_port(std::string_view digits)
{
    std::uint16_t port = 0;
    auto const [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return fault == std::errc{} && end == digits.data() + digits.size() && port > 0;
}

bool is_ip_v6(std::string_view text)
{
    boost::system::error_code error;
    auto const address = boost::asio::ip::make_address(text, error);
    return !error && address.is_v6();
}

/// An IPv4 address or a name of letters, digits, dots and hyphens.
bool is_host_name(std::string_view text)
{
    return !text.empty() && text.front() != '.' && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

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

Result<std::string> read_public_url(std::string_view text)
{
    auto const fault = invalid("config.public_url", {std::string{text}});
    auto const scheme = text.find("://");
    if (!text.starts_with("http://") && !text.starts_with("https://")) return fault;
    while (text.ends_with('/')) text.remove_suffix(1);
    if (text.size() <= scheme + 3) return fault;
    auto host = text.substr(scheme + 3);
    auto const colon = host.rfind(':');
    if (colon != std::string_view::npos && !host.ends_with(']')) {
        if (!is_port(host.substr(colon + 1))) return fault;
        host = host.substr(0, colon);
    }
    bool const bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    bool const good = bracketed ? is_ip_v6(host.substr(1, host.size() - 2)) : is_host_name(host);
    if (!good) return fault;
    return std::string{text};
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
