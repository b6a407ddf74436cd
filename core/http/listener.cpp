#include "core/http/listener.hpp"

#include "core/http/connection.hpp"
#include "core/runtime/log.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nguon::http {
namespace {

using Tcp = net::ip::tcp;
using boost::system::error_code;

constexpr auto completion = net::as_tuple(net::use_awaitable);
constexpr auto accept_pause = std::chrono::milliseconds{100};
constexpr auto drain_step = std::chrono::milliseconds{5};

struct Door {
    explicit Door(net::any_io_executor const& strand) : acceptor{strand} {}
    Tcp::acceptor acceptor;
    std::shared_ptr<tls::ContextSlot> tls = {}; // null: plain
};

Error listen_error(char const* key, Endpoint const& endpoint, error_code error)
{
    auto const address = to_text(endpoint);
    return Error{ErrorCode::unavailable, key, {address}, address + ": " + error.message(), {}};
}

/// Nobody waits for this answer and the connection ends anyway, so what the socket does not take at once is dropped.
void refuse_busy(Tcp::socket socket, bool secure)
{
    error_code ignored;
    if (secure) return;
    socket.non_blocking(true, ignored);
    constexpr std::string_view answer = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\n"
                                        "Connection: close\r\n\r\n";
    socket.write_some(net::buffer(answer), ignored);
    socket.shutdown(Tcp::socket::shutdown_send, ignored);
}

} // namespace

class Listener::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(net::any_io_executor executor, Handler handler, SessionOptions options)
        : executor_{std::move(executor)}, shared_{
                                              std::make_shared<SessionShared>(std::move(handler), std::move(options))}
    {
    }

    Result<Endpoint> listen(Endpoint const& endpoint, std::shared_ptr<tls::ContextSlot> tls);
    net::awaitable<std::size_t> drain();
    void abort();
    std::size_t connections() const { return shared_->connections; }

private:
    static net::awaitable<void> accept(std::shared_ptr<Impl> self, std::shared_ptr<Door> door);
    static net::awaitable<void> serve(std::shared_ptr<Impl> self, std::shared_ptr<Connection> connection);
    net::any_io_executor next_executor() const;
    void welcome(Tcp::socket socket, Door const& door);
    void stop_accepting();
    std::vector<std::shared_ptr<Connection>> open_connections();
    net::awaitable<bool> await_end(std::chrono::steady_clock::time_point deadline);

    net::any_io_executor executor_;
    std::shared_ptr<SessionShared> shared_;
    std::mutex mutex_;
    bool closed_ = false;
    std::vector<std::shared_ptr<Door>> doors_;
    std::unordered_map<Connection*, std::weak_ptr<Connection>> open_;
};

Result<Endpoint> Listener::Impl::listen(Endpoint const& endpoint, std::shared_ptr<tls::ContextSlot> tls)
{
    error_code error;
    auto const address = net::ip::make_address(endpoint.address, error);
    if (error) return listen_error("listen.address", endpoint, error);

    auto door = std::make_shared<Door>(net::make_strand(executor_));
    door->tls = std::move(tls);
    Tcp::endpoint const wanted{address, endpoint.port};
    auto& acceptor = door->acceptor;
    acceptor.open(wanted.protocol(), error);
    if (!error) acceptor.set_option(Tcp::acceptor::reuse_address{true}, error);
    // [::] means IPv6 only, so that 0.0.0.0 beside it is no conflict.
    if (!error && address.is_v6()) acceptor.set_option(net::ip::v6_only{true}, error);
    if (!error) acceptor.bind(wanted, error);
    if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
    if (error == net::error::address_in_use) return listen_error("listen.in_use", endpoint, error);
    if (error) return listen_error("listen.failed", endpoint, error);

    Endpoint const bound{endpoint.address, acceptor.local_endpoint().port()};
    {
        std::lock_guard const lock{mutex_};
        doors_.push_back(door);
    }
    net::co_spawn(acceptor.get_executor(), accept(shared_from_this(), door), net::detached);
    return bound;
}

net::awaitable<void> Listener::Impl::accept(std::shared_ptr<Impl> self, std::shared_ptr<Door> door)
{
    while (door->acceptor.is_open()) {
        Tcp::socket socket{self->next_executor()};
        auto const [error] = co_await door->acceptor.async_accept(socket, completion);
        if (!error) {
            self->welcome(std::move(socket), *door);
        } else if (error != net::error::operation_aborted && error != net::error::connection_aborted) {
            // Out of descriptors or memory: the connection stays in the queue, and asking at once would spin.
            log::warning("a connection could not be accepted", {{"reason", error.message()}});
            net::steady_timer pause{door->acceptor.get_executor(), accept_pause};
            co_await pause.async_wait(completion);
        }
    }
}

net::any_io_executor Listener::Impl::next_executor() const
{
    auto const& next = shared_->options.next_executor;
    return next ? next() : net::make_strand(executor_);
}

void Listener::Impl::welcome(Tcp::socket socket, Door const& door)
{
    auto const& limits = shared_->options.limits;
    if (shared_->connections >= limits.connections_max) {
        if (shared_->refused_connections) shared_->refused_connections->add();
        return refuse_busy(std::move(socket), door.tls != nullptr);
    }
    error_code error;
    auto const remote = socket.remote_endpoint(error);
    if (error) return; // gone already
    socket.set_option(Tcp::no_delay{true}, error);

    Peer peer;
    peer.address = remote.address().to_string();
    peer.loopback = remote.address().is_loopback();
    peer.secure = door.tls != nullptr;
    auto stream = door.tls ? make_tls_stream(std::move(socket), door.tls->get()) : make_plain_stream(std::move(socket));
    auto connection = std::make_shared<Connection>(shared_, std::move(stream), std::move(peer));
    {
        std::lock_guard const lock{mutex_};
        if (closed_) return;
        open_.emplace(connection.get(), connection);
        ++shared_->connections;
        if (shared_->open) shared_->open->add(1);
    }
    net::co_spawn(connection->executor(), serve(shared_from_this(), connection), net::detached);
}

net::awaitable<void> Listener::Impl::serve(std::shared_ptr<Impl> self, std::shared_ptr<Connection> connection)
{
    try {
        co_await connection->run();
    } catch (std::exception const& error) {
        log::error("a connection was broken off", {{"what", error.what()}});
    }
    std::lock_guard const lock{self->mutex_};
    self->open_.erase(connection.get());
    --self->shared_->connections;
    if (self->shared_->open) self->shared_->open->add(-1);
}

void Listener::Impl::stop_accepting()
{
    std::lock_guard const lock{mutex_};
    closed_ = true;
    for (auto const& door : doors_) {
        net::post(door->acceptor.get_executor(), [door] {
            error_code ignored;
            door->acceptor.close(ignored);
        });
    }
    doors_.clear();
}

std::vector<std::shared_ptr<Connection>> Listener::Impl::open_connections()
{
    std::lock_guard const lock{mutex_};
    std::vector<std::shared_ptr<Connection>> found;
    for (auto const& [address, weak] : open_) {
        if (auto connection = weak.lock()) found.push_back(std::move(connection));
    }
    return found;
}

net::awaitable<std::size_t> Listener::Impl::drain()
{
    stop_accepting();
    auto const& limits = shared_->options.limits;
    for (auto const& connection : open_connections()) {
        net::post(connection->executor(), [connection] { connection->begin_drain(); });
    }
    if (co_await await_end(std::chrono::steady_clock::now() + limits.drain_time)) co_return 0;

    auto const left = open_connections();
    auto const cancelled = std::ranges::count_if(left, [](auto const& connection) { return connection->in_request(); });
    for (auto const& connection : left) {
        net::post(connection->executor(), [connection] { connection->cancel(); });
    }
    // Work that refers to a waiting coroutine is shortened, not abandoned; it has limits of its own.
    co_await await_end(std::chrono::steady_clock::now() + limits.handler_time);
    co_return static_cast<std::size_t>(cancelled);
}

net::awaitable<bool> Listener::Impl::await_end(std::chrono::steady_clock::time_point deadline)
{
    net::steady_timer timer{co_await net::this_coro::executor};
    while (shared_->connections > 0) {
        if (std::chrono::steady_clock::now() >= deadline) co_return false;
        timer.expires_after(drain_step);
        co_await timer.async_wait(completion);
    }
    co_return true;
}

void Listener::Impl::abort()
{
    stop_accepting();
    for (auto const& connection : open_connections()) {
        net::post(connection->executor(), [connection] { connection->cancel(); });
    }
}

Listener::Listener(net::any_io_executor executor, Handler handler, SessionOptions options)
    : impl_{std::make_shared<Impl>(std::move(executor), std::move(handler), std::move(options))}
{
}

Listener::~Listener() { impl_->abort(); }

Result<Endpoint> Listener::listen(Endpoint const& endpoint) { return impl_->listen(endpoint, nullptr); }

Result<Endpoint> Listener::listen_tls(Endpoint const& endpoint, std::shared_ptr<tls::ContextSlot> context)
{
    return impl_->listen(endpoint, std::move(context));
}

net::awaitable<std::size_t> Listener::drain()
{
    auto const impl = impl_;
    co_return co_await impl->drain();
}

void Listener::abort() { impl_->abort(); }

std::size_t Listener::connections() const { return impl_->connections(); }

} // namespace nguon::http
