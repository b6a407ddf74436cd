#include "core/runtime/tls.hpp"

#include "core/bytes.hpp"
#include "core/fold.hpp"
#include "core/openssl.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace nguon::tls {
namespace {

namespace ssl = boost::asio::ssl;

// Mozilla, "intermediate", version 5.7. TLS 1.3 has its own three suites, all of them good.
constexpr auto ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
                         "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto groups = "X25519:P-256:P-384";
constexpr std::string_view development_organization = "Nguồn DEVELOPMENT"; // as certs/make_dev_certs.sh writes it
constexpr unsigned char session_id_context[] = "nguon";

Error file_error(char const* key, std::filesystem::path const& file)
{
    auto const code = ERR_peek_last_error();
    char const* const reason = ERR_reason_error_string(code);
    ERR_clear_error();
    return Error{ErrorCode::invalid, key, {file.string()}, file.string() + ": " + (reason ? reason : "no reason"), {}};
}

std::string text_of(X509_NAME const* name, unsigned long flags)
{
    auto const out = openssl::writer();
    X509_NAME_print_ex(out.get(), name, 0, flags);
    return openssl::text_of(out.get());
}

/// Readable letters where the name has good ones, escaped bytes otherwise.
std::string text_of(X509_NAME const* name)
{
    auto text = text_of(name, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    return clean_text(text, text.size()) ? text : text_of(name, XN_FLAG_RFC2253);
}

bool has_organization(X509_NAME const* name, std::string_view wanted)
{
    std::array<char, 256> text{};
    // OpenSSL 3.0 declares the name without const and does not change it.
    auto const length = X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), NID_organizationName, text.data(),
                                                  static_cast<int>(text.size()));
    return length > 0 && std::string_view{text.data(), static_cast<std::size_t>(length)} == wanted;
}

Instant instant_of(ASN1_TIME const* time)
{
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return Instant{std::chrono::seconds{timegm(&parts)}};
}

std::string spki_digest(X509 const* certificate)
{
    unsigned char* der = nullptr;
    auto const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) return {};
    auto digest = sha256({reinterpret_cast<char const*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return digest;
}

std::vector<std::string> host_names(X509 const* certificate)
{
    std::vector<std::string> found;
    openssl::Ptr<GENERAL_NAMES, &GENERAL_NAMES_free> const names{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        auto const* const name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_DNS) continue;
        auto const* const data = reinterpret_cast<char const*>(ASN1_STRING_get0_data(name->d.dNSName));
        found.emplace_back(data, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    }
    return found;
}

// Replaces OpenSSL's verification by itself and the pins, so that a pin miss ends the handshake before our own
// certificate or any request is sent.
int verify_with_pins(X509_STORE_CTX* store, void* argument)
{
    auto const& pins = *static_cast<std::vector<std::string> const*>(argument);
    if (X509_verify_cert(store) != 1) return 0;
    if (pins.empty()) return 1;
    auto* const chain = X509_STORE_CTX_get0_chain(store);
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        if (std::ranges::find(pins, spki_digest(sk_X509_value(chain, i))) != pins.end()) return 1;
    }
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

// A server that staples its authority's word that its certificate is revoked must not be believed (RFC 6066 §8). Most
// staple nothing, and then there is nothing to judge.
int judge_stapled_status(SSL* ssl, void*)
{
    unsigned char const* der = nullptr;
    auto const size = SSL_get_tlsext_status_ocsp_resp(ssl, &der);
    if (size <= 0) return 1;
    auto const refuse = [ssl](long why) {
        SSL_set_verify_result(ssl, why);
        return 0;
    };
    openssl::Ptr<OCSP_RESPONSE, &OCSP_RESPONSE_free> const answer{d2i_OCSP_RESPONSE(nullptr, &der, size)};
    openssl::Ptr<OCSP_BASICRESP, &OCSP_BASICRESP_free> const basic{answer ? OCSP_response_get1_basic(answer.get())
                                                                          : nullptr};
    auto* const chain = SSL_get0_verified_chain(ssl);
    auto* const trusted = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl));
    if (!basic || chain == nullptr || OCSP_basic_verify(basic.get(), chain, trusted, 0) != 1)
        return refuse(X509_V_ERR_OCSP_VERIFY_FAILED);
    for (int i = 0; i < OCSP_resp_count(basic.get()); ++i) {
        auto* const single = OCSP_resp_get0(basic.get(), i);
        auto const status = OCSP_single_get0_status(single, nullptr, nullptr, nullptr, nullptr);
        if (status != V_OCSP_CERTSTATUS_GOOD) return refuse(X509_V_ERR_CERT_REVOKED);
    }
    return 1;
}

// Browsers offer h2 first; without an answer some of them would speak it.
int choose_protocol(SSL*, unsigned char const** out, unsigned char* out_size, unsigned char const* in, unsigned in_size,
                    void*)
{
    static constexpr unsigned char http_1_1[] = "\x08http/1.1";
    unsigned char* chosen = nullptr;
    auto const status = SSL_select_next_proto(&chosen, out_size, http_1_1, sizeof http_1_1 - 1, in, in_size);
    *out = chosen;
    return status == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

void harden(SSL_CTX* context)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, ciphers);
    SSL_CTX_set1_groups_list(context, groups);
    SSL_CTX_set_security_level(context, 2); // no SHA-1 signatures, no keys below 112 bits
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); // idle connections keep no buffers
}

Status refuse_expired(CertificateInfo const& info, std::filesystem::path const& file)
{
    if (info.not_after >= std::chrono::system_clock::now()) return Done{};
    return Error{ErrorCode::invalid,
                 "tls.certificate_expired",
                 {file.string(), to_iso(info.not_after)},
                 file.string() + ": expired at " + to_iso(info.not_after),
                 {}};
}

Result<CertificateInfo> load_key_pair(SSL_CTX* context, std::filesystem::path const& certificate,
                                      std::filesystem::path const& key)
{
    auto info = read_certificate(certificate);
    if (!info) return info;
    if (auto const expired = refuse_expired(*info, certificate); !expired) return expired.error();
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
        return file_error("tls.certificate_unreadable", certificate);
    }
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        auto const reason = ERR_GET_REASON(ERR_peek_last_error());
        bool const other_key = reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH;
        return file_error(other_key ? "tls.key_mismatch" : "tls.key_unreadable", key);
    }
    if (SSL_CTX_check_private_key(context) != 1) return file_error("tls.key_mismatch", key);
    return info;
}

} // namespace

Result<std::string> read_pin(std::string_view text)
{
    auto raw = text.size() == 64 ? from_hex(text) : from_base64(text);
    if (!raw || raw->size() != 32) return invalid("tls.pin_malformed", {std::string{text}});
    return raw;
}

namespace {

std::unique_ptr<ssl::context> new_context(ssl::context::method method)
{
    auto context = std::make_unique<ssl::context>(method);
    harden(context->native_handle());
    return context;
}

Result<CertificateInfo> load_key_pair(SSL_CTX* context, ClientTexts const& texts)
{
    auto const chain = openssl::read_certificates(texts.chain);
    if (chain.empty()) return file_error("tls.certificate_unreadable", "certificate");
    auto info = describe_certificate(chain.front().get());
    if (auto const expired = refuse_expired(info, "certificate"); !expired) return expired.error();
    auto const key = openssl::read_private_key(texts.key);
    if (!key) return file_error("tls.key_unreadable", "key");
    if (SSL_CTX_use_certificate(context, chain.front().get()) != 1)
        return file_error("tls.certificate_unreadable", "certificate");
    for (std::size_t i = 1; i < chain.size(); ++i) SSL_CTX_add1_chain_cert(context, chain[i].get());
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
        return file_error("tls.key_mismatch", "key");
    return info;
}

/// What every client demands, whatever its certificate came from.
Result<ContextPtr> finish_client(std::unique_ptr<ssl::context> context, std::vector<std::string> const& wanted,
                                 CertificateInfo own)
{
    auto* const native = context->native_handle();
    std::vector<std::string> pins;
    for (auto const& text : wanted) {
        auto pin = read_pin(text);
        if (!pin) return std::move(pin).error();
        pins.push_back(*std::move(pin));
    }
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_tlsext_status_type(native, TLSEXT_STATUSTYPE_ocsp);
    // The macro SSL_CTX_set_tlsext_status_cb has a cast that our warnings refuse.
    SSL_CTX_callback_ctrl(native, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB,
                          reinterpret_cast<void (*)()>(&judge_stapled_status));
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    return ContextPtr{std::make_shared<Context const>(std::move(context), std::move(pins), std::move(own))};
}

} // namespace

Context::Context(std::unique_ptr<ssl::context> ssl, std::vector<std::string> pins, CertificateInfo own)
    : ssl_{std::move(ssl)}, pins_{std::move(pins)}, own_{std::move(own)}
{
    if (!pins_.empty()) SSL_CTX_set_cert_verify_callback(ssl_->native_handle(), &verify_with_pins, &pins_);
}

Context::~Context() = default;

CertificateInfo describe_certificate(x509_st const* certificate)
{
    CertificateInfo info;
    info.subject = text_of(X509_get_subject_name(certificate));
    info.issuer = text_of(X509_get_issuer_name(certificate));
    info.host_names = host_names(certificate);
    info.not_before = instant_of(X509_get0_notBefore(certificate));
    info.not_after = instant_of(X509_get0_notAfter(certificate));
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest.data(), &size);
    info.sha256 = to_hex({reinterpret_cast<char const*>(digest.data()), size});
    info.spki_sha256 = to_hex(spki_digest(certificate));
    info.development = has_organization(X509_get_issuer_name(certificate), development_organization);
    return info;
}

Result<CertificateInfo> read_certificate(std::filesystem::path const& file)
{
    ERR_clear_error();
    openssl::BioPtr const bio{BIO_new_file(file.c_str(), "r")};
    openssl::X509Ptr const certificate{bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr};
    if (!certificate) return file_error("tls.certificate_unreadable", file);
    return describe_certificate(certificate.get());
}

Result<ContextPtr> make_server_context(ServerFiles const& files)
{
    auto context = new_context(ssl::context::tls_server);
    auto* const native = context->native_handle();
    auto own = load_key_pair(native, files.certificate, files.key);
    if (!own) return std::move(own).error();

    SSL_CTX_set_alpn_select_cb(native, &choose_protocol, nullptr);
    SSL_CTX_set_session_id_context(native, session_id_context, sizeof session_id_context - 1);
    if (!files.client_authority.empty()) {
        auto* const names = SSL_load_client_CA_file(files.client_authority.c_str());
        if (!names || SSL_CTX_load_verify_file(native, files.client_authority.c_str()) != 1) {
            return file_error("tls.authority_unreadable", files.client_authority);
        }
        SSL_CTX_set_client_CA_list(native, names);
        SSL_CTX_set_verify(native, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        // A resumed session would keep a certificate alive that has expired or been revoked since.
        SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(native, 0);
    }
    return ContextPtr{std::make_shared<Context const>(std::move(context), std::vector<std::string>{}, *std::move(own))};
}

Result<ContextPtr> make_client_context(ClientFiles const& files)
{
    auto context = new_context(ssl::context::tls_client);
    auto* const native = context->native_handle();
    CertificateInfo own;
    if (!files.certificate.empty()) {
        auto loaded = load_key_pair(native, files.certificate, files.key);
        if (!loaded) return std::move(loaded).error();
        own = *std::move(loaded);
    }
    ERR_clear_error();
    bool const trusted = files.authority.empty() ? SSL_CTX_set_default_verify_paths(native) == 1
                                                 : SSL_CTX_load_verify_file(native, files.authority.c_str()) == 1;
    if (!trusted) return file_error("tls.authority_unreadable", files.authority);
    return finish_client(std::move(context), files.pins, std::move(own));
}

Result<ContextPtr> make_client_context(ClientTexts const& texts)
{
    auto context = new_context(ssl::context::tls_client);
    auto* const native = context->native_handle();
    CertificateInfo own;
    if (!texts.chain.empty()) {
        auto loaded = load_key_pair(native, texts);
        if (!loaded) return std::move(loaded).error();
        own = *std::move(loaded);
    }
    ERR_clear_error();
    bool trusted = false;
    if (texts.authority.empty()) {
        trusted = SSL_CTX_set_default_verify_paths(native) == 1;
    } else {
        auto const authorities = openssl::read_certificates(texts.authority);
        for (auto const& authority : authorities)
            trusted = X509_STORE_add_cert(SSL_CTX_get_cert_store(native), authority.get()) == 1 || trusted;
    }
    if (!trusted) return file_error("tls.authority_unreadable", "authority");
    return finish_client(std::move(context), texts.pins, std::move(own));
}

void expect_host(ssl_st* ssl, std::string const& host)
{
    boost::system::error_code not_ip;
    boost::asio::ip::make_address(host, not_ip);
    if (not_ip) {
        // The macro SSL_set_tlsext_host_name has a cast that our warnings refuse.
        SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
        // A common name names nobody any more (RFC 9525 §2).
        SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
        SSL_set1_host(ssl, host.c_str());
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
    }
}

std::string verification_failure(ssl_st const* ssl)
{
    auto const result = SSL_get_verify_result(ssl);
    if (result == X509_V_OK) return {};
    if (result == X509_V_ERR_APPLICATION_VERIFICATION) return "no pinned key in the chain";
    return X509_verify_cert_error_string(result);
}

CertificateInfo peer_certificate(ssl_st const* ssl)
{
    openssl::X509Ptr const certificate{SSL_get1_peer_certificate(ssl)};
    if (!certificate) return {};
    auto info = describe_certificate(certificate.get());
    auto* const chain = SSL_get0_verified_chain(ssl);
    for (int i = 1; i < sk_X509_num(chain); ++i)
        info.issuers_spki_sha256.push_back(to_hex(spki_digest(sk_X509_value(chain, i))));
    return info;
}

} // namespace nguon::tls
