#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nguon {

/// Where a listener listens: a numeric IP address and a port; port 0 takes a free one.
struct Endpoint {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;

    bool operator==(Endpoint const&) const = default;
};

/// Reads "127.0.0.1:8080" and "[::1]:8080". Errors: "config.endpoint".
Result<Endpoint> parse_endpoint(std::string_view text);

/// "127.0.0.1:8080", "[::1]:8080"
std::string to_text(Endpoint const& endpoint);

/// The address that stands in printed codes: "http://" or "https://", a host and, when needed, a port; slashes at the
/// end are dropped. Errors: "config.public_url" {text}.
Result<std::string> read_public_url(std::string_view text);

/// True when only this machine reaches the address (127.0.0.0/8, ::1).
bool is_loopback(Endpoint const& endpoint);

} // namespace nguon
