#pragma once

#include "core/openssl.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

namespace nguon::testing {

/// PEM files of a certificate and its key.
struct KeyFiles {
    std::filesystem::path certificate = {};
    std::filesystem::path key = {};
};

/// What a certificate is to say.
struct CertificateWish {
    std::string name = "localhost";                               // common name
    std::string alternative_names = "DNS:localhost,IP:127.0.0.1"; // empty: none
    int valid_from_days = -1;                                     // from today
    int valid_to_days = 30;
    int rsa_bits = 0; // 0: an elliptic key on P-256
    std::string organization = "Nguon tests";
    std::string raw_dns_name = {}; // bytes of a further alternative name, whatever they are
    bool sha1 = false;             // signed with SHA-1
    bool self_signed = false;      // by its own key instead of the authority's
    std::string usage = {};        // extended key usage, "clientAuth"; empty: none stated
};

/// A certificate authority in a directory, for tests of TLS. Throws when OpenSSL refuses.
class TestAuthority {
    using Key = openssl::KeyPtr;
    using Certificate = openssl::X509Ptr;
    using File = openssl::Ptr<FILE, &std::fclose>;

public:
    explicit TestAuthority(std::filesystem::path dir, std::string name = "test-authority",
                           std::string const& organization = CertificateWish{}.organization)
        : dir_{std::move(dir)}, name_{std::move(name)}, key_{make_key(0)}
    {
        CertificateWish wish;
        wish.organization = organization;
        wish.name = name_;
        wish.alternative_names = {};
        certificate_ = make(wish, key_.get(), true);
        write_certificate(file(), certificate_.get());
    }

    /// The authority's own certificate.
    std::filesystem::path file() const { return dir_ / (name_ + ".pem"); }

    /// What a responder of this authority says of a certificate, in DER, as a server staples it (RFC 6960).
    std::string ocsp_answer(KeyFiles const& files, bool revoked) const
    {
        File const in{std::fopen(files.certificate.c_str(), "r")};
        Certificate const subject{in ? PEM_read_X509(in.get(), nullptr, nullptr, nullptr) : nullptr};
        check(subject != nullptr);
        openssl::Ptr<OCSP_BASICRESP, &OCSP_BASICRESP_free> const basic{OCSP_BASICRESP_new()};
        openssl::Ptr<OCSP_CERTID, &OCSP_CERTID_free> const id{
            OCSP_cert_to_id(EVP_sha1(), subject.get(), certificate_.get())};
        openssl::Ptr<ASN1_TIME, &ASN1_TIME_free> const before{X509_gmtime_adj(nullptr, -60)};
        openssl::Ptr<ASN1_TIME, &ASN1_TIME_free> const after{X509_gmtime_adj(nullptr, 3600)};
        auto const status = revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD;
        check(OCSP_basic_add1_status(basic.get(), id.get(), status, OCSP_REVOKED_STATUS_KEYCOMPROMISE,
                                     revoked ? before.get() : nullptr, before.get(), after.get()) != nullptr);
        check(OCSP_basic_sign(basic.get(), certificate_.get(), key_.get(), EVP_sha256(), nullptr, 0));
        openssl::Ptr<OCSP_RESPONSE, &OCSP_RESPONSE_free> const answer{
            OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get())};
        unsigned char* der = nullptr;
        int const size = i2d_OCSP_RESPONSE(answer.get(), &der);
        check(size);
        std::string const bytes{reinterpret_cast<char const*>(der), static_cast<std::size_t>(size)};
        OPENSSL_free(der);
        return bytes;
    }

    /// Writes FILE.pem and FILE.key.
    KeyFiles issue(std::string const& file, CertificateWish const& wish = {}) const
    {
        auto const key = make_key(wish.rsa_bits);
        auto const certificate = make(wish, key.get(), false);
        KeyFiles const files{dir_ / (file + ".pem"), dir_ / (file + ".key")};
        write_certificate(files.certificate, certificate.get());
        auto const out = open(files.key);
        check(PEM_write_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr));
        return files;
    }

    /// A certificate in PEM for the key of a request (PKCS#10, PEM); what it is to say is the wish's.
    std::string certify(std::string const& request, CertificateWish const& wish = {}) const
    {
        auto const in = openssl::reader_of(request);
        openssl::RequestPtr const read{PEM_read_bio_X509_REQ(in.get(), nullptr, nullptr, nullptr)};
        check(read != nullptr);
        auto const certificate = make(wish, X509_REQ_get0_pubkey(read.get()), false);
        auto const out = openssl::writer();
        check(PEM_write_bio_X509(out.get(), certificate.get()));
        return openssl::text_of(out.get());
    }

private:
    static void check(int good)
    {
        if (good <= 0) throw std::runtime_error{"OpenSSL refused to make a test certificate"};
    }

    static File open(std::filesystem::path const& path)
    {
        File file{std::fopen(path.c_str(), "w")};
        if (!file) throw std::runtime_error{"a test certificate cannot be written"};
        return file;
    }

    static void write_certificate(std::filesystem::path const& path, X509* certificate)
    {
        auto const out = open(path);
        check(PEM_write_X509(out.get(), certificate));
    }

    static Key make_key(int rsa_bits)
    {
        Key key{rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(rsa_bits)) : EVP_EC_gen("P-256")};
        check(key != nullptr);
        return key;
    }

    static void add_extension(X509* certificate, X509* issuer, int id, std::string const& value)
    {
        X509V3_CTX context{};
        X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
        auto* const extension = X509V3_EXT_nconf_nid(nullptr, &context, id, value.c_str());
        check(extension != nullptr);
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }

    /// An alternative name that no configuration text can say, such as one with a NUL in it.
    static void add_raw_name(X509* certificate, std::string const& bytes)
    {
        auto* const text = ASN1_IA5STRING_new();
        check(ASN1_STRING_set(text, bytes.data(), static_cast<int>(bytes.size())));
        auto* const name = GENERAL_NAME_new();
        GENERAL_NAME_set0_value(name, GEN_DNS, text);
        auto* const names = GENERAL_NAMES_new();
        check(sk_GENERAL_NAME_push(names, name));
        check(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT));
        GENERAL_NAMES_free(names);
    }

    Certificate make(CertificateWish const& wish, EVP_PKEY* key, bool is_authority) const
    {
        constexpr long day = 24 * 3600;
        static long serial = 1000;
        Certificate certificate{X509_new()};
        auto* const x509 = certificate.get();
        X509_set_version(x509, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
        X509_gmtime_adj(X509_getm_notBefore(x509), wish.valid_from_days * day);
        X509_gmtime_adj(X509_getm_notAfter(x509), wish.valid_to_days * day);
        auto* const subject = X509_get_subject_name(x509);
        auto const add = [subject](char const* field, std::string const& text) {
            auto const* const bytes = reinterpret_cast<unsigned char const*>(text.c_str());
            check(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8, bytes, -1, -1, 0));
        };
        add("O", wish.organization);
        add("CN", wish.name);
        X509_set_pubkey(x509, key);
        bool const own_issuer = is_authority || wish.self_signed;
        auto* const issuer = own_issuer ? x509 : certificate_.get();
        X509_set_issuer_name(x509, X509_get_subject_name(issuer));
        add_extension(x509, issuer, NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
        add_extension(x509, issuer, NID_subject_key_identifier, "hash");
        if (!wish.alternative_names.empty()) {
            add_extension(x509, issuer, NID_subject_alt_name, wish.alternative_names);
        }
        if (!wish.usage.empty()) add_extension(x509, issuer, NID_ext_key_usage, wish.usage);
        if (!wish.raw_dns_name.empty()) add_raw_name(x509, wish.raw_dns_name);
        check(X509_sign(x509, own_issuer ? key : key_.get(), wish.sha1 ? EVP_sha1() : EVP_sha256()));
        return certificate;
    }

    std::filesystem::path dir_;
    std::string name_;
    Key key_;
    Certificate certificate_;
};

} // namespace nguon::testing
