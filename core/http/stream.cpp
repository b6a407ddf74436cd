#include "core/http/stream.hpp"

#include <array>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace nguon::http {
namespace {

using boost::system::error_code;
using Tcp = net::ip::tcp;

constexpr std::size_t drop_bytes_max = 256 * 1024;
constexpr auto completion = net::as_tuple(net::use_awaitable);

class PlainStream final : public Stream {
public:
    explicit PlainStream(Tcp::socket socket) : Stream{socket.get_executor()}, socket_{std::move(socket)} {}

    Tcp::socket& socket() override { return socket_; }
    ssl_st* ssl() override { return nullptr; }

protected:
    // What can be done at once is done without a turn through the scheduler.
    net::awaitable<Transfer> do_read(net::mutable_buffer buffer) override
    {
        error_code present = make_non_blocking();
        auto const ready = present ? 0 : socket_.read_some(buffer, present);
        if (present != net::error::would_block) co_return Transfer{present, ready};
        auto const [error, bytes] = co_await socket_.async_read_some(buffer, completion);
        co_return Transfer{error, bytes};
    }

    net::awaitable<Transfer> do_write(std::string_view bytes) override
    {
        error_code present = make_non_blocking();
        auto const taken = present ? 0 : socket_.write_some(net::buffer(bytes), present);
        if (present && present != net::error::would_block) co_return Transfer{present, taken};
        if (taken == bytes.size()) co_return Transfer{{}, taken};
        auto const rest = net::buffer(bytes.substr(taken));
        auto const [error, sent] = co_await net::async_write(socket_, rest, completion);
        co_return Transfer{error, taken + sent};
    }

    net::awaitable<error_code> do_handshake(bool) override { co_return error_code{}; }
    net::awaitable<void> do_shutdown() override { co_return; }

private:
    /// Not in the constructor, because a client's socket is opened by connecting it.
    error_code make_non_blocking()
    {
        error_code error;
        if (!socket_.non_blocking()) socket_.non_blocking(true, error);
        return error;
    }

    Tcp::socket socket_;
};

class TlsStream final : public Stream {
public:
    TlsStream(Tcp::socket socket, tls::ContextPtr context)
        : Stream{socket.get_executor()}, context_{std::move(context)}, stream_{std::move(socket), context_->ssl()}
    {
    }

    Tcp::socket& socket() override { return stream_.next_layer(); }
    ssl_st* ssl() override { return stream_.native_handle(); }

protected:
    net::awaitable<Transfer> do_read(net::mutable_buffer buffer) override
    {
        auto const [error, bytes] = co_await stream_.async_read_some(buffer, completion);
        co_return Transfer{error, bytes};
    }

    net::awaitable<Transfer> do_write(std::string_view bytes) override
    {
        auto const buffer = net::buffer(bytes);
        auto const [error, sent] = co_await net::async_write(stream_, buffer, completion);
        co_return Transfer{error, sent};
    }

    net::awaitable<error_code> do_handshake(bool as_server) override
    {
        auto const side = as_server ? net::ssl::stream_base::server : net::ssl::stream_base::client;
        auto const [error] = co_await stream_.async_handshake(side, completion);
        shaken_ = !error;
        co_return error;
    }

    net::awaitable<void> do_shutdown() override
    {
        if (!shaken_) co_return;
        co_await stream_.async_shutdown(completion);
    }

private:
    tls::ContextPtr context_; // outlives the stream that was made from it
    net::ssl::stream<Tcp::socket> stream_;
    bool shaken_ = false;
};

} // namespace

net::awaitable<Stream::Transfer> Stream::read_some(net::mutable_buffer buffer)
{
    Transfer transfer;
    transfer.error = settle({});
    if (!transfer.error) transfer = co_await do_read(buffer);
    // Bytes that came together with the deadline count as come.
    if (transfer.bytes == 0) transfer.error = settle(transfer.error);
    co_return transfer;
}

net::awaitable<Stream::Transfer> Stream::write(std::string_view bytes)
{
    Transfer transfer;
    transfer.error = settle({});
    if (!transfer.error) transfer = co_await do_write(bytes);
    if (transfer.error) transfer.error = settle(transfer.error);
    co_return transfer;
}

net::awaitable<error_code> Stream::handshake(bool as_server)
{
    if (auto const stopped = settle({})) co_return stopped;
    auto const error = co_await do_handshake(as_server);
    co_return error ? settle(error) : error;
}

net::awaitable<void> Stream::close_gently(std::chrono::milliseconds patience)
{
    if (aborted_) co_return;
    set_deadline(std::chrono::steady_clock::now() + patience);
    co_await do_shutdown();

    error_code ignored;
    socket().shutdown(Tcp::socket::shutdown_send, ignored);
    // Closing while bytes lie unread makes the kernel send a reset, which can overtake our answer.
    std::array<char, 4096> dropped{};
    std::size_t total = 0;
    while (total < drop_bytes_max && !settle({})) {
        auto const room = net::buffer(dropped);
        auto const [error, bytes] = co_await socket().async_read_some(room, completion);
        if (error) break;
        total += bytes;
    }
    abort();
}

void Stream::set_deadline(Deadline deadline)
{
    deadline_ = deadline;
    expired_ = false;
    if (aborted_) return;
    // A timer that fires early looks at the deadline again; only an earlier deadline needs it set anew.
    if (!armed_ || deadline_ < timer_.expiry()) arm();
}

void Stream::arm()
{
    armed_ = true;
    timer_.expires_at(deadline_);
    timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
        auto const self = weak.lock();
        if (cancelled || !self || self->aborted_) return;
        self->armed_ = false;
        if (std::chrono::steady_clock::now() < self->deadline_) return self->arm();
        self->expired_ = true;
        error_code ignored;
        self->socket().cancel(ignored);
        if (self->on_expiry_) self->on_expiry_();
    });
}

void Stream::abort()
{
    if (aborted_) return;
    aborted_ = true;
    timer_.cancel();
    error_code ignored;
    socket().close(ignored);
}

error_code Stream::settle(error_code error) const
{
    if (aborted_) return net::error::operation_aborted;
    if (expired_) return net::error::timed_out;
    return error;
}

StreamPtr make_plain_stream(Tcp::socket socket) { return std::make_shared<PlainStream>(std::move(socket)); }

StreamPtr make_tls_stream(Tcp::socket socket, tls::ContextPtr context)
{
    return std::make_shared<TlsStream>(std::move(socket), std::move(context));
}

} // namespace nguon::http
