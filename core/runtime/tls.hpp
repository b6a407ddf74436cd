#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio::ssl {
class context;
}
struct x509_st;
struct ssl_st;

namespace nguon::tls {

/// What a certificate says of itself.
struct CertificateInfo {
    std::string subject = {}; // "CN=truyxuat.laichau.gov.vn,O=…" (RFC 2253)
    std::string issuer = {};
    std::vector<std::string> host_names = {};
    Instant not_before = {};
    Instant not_after = {};
    std::string sha256 = {};                           // hexadecimal digest of the certificate
    std::string spki_sha256 = {};                      // hexadecimal digest of its public key, which pins name
    std::vector<std::string> issuers_spki_sha256 = {}; // of the verified chain behind it; only of a peer's certificate
    bool development = false;                          // issued by certs/make_dev_certs.sh's authority
};

/// The first certificate of a PEM file. Errors: "tls.certificate_unreadable".
Result<CertificateInfo> read_certificate(std::filesystem::path const& file);

CertificateInfo describe_certificate(x509_st const* certificate);

/// An OpenSSL context with what its verification needs. Immutable; connections share it.
class Context {
public:
    Context(std::unique_ptr<boost::asio::ssl::context> ssl, std::vector<std::string> pins, CertificateInfo own);
    ~Context();
    Context(Context const&) = delete;
    Context& operator=(Context const&) = delete;

    boost::asio::ssl::context& ssl() const { return *ssl_; }
    /// Raw SHA-256 digests; empty: any verified chain will do.
    std::vector<std::string> const& pins() const { return pins_; }
    /// Our own certificate; empty fields when a client has none.
    CertificateInfo const& own() const { return own_; }

private:
    std::unique_ptr<boost::asio::ssl::context> ssl_;
    std::vector<std::string> pins_;
    CertificateInfo own_;
};

using ContextPtr = std::shared_ptr<Context const>;

struct ServerFiles {
    std::filesystem::path certificate = {};      // PEM, the chain after it
    std::filesystem::path key = {};              // PEM
    std::filesystem::path client_authority = {}; // PEM; set: clients must show a certificate that it signed
};

/// TLS 1.2 and 1.3 with Mozilla's intermediate ciphers. Errors: "tls.certificate_unreadable", "tls.key_unreadable",
/// "tls.key_mismatch", "tls.authority_unreadable", "tls.certificate_expired"; values[0] is the file.
Result<ContextPtr> make_server_context(ServerFiles const& files);

struct ClientFiles {
    std::filesystem::path certificate = {}; // empty: no client certificate
    std::filesystem::path key = {};
    std::filesystem::path authority = {}; // PEM; empty: the system's authorities
    std::vector<std::string> pins = {};   // base64 or hexadecimal SHA-256 of a public key anywhere in the chain
};

/// Verifies the chain and, with `expect_host`, the name; with pins, one key of the chain must be pinned.
/// Errors as above, and "tls.pin_malformed".
Result<ContextPtr> make_client_context(ClientFiles const& files);

/// The same as PEM texts.
struct ClientTexts {
    std::string chain = {}; // ours first; empty: no client certificate
    std::string key = {};
    std::string authority = {}; // empty: the system's authorities
    std::vector<std::string> pins = {};
};
/// Errors as above; values[0] is "certificate", "key" or "authority".
Result<ContextPtr> make_client_context(ClientTexts const& texts);

/// The raw digest that a pin names. Errors: "tls.pin_malformed" {text}.
Result<std::string> read_pin(std::string_view text);

/// Makes the handshake of `ssl` demand a certificate for `host` (name or IP address) and send the name (SNI).
void expect_host(ssl_st* ssl, std::string const& host);

/// Why verification failed, in words for an operator: "certificate expired", "host name does not match", "no pinned
/// key in the chain" … Empty when verification did not fail.
std::string verification_failure(ssl_st const* ssl);

/// The other side's certificate after the handshake; empty fields when it showed none.
CertificateInfo peer_certificate(ssl_st const* ssl);

/// The context that new connections take; replaced while running. Connections that stand keep theirs.
class ContextSlot {
public:
    explicit ContextSlot(ContextPtr context) : context_{std::move(context)} {}

    ContextPtr get() const
    {
        std::lock_guard const lock{mutex_};
        return context_;
    }
    void set(ContextPtr context)
    {
        std::lock_guard const lock{mutex_};
        context_ = std::move(context);
    }

private:
    mutable std::mutex mutex_;
    ContextPtr context_;
};

} // namespace nguon::tls
