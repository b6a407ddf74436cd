#include "core/runtime/chain_check.hpp"

#include "core/ed25519.hpp"
#include "core/limits.hpp"
#include "core/openssl.hpp"

#include <algorithm>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>

namespace nguon::tls {
namespace {

using openssl::X509Ptr;
using Certificates = std::vector<X509Ptr>;
using StorePtr = openssl::Ptr<X509_STORE, &X509_STORE_free>;
using StoreContextPtr = openssl::Ptr<X509_STORE_CTX, &X509_STORE_CTX_free>;
using Pkcs7Ptr = openssl::Ptr<PKCS7, &PKCS7_free>;

constexpr int security_bits_min = 112; // RSA 2048, P-224, SHA-224

Certificates read_pkcs7(PKCS7 const* bundle)
{
    Certificates found;
    if (bundle == nullptr || OBJ_obj2nid(bundle->type) != NID_pkcs7_signed || bundle->d.sign == nullptr) return found;
    auto* const all = bundle->d.sign->cert;
    for (int i = 0; i < sk_X509_num(all); ++i) {
        auto* const certificate = sk_X509_value(all, i);
        X509_up_ref(certificate);
        found.emplace_back(certificate);
    }
    return found;
}

/// PEM, PEM of PKCS#7, DER, DER of PKCS#7: whichever it is.
Certificates read_any(std::string_view file)
{
    if (auto found = openssl::read_certificates(file); !found.empty()) return found;
    if (auto const bio = openssl::reader_of(file)) {
        Pkcs7Ptr const bundle{PEM_read_bio_PKCS7(bio.get(), nullptr, nullptr, nullptr)};
        if (auto found = read_pkcs7(bundle.get()); !found.empty()) return found;
    }
    auto const* der = reinterpret_cast<unsigned char const*>(file.data());
    Certificates found;
    if (X509Ptr one{d2i_X509(nullptr, &der, static_cast<long>(file.size()))}; one) {
        found.push_back(std::move(one));
        return found;
    }
    der = reinterpret_cast<unsigned char const*>(file.data());
    Pkcs7Ptr const bundle{d2i_PKCS7(nullptr, &der, static_cast<long>(file.size()))};
    ERR_clear_error();
    return read_pkcs7(bundle.get());
}

std::string to_pem(Certificates const& certificates)
{
    auto const out = openssl::writer();
    for (auto const& certificate : certificates) PEM_write_bio_X509(out.get(), certificate.get());
    return openssl::text_of(out.get());
}

/// Moves the leaf and then issuer after issuer out of `all`.
Certificates in_order(Certificates& all, Certificates::iterator leaf)
{
    Certificates chain;
    for (auto next = leaf; next != all.end();) {
        chain.push_back(std::move(*next));
        all.erase(next);
        auto* const subject = chain.back().get();
        if (X509_check_issued(subject, subject) == X509_V_OK) break;
        next = std::find_if(all.begin(), all.end(), [subject](X509Ptr const& candidate) {
            return X509_check_issued(candidate.get(), subject) == X509_V_OK;
        });
    }
    return chain;
}

bool is_root(X509* certificate) { return X509_check_issued(certificate, certificate) == X509_V_OK; }

/// What the chain may end in.
StorePtr trusted_of(Certificates const& chain, std::string const& authority)
{
    StorePtr store{X509_STORE_new()};
    if (!authority.empty()) {
        for (auto const& root : openssl::read_certificates(authority)) X509_STORE_add_cert(store.get(), root.get());
    } else {
        X509_STORE_set_default_paths(store.get());
        // Nobody has said who certifies; the portal's handshake will show whether it believes this root.
        if (chain.size() > 1 && is_root(chain.back().get())) X509_STORE_add_cert(store.get(), chain.back().get());
    }
    return store;
}

/// Why the chain does not end where it should; empty when it does. Times are judged apart, except those of issuers.
std::string distrust(Certificates const& chain, ChainRules const& rules, bool judge_times)
{
    auto const store = trusted_of(chain, rules.authority);
    auto* const others = sk_X509_new_null();
    for (std::size_t i = 1; i < chain.size(); ++i) sk_X509_push(others, chain[i].get());
    StoreContextPtr const context{X509_STORE_CTX_new()};
    std::string reason = "no memory";
    if (X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), others) == 1) {
        auto* const parameters = X509_STORE_CTX_get0_param(context.get());
        // A portal may trust the authority in the middle, without its root.
        X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
        if (judge_times)
            X509_VERIFY_PARAM_set_time(parameters, to_micros(rules.now) / 1'000'000);
        else
            X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
        bool const trusted = X509_verify_cert(context.get()) == 1;
        reason = trusted ? "" : X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
    }
    sk_X509_free(others);
    ERR_clear_error();
    return reason;
}

void judge_times(CertificateInfo const& own, Instant now, std::vector<Error>& faults)
{
    if (own.not_after < now + limits::clock_skew_max)
        faults.push_back(invalid("chain.expired", {to_iso(vietnam_date(own.not_after))}));
    if (own.not_before > now - limits::clock_skew_max)
        faults.push_back(
            invalid("chain.not_yet", {to_iso(OffsetTime{own.not_before + limits::clock_skew_max, vietnam_offset})}));
}

void judge_use(X509* own, std::vector<Error>& faults)
{
    if (X509_check_ca(own) == 1) faults.push_back(invalid("chain.is_authority"));
    // A certificate that names no use is good for every one (RFC 5280 §4.2.1.12).
    if (X509_check_purpose(own, X509_PURPOSE_SSL_CLIENT, 0) != 1) faults.push_back(invalid("chain.not_for_clients"));
}

void judge_strength(Certificates const& chain, std::vector<Error>& faults)
{
    for (auto const& certificate : chain) {
        auto const subject = describe_certificate(certificate.get()).subject;
        if (EVP_PKEY_get_security_bits(X509_get0_pubkey(certificate.get())) < security_bits_min)
            faults.push_back(invalid("chain.weak_key", {subject}));
        int bits = 0;
        bool const known = X509_get_signature_info(certificate.get(), nullptr, nullptr, &bits, nullptr) == 1;
        // A root is believed for being there, not for its signature.
        if (!is_root(certificate.get()) && (!known || bits < security_bits_min))
            faults.push_back(invalid("chain.weak_signature", {subject}));
    }
}

} // namespace

Result<std::string> read_chain(std::string_view file, std::string_view key_text)
{
    ERR_clear_error();
    if (file.size() > limits::chain_bytes_max)
        return invalid("chain.too_large", {std::to_string(limits::chain_bytes_max / 1024)});
    if (file.find("PRIVATE KEY-----") != std::string_view::npos) return invalid("chain.holds_key");
    auto all = read_any(file);
    if (all.empty()) return invalid("chain.unreadable");
    if (all.size() > limits::chain_certificates_max)
        return invalid("chain.too_many", {std::to_string(limits::chain_certificates_max)});
    auto const key = openssl::read_private_key(key_text);
    if (!key) return invalid("chain.key_unreadable");
    auto const own = std::find_if(all.begin(), all.end(), [&key](X509Ptr const& certificate) {
        return X509_check_private_key(certificate.get(), key.get()) == 1;
    });
    ERR_clear_error();
    if (own == all.end()) return invalid("chain.key_mismatch");
    return to_pem(in_order(all, own));
}

Result<std::vector<CertificateInfo>> read_authorities(std::string_view pem)
{
    std::vector<CertificateInfo> found;
    if (pem.size() <= limits::chain_bytes_max)
        for (auto const& certificate : openssl::read_certificates(pem))
            found.push_back(describe_certificate(certificate.get()));
    if (found.empty()) return invalid("chain.authority_unreadable");
    return found;
}

Status check_receipt_key(std::string_view pem)
{
    if (!ed25519::PublicKey::from_pem(pem)) return invalid("chain.receipt_key");
    return Done{};
}

ChainReport check_chain(std::string_view chain_text, std::string_view key_text, ChainRules const& rules)
{
    ChainReport report;
    auto const chain = openssl::read_certificates(chain_text);
    if (chain.empty()) {
        report.faults.push_back(invalid("chain.unreadable"));
        return report;
    }
    auto* const own = chain.front().get();
    report.own = describe_certificate(own);
    auto const key = openssl::read_private_key(key_text);
    if (!key)
        report.faults.push_back(invalid("chain.key_unreadable"));
    else if (X509_check_private_key(own, key.get()) != 1)
        report.faults.push_back(invalid("chain.key_mismatch"));
    ERR_clear_error();
    judge_times(report.own, rules.now, report.faults);
    bool const in_time = report.own.not_before <= rules.now && rules.now <= report.own.not_after;
    if (auto const reason = distrust(chain, rules, in_time); !reason.empty())
        report.faults.push_back(invalid("chain.untrusted", {reason}));
    judge_use(own, report.faults);
    judge_strength(chain, report.faults);
    if (report.own.development && !rules.practice_host) report.faults.push_back(invalid("chain.practice"));
    return report;
}

} // namespace nguon::tls
