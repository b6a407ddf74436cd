#include "connector/sleep.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nguon::connector {

net::awaitable<void> sleep_on(net::steady_timer& timer, Duration time)
{
    timer.expires_after(time);
    boost::system::error_code ignored;
    co_await timer.async_wait(net::redirect_error(net::use_awaitable, ignored));
}

} // namespace nguon::connector
