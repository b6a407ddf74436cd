#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace nguon::server {

namespace net = boost::asio;

struct Services;

/// The address as far as it belongs to one subscriber: an IPv6 address without its last 64 bits.
std::string subscriber_of(std::string_view address);

/// Counts a try of `account` (login, or "slip") from `address` in the last fifteen minutes. An address with many tries
/// waits here for a second. Errors: rate_limited "auth.too_many_tries" beyond 10 tries for account and address, or 300
/// from the address.
net::awaitable<Status> count_try(Services& services, std::string account, std::string address);

/// Forgets the tries of account and address, after a success.
net::awaitable<Status> forget_tries(Services& services, std::string account, std::string address);

} // namespace nguon::server
