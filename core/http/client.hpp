#pragma once

#include "core/http/message.hpp"
#include "core/http/uri.hpp"
#include "core/limits.hpp"
#include "core/runtime/tls.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace nguon::http {

/// Why there is no answer.
enum class ClientFault {
    resolve,         // no address for the name
    connect,         // refused, unreachable
    tls_certificate, // theirs is bad: expired, wrong host, unknown authority, pin; nothing was sent
    tls_identity,    // ours was refused, in the handshake or (TLS 1.3) on the first read
    tls_other,       // no common version or cipher, not TLS at all
    timeout,         // a deadline passed
    reset,           // the connection ended before a whole header
    truncated,       // the header came whole, the body did not
    malformed,       // not HTTP
    too_large,       // header or body beyond the limits
};

/// "tls_certificate"
std::string_view to_text(ClientFault fault);

struct ClientFailure {
    ClientFault fault = ClientFault::reset;
    std::string detail = {};     // for logs and the operator: "resolve: host not found", "certificate has expired"
    bool maybe_received = false; // a byte of the request was sent: the other side may have acted on it
};

struct ClientLimits {
    std::chrono::milliseconds resolve_time = std::chrono::seconds{5};
    std::chrono::milliseconds connect_time = std::chrono::seconds{5};
    std::chrono::milliseconds handshake_time = std::chrono::seconds{10};
    std::chrono::milliseconds stall_time = std::chrono::seconds{15}; // between two bytes, either direction
    std::chrono::milliseconds first_byte_time = std::chrono::seconds{30};
    std::chrono::milliseconds total_time = std::chrono::seconds{120};
    std::chrono::milliseconds idle_time = std::chrono::seconds{30}; // reuse of a connection
    std::chrono::milliseconds age_time = std::chrono::minutes{10};  // then certificates and addresses are read anew
    std::size_t header_bytes_max = limits::portal_header_bytes_max;
    std::size_t body_bytes_max = limits::portal_body_bytes_max;
};

struct ClientRequest {
    Method method = Method::get;
    std::string target = "/"; // path and query
    Headers headers = {};     // without Host, Content-Length and Connection, which the client writes
    std::string body = {};
};

struct ClientResponse {
    unsigned status = 0;
    Headers headers = {};
    std::string body = {};          // complete
    tls::CertificateInfo peer = {}; // empty fields without TLS
    Instant handshake_at = {};      // of the connection that carried it
    std::chrono::microseconds first_byte_time = {};

    std::string_view header(std::string_view name) const { return headers.get(name); }
};

using ClientAnswer = std::variant<ClientResponse, ClientFailure>;

/// One host over HTTPS (mutual TLS when the context has a certificate), or over http for loopback. Never follows
/// redirects. One exchange at a time per connection; calls at once open connections of their own. Use it from
/// coroutines on `executor` only, which must be a strand or a single-threaded context.
class Client {
public:
    /// `tls` may be null when `base` is http. Requests name their own path; that of `base` is not used.
    Client(net::any_io_executor executor, Url base, std::shared_ptr<tls::ContextSlot> tls, ClientLimits limits = {});
    ~Client();
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;

    /// Sends and awaits the whole answer. A request with Idempotency-Key, or GET and HEAD, is sent once more when a
    /// kept connection turns out to have been closed meanwhile.
    net::awaitable<ClientAnswer> send(ClientRequest request);

    /// Connects and shakes hands without sending anything: the probe while a certificate is in doubt. With TLS 1.3 the
    /// other side says only afterwards that it refuses ours: `patience` is how long that is listened for.
    net::awaitable<std::variant<tls::CertificateInfo, ClientFailure>> probe(std::chrono::milliseconds patience = {});

    /// Closes the kept connections; the next request reads context and address anew.
    void close();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace nguon::http
