#pragma once

#include "connector/witness/witness_book.hpp"
#include "core/runtime/clock.hpp"
#include "core/runtime/endpoint.hpp"
#include "core/runtime/tls.hpp"

#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace nguon::witness {

namespace net = boost::asio;

/// The witness as a service: POST /add-checkpoint, and GET /key with its public key.
class Witness {
public:
    /// `tls` may be null on loopback only, behind a proxy.
    Witness(net::any_io_executor executor, WitnessBook book, Clock const& clock, tls::ContextPtr tls);
    ~Witness();
    Witness(Witness const&) = delete;
    Witness& operator=(Witness const&) = delete;

    /// The bound address. Errors: those of http::Listener::listen, and "witness.tls" when the address is not loopback
    /// and there is no TLS.
    Result<Endpoint> start(Endpoint const& listen);
    net::awaitable<void> stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace nguon::witness
