#pragma once

#include "connector/backoff.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace nguon::connector {

namespace net = boost::asio;

/// A wait that `cancel` of the timer ends early.
net::awaitable<void> sleep_on(net::steady_timer& timer, Duration time);

} // namespace nguon::connector
