#include "core/http/client_fault.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace nguon::http {
namespace {

// Alerts by which a server refuses our certificate (RFC 8446 §6.2).
constexpr std::array identity_alerts = {
    SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,       SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
    SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,   SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
    SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,   SSL_R_TLSV1_ALERT_UNKNOWN_CA,
    SSL_R_TLSV1_ALERT_ACCESS_DENIED,         SSL_R_TLSV1_ALERT_DECRYPT_ERROR,
    SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
};

bool is_tls_error(boost::system::error_code error) { return error.category() == net::error::get_ssl_category(); }

bool refuses_identity(Stream& stream, boost::system::error_code error)
{
    auto const reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
    if (std::ranges::find(identity_alerts, reason) != identity_alerts.end()) return true;
    // TLS 1.2 has no word for "no certificate"; this alert after their certificate is what OpenSSL servers send.
    auto const* const theirs = SSL_get0_peer_certificate(stream.ssl());
    return reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE && theirs != nullptr;
}

} // namespace

std::string_view to_text(ClientFault fault)
{
    switch (fault) {
    case ClientFault::resolve:
        return "resolve";
    case ClientFault::connect:
        return "connect";
    case ClientFault::tls_certificate:
        return "tls_certificate";
    case ClientFault::tls_identity:
        return "tls_identity";
    case ClientFault::tls_other:
        return "tls_other";
    case ClientFault::timeout:
        return "timeout";
    case ClientFault::reset:
        return "reset";
    case ClientFault::truncated:
        return "truncated";
    case ClientFault::malformed:
        return "malformed";
    case ClientFault::too_large:
        return "too_large";
    }
    return "reset";
}

ClientFailure classify(Stream& stream, boost::system::error_code error, bool connected)
{
    ClientFailure failure;
    failure.detail = error.message();
    if (error == net::error::timed_out || error == net::error::operation_aborted) {
        failure.fault = ClientFault::timeout;
    } else if (auto* const ssl = stream.ssl(); ssl && !connected && !tls::verification_failure(ssl).empty()) {
        failure.fault = ClientFault::tls_certificate;
        failure.detail = tls::verification_failure(ssl);
    } else if (ssl && is_tls_error(error)) {
        failure.fault = refuses_identity(stream, error) ? ClientFault::tls_identity : ClientFault::tls_other;
    }
    return failure;
}

} // namespace nguon::http
