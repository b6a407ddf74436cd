#pragma once

#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nguon {

namespace net = boost::asio;

template <typename T>
using Finish = std::function<void(T)>;

/// Suspends the calling coroutine, calls `start` with a function, and resumes on the caller's executor with the value
/// that function is given. It must be called exactly once, on any thread. The wait cannot be cancelled: what `start`
/// set in motion has an end of its own.
template <typename T>
net::awaitable<T> suspend(std::function<void(Finish<T>)> start)
{
    auto initiate = [](auto handler, std::function<void(Finish<T>)> begin) {
        auto executor = net::prefer(net::get_associated_executor(handler), net::execution::outstanding_work.tracked);
        // std::function wants copies; a completion handler can only move.
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        begin([shared, executor](T value) {
            net::post(executor, [shared, moved = std::move(value)]() mutable {
                auto resume = std::move(*shared);
                std::move(resume)(std::move(moved));
            });
        });
    };
    co_return co_await net::async_initiate<net::use_awaitable_t<> const, void(T)>(initiate, net::use_awaitable,
                                                                                  std::move(start));
}

} // namespace nguon
