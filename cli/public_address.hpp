#pragma once

#include "core/runtime/endpoint.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nguon::cli {

/// What stands in printed codes when nobody says: http with this machine's address in the local network and the port of
/// the first http address; 127.0.0.1 without a network, and when only loopback is listened on.
std::string public_url_or_default(std::string const& wanted, std::vector<Endpoint> const& http);

/// --public-url as typed, without a slash at its end; "" when it was not given. Errors: "config.public_url" at the
/// option.
Result<std::string> checked_public_url(std::string const& typed);

/// "192.168.1.5" of "http://192.168.1.5:8080/x"; without brackets for IPv6.
std::string host_of_url(std::string_view url);

} // namespace nguon::cli
