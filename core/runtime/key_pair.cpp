#include "core/runtime/key_pair.hpp"

#include "core/openssl.hpp"

#include <stdexcept>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace nguon::tls {
namespace {

constexpr std::size_t name_chars_max = 64; // X.520's upper bound of O, ST and CN
constexpr unsigned rsa_bits = 3072;

void check(bool good)
{
    if (!good) throw std::runtime_error{"OpenSSL refuses to make a key or request"};
}

/// The first characters of UTF-8 text.
std::string_view cut(std::string_view text)
{
    std::size_t chars = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        bool const begins = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
        if (begins && ++chars > name_chars_max) return text.substr(0, at);
    }
    return text;
}

void add_name(X509_NAME* name, int part, std::string_view text)
{
    if (text.empty()) return;
    auto const short_text = cut(text);
    check(X509_NAME_add_entry_by_NID(name, part, MBSTRING_UTF8,
                                     reinterpret_cast<unsigned char const*>(short_text.data()),
                                     static_cast<int>(short_text.size()), -1, 0) == 1);
}

void add_extensions(X509_REQ* request)
{
    auto* const extensions = sk_X509_EXTENSION_new_null();
    auto const add = [extensions](int kind, char const* value) {
        auto* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
        check(extension != nullptr && sk_X509_EXTENSION_push(extensions, extension) > 0);
    };
    add(NID_key_usage, "critical,digitalSignature");
    add(NID_ext_key_usage, "clientAuth");
    bool const added = X509_REQ_add_extensions(request, extensions) == 1;
    sk_X509_EXTENSION_pop_free(extensions, &X509_EXTENSION_free);
    check(added);
}

} // namespace

std::string_view to_text(KeyKind kind) { return kind == KeyKind::rsa_3072 ? "rsa-3072" : "ec-p256"; }

std::optional<KeyKind> read_key_kind(std::string_view text)
{
    for (auto const kind : {KeyKind::ec_p256, KeyKind::rsa_3072})
        if (to_text(kind) == text) return kind;
    return std::nullopt;
}

std::string make_private_key(KeyKind kind)
{
    openssl::KeyPtr const key{kind == KeyKind::rsa_3072 ? EVP_RSA_gen(rsa_bits) : EVP_EC_gen("P-256")};
    auto const out = openssl::writer();
    check(key && out && PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr));
    return openssl::text_of(out.get());
}

Result<std::string> make_certificate_request(std::string_view key_text, RequestSubject const& subject)
{
    ERR_clear_error();
    auto const key = openssl::read_private_key(key_text);
    if (!key) return invalid("chain.key_unreadable");
    openssl::RequestPtr const request{X509_REQ_new()};
    check(request && X509_REQ_set_version(request.get(), 0) == 1 && X509_REQ_set_pubkey(request.get(), key.get()) == 1);
    auto* const name = X509_REQ_get_subject_name(request.get());
    add_name(name, NID_countryName, "VN");
    add_name(name, NID_stateOrProvinceName, subject.province);
    add_name(name, NID_organizationName, subject.organization);
    add_name(name, NID_commonName, subject.name);
    add_extensions(request.get());
    auto const out = openssl::writer();
    check(X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0 && out &&
          PEM_write_bio_X509_REQ(out.get(), request.get()) == 1);
    return openssl::text_of(out.get());
}

} // namespace nguon::tls
