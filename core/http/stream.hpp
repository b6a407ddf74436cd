#pragma once

#include "core/http/message.hpp"
#include "core/runtime/tls.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

namespace nguon::http {

using Deadline = std::chrono::steady_clock::time_point;

/// One connection, plain or TLS, behind one interface, so that session and client are compiled once. Everything on it
/// happens on the strand of its socket. One deadline is in force at a time; when it passes, what is under way fails
/// with `net::error::timed_out`, as does everything started before a new deadline is set.
class Stream : public std::enable_shared_from_this<Stream> {
public:
    virtual ~Stream() = default;
    Stream(Stream const&) = delete;
    Stream& operator=(Stream const&) = delete;

    struct Transfer {
        boost::system::error_code error = {};
        std::size_t bytes = 0;
    };

    /// At least one byte, or an error; `net::error::eof` is an orderly end (with TLS: after close_notify).
    net::awaitable<Transfer> read_some(net::mutable_buffer buffer);
    /// All of `bytes`, or an error.
    net::awaitable<Transfer> write(std::string_view bytes);
    net::awaitable<boost::system::error_code> handshake(bool as_server);
    /// Ends our direction: close_notify and FIN, then takes and drops what still comes for a moment, so that the other
    /// side can read our last answer before the connection is reset.
    net::awaitable<void> close_gently(std::chrono::milliseconds patience);

    void set_deadline(Deadline deadline);
    bool expired() const { return expired_; }
    /// Called, on the strand, when the deadline passes, besides cancelling reads and writes.
    void on_expiry(std::function<void()> call) { on_expiry_ = std::move(call); }
    /// Ends everything that is under way, for good.
    void abort();
    bool aborted() const { return aborted_; }

    virtual net::ip::tcp::socket& socket() = 0;
    /// Null for a plain connection.
    virtual ssl_st* ssl() = 0;
    net::any_io_executor executor() { return socket().get_executor(); }

protected:
    explicit Stream(net::any_io_executor const& executor) : timer_{executor} {}

    virtual net::awaitable<Transfer> do_read(net::mutable_buffer buffer) = 0;
    virtual net::awaitable<Transfer> do_write(std::string_view bytes) = 0;
    virtual net::awaitable<boost::system::error_code> do_handshake(bool as_server) = 0;
    virtual net::awaitable<void> do_shutdown() = 0;

private:
    void arm();
    boost::system::error_code settle(boost::system::error_code error) const;

    net::steady_timer timer_;
    Deadline deadline_ = Deadline::max();
    bool armed_ = false;
    bool expired_ = false;
    bool aborted_ = false;
    std::function<void()> on_expiry_;
};

using StreamPtr = std::shared_ptr<Stream>;

StreamPtr make_plain_stream(net::ip::tcp::socket socket);
StreamPtr make_tls_stream(net::ip::tcp::socket socket, tls::ContextPtr context);

} // namespace nguon::http
