#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace nguon::testing {

/// An io_context on threads of its own; stopped and joined with the value. Declare it before what lives on it.
class IoThreads {
public:
    explicit IoThreads(unsigned count = 2)
    {
        for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { io_.run(); });
    }
    ~IoThreads() { stop(); }
    IoThreads(IoThreads const&) = delete;
    IoThreads& operator=(IoThreads const&) = delete;

    boost::asio::io_context& io() { return io_; }
    boost::asio::any_io_executor executor() { return io_.get_executor(); }

    /// Runs a coroutine to its end and gives its value; throws what it throws, and after 30 s.
    template <typename T>
    T run(boost::asio::awaitable<T> work)
    {
        return run_on(executor(), std::move(work));
    }
    template <typename T>
    T run_on(boost::asio::any_io_executor const& executor, boost::asio::awaitable<T> work)
    {
        auto future = boost::asio::co_spawn(executor, std::move(work), boost::asio::use_future);
        if (future.wait_for(std::chrono::seconds{30}) != std::future_status::ready) {
            throw std::runtime_error{"the coroutine did not end"};
        }
        return future.get();
    }

    void stop()
    {
        guard_.reset();
        io_.stop();
        for (auto& thread : threads_) {
            if (thread.joinable()) thread.join();
        }
    }

private:
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_ = boost::asio::make_work_guard(io_);
    std::vector<std::thread> threads_;
};

/// A blocking client on loopback that sends exactly the bytes it is told. Gives up reading after 10 s.
class RawClient {
public:
    explicit RawClient(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        timeval const patience{10, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
            throw std::runtime_error{"no connection"};
        }
    }
    ~RawClient() { ::close(socket_); }
    RawClient(RawClient const&) = delete;
    RawClient& operator=(RawClient const&) = delete;

    /// False when the other side does not take it.
    bool send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void end_sending() { ::shutdown(socket_, SHUT_WR); }

    /// Everything up to the end of the connection.
    std::string read_all()
    {
        while (read_more()) {
        }
        return std::exchange(seen_, {});
    }
    /// Everything up to and with `mark`; less when the connection ends first.
    std::string read_until(std::string_view mark)
    {
        while (seen_.find(mark) == std::string::npos && read_more()) {
        }
        auto const at = seen_.find(mark);
        auto const size = at == std::string::npos ? seen_.size() : at + mark.size();
        auto text = seen_.substr(0, size);
        seen_.erase(0, size);
        return text;
    }

private:
    bool read_more()
    {
        char piece[4096];
        auto const got = ::recv(socket_, piece, sizeof piece, 0);
        if (got > 0) seen_.append(piece, static_cast<std::size_t>(got));
        return got > 0;
    }

    int socket_;
    std::string seen_;
};

} // namespace nguon::testing
