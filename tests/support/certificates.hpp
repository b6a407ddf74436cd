#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <openssl/evp.h>
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
};

/// A certificate authority in a directory, for tests of TLS. Throws when OpenSSL refuses.
class TestAuthority {
public:
    explicit TestAuthority(std::filesystem::path dir, std::string name = "test-authority")
        : dir_{std::move(dir)}, name_{std::move(name)}, key_{make_key(0)}
    {
        CertificateWish wish;
        wish.name = name_;
        wish.alternative_names = {};
        certificate_ = make(wish, key_.get(), true);
        write_certificate(file(), certificate_.get());
    }

    /// The authority's own certificate.
    std::filesystem::path file() const { return dir_ / (name_ + ".pem"); }

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

private:
    template <auto Free>
    struct Freer {
        template <typename T>
        void operator()(T* object) const
        {
            Free(object);
        }
    };
    using Key = std::unique_ptr<EVP_PKEY, Freer<&EVP_PKEY_free>>;
    using Certificate = std::unique_ptr<X509, Freer<&X509_free>>;
    using File = std::unique_ptr<FILE, Freer<&std::fclose>>;

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
        auto* const issuer = is_authority ? x509 : certificate_.get();
        X509_set_issuer_name(x509, X509_get_subject_name(issuer));
        add_extension(x509, issuer, NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
        add_extension(x509, issuer, NID_subject_key_identifier, "hash");
        if (!wish.alternative_names.empty()) {
            add_extension(x509, issuer, NID_subject_alt_name, wish.alternative_names);
        }
        check(X509_sign(x509, is_authority ? key : key_.get(), EVP_sha256()));
        return certificate;
    }

    std::filesystem::path dir_;
    std::string name_;
    Key key_;
    Certificate certificate_;
};

} // namespace nguon::testing
