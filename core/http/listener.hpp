#pragma once

#include "core/http/message.hpp"
#include "core/http/session.hpp"
#include "core/result.hpp"
#include "core/runtime/endpoint.hpp"
#include "core/runtime/tls.hpp"

#include <cstddef>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace nguon::http {

/// Accepts connections at any number of addresses and serves each in a coroutine on a strand of its own. Limits count
/// over all its addresses.
class Listener {
public:
    /// `executor` is the io_context's; `handler` is shared by all connections and must be safe to call at once from
    /// several threads.
    Listener(net::any_io_executor executor, Handler handler, SessionOptions options);
    /// Stops accepting and aborts what is open. Sessions may outlive this object until they have noticed.
    ~Listener();
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;

    /// Listens for plain HTTP; the answer has the bound port. Errors: "listen.address" (not an IP address),
    /// "listen.in_use", "listen.failed"; values[0] is the address.
    Result<Endpoint> listen(Endpoint const& endpoint);

    /// Listens for TLS with the slot's present context for each new connection. With a context that demands client
    /// certificates, requests carry Peer::certificate_sha256 and _subject.
    Result<Endpoint> listen_tls(Endpoint const& endpoint, std::shared_ptr<tls::ContextSlot> context);

    /// Stops accepting, closes idle connections, lets open requests finish within limits.drain_time, then cancels
    /// them. Returns the number of requests that had to be cancelled.
    net::awaitable<std::size_t> drain();

    /// Stops accepting and aborts every connection at once.
    void abort();

    std::size_t connections() const;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace nguon::http
