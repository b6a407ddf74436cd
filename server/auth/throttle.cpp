#include "server/auth/throttle.hpp"

#include "core/bytes.hpp"
#include "core/limits.hpp"
#include "db/database.hpp"
#include "db/throttles.hpp"
#include "server/services.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nguon::server {
namespace {

struct Tries {
    std::int64_t of_account = 0;
    std::int64_t of_address = 0;
};

std::string account_bucket(std::string_view account, std::string_view subscriber)
{
    return sha256_hex(std::string{account} + '\n' + std::string{subscriber});
}

} // namespace

std::string subscriber_of(std::string_view address)
{
    boost::system::error_code failed;
    auto const parsed = net::ip::make_address(std::string{address}, failed);
    if (failed || !parsed.is_v6()) return std::string{address};
    if (parsed.to_v6().is_v4_mapped()) {
        return net::ip::make_address_v4(net::ip::v4_mapped, parsed.to_v6()).to_string();
    }
    auto bytes = parsed.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
    return net::ip::make_address_v6(bytes).to_string();
}

net::awaitable<Status> count_try(Services& services, std::string account, std::string address)
{
    auto const subscriber = subscriber_of(address);
    auto work = [both = account_bucket(account, subscriber), one = sha256_hex(subscriber),
                 now = services.clock.now()](db::Connection& c) -> Result<Tries> {
        return Tries{db::throttles::add_try(c, both, now, limits::sign_in_window),
                     db::throttles::add_try(c, one, now, limits::sign_in_window)};
    };
    auto const tries = co_await services.database.write_unseen(std::move(work));
    if (!tries) co_return tries.error();
    if (tries->of_account > limits::sign_in_tries_max || tries->of_address > limits::sign_in_address_tries_max) {
        co_return Error{ErrorCode::rate_limited, "auth.too_many_tries", {}, {}, {}};
    }
    if (tries->of_address > limits::sign_in_address_tries_fast) {
        net::steady_timer timer{co_await net::this_coro::executor, limits::sign_in_slow_time};
        co_await timer.async_wait(net::use_awaitable);
    }
    co_return Done{};
}

net::awaitable<Status> forget_tries(Services& services, std::string account, std::string address)
{
    auto work = [bucket = account_bucket(account, subscriber_of(address))](db::Connection& c) -> Status {
        db::throttles::clear(c, bucket);
        return Done{};
    };
    co_return co_await services.database.write_unseen(std::move(work));
}

} // namespace nguon::server
