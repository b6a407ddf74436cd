#include "core/limits.hpp"
#include "server/app/live_figures.hpp"
#include "server/pages/province/desk.hpp"
#include "server/pages/province/sync_figures.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

namespace nguon::server::pages::province {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto look_interval = 200ms;
constexpr auto retry_time = 3s; // for the browser, when the connection has ended

/// One open page: what was sent and when.
struct Stream {
    Services& services;
    Request request; // its language and time are asked for as long as it lasts
    std::shared_ptr<app::LiveFigures::Listener> listener;
    Steady::time_point ends = Steady::now() + limits::live_stream_time;
    std::uint64_t number = 0;
    bool greeted = false;
};

/// The next piece: figures when they changed, a comment when nothing did for a while, "" at the end.
net::awaitable<std::string> next_piece(std::shared_ptr<Stream> stream)
{
    if (!stream->greeted) {
        stream->greeted = true;
        co_return fmt::format("retry: {}\n\n", std::chrono::milliseconds{retry_time}.count());
    }
    auto const silent_until = Steady::now() + limits::live_heartbeat_time;
    net::steady_timer timer{co_await net::this_coro::executor};
    while (!stream->listener->is_over() && Steady::now() < stream->ends) {
        auto const figures = stream->listener->get();
        if (figures && figures->number != stream->number) {
            stream->number = figures->number;
            auto const texts = live_texts(stream->services, stream->request, *figures);
            co_return "data: " + texts.dump() + "\n\n";
        }
        if (Steady::now() >= silent_until) co_return ": \n\n";
        timer.expires_after(look_interval);
        boost::system::error_code ignored;
        co_await timer.async_wait(net::redirect_error(net::use_awaitable, ignored));
    }
    co_return "";
}

} // namespace

net::awaitable<http::Response> stream_sync(Services& services, Request const& request)
{
    if (services.live == nullptr) co_return no_content(); // which ends the browser's asking
    auto listener = services.live->listen();
    if (!listener) {
        auto response = text_response(503, "");
        response.header("Retry-After", "30");
        co_return response;
    }
    auto stream = std::make_shared<Stream>(Stream{services, Request{request}, std::move(listener)});
    http::Response response;
    response.header("Content-Type", "text/event-stream");
    response.header("Cache-Control", "no-store");
    response.header("X-Accel-Buffering", "no"); // nginx would hold it back
    response.body = http::Generator{[stream] { return next_piece(stream); }};
    response.close = true;
    co_return response;
}

} // namespace nguon::server::pages::province
