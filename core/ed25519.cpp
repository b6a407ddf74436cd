#include "core/ed25519.hpp"

#include "core/bytes.hpp"
#include "core/files.hpp"
#include "core/openssl.hpp"

#include <stdexcept>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace nguon::ed25519 {
namespace {

constexpr std::size_t raw_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t id_digits = 16;

using Key = std::shared_ptr<EVP_PKEY>;
using Context = openssl::Ptr<EVP_MD_CTX, &EVP_MD_CTX_free>;

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Key only_ed25519(openssl::KeyPtr key)
{
    ERR_clear_error();
    return key && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_ED25519 ? Key{std::move(key)} : nullptr;
}

template <typename Write>
std::string to_pem(Write write)
{
    auto const out = openssl::writer();
    if (!out || write(out.get()) != 1) throw std::runtime_error{"an Ed25519 key cannot be written"};
    return openssl::text_of(out.get());
}

} // namespace

std::optional<PublicKey> PublicKey::read_pem(std::filesystem::path const& file)
{
    auto const pem = read_file(file);
    return pem ? from_pem(*pem) : std::nullopt;
}

std::optional<PublicKey> PublicKey::from_pem(std::string_view pem)
{
    auto key = only_ed25519(openssl::read_public_key(pem));
    if (!key) return std::nullopt;
    return PublicKey{std::move(key)};
}

std::optional<PublicKey> PublicKey::from_raw(std::string_view bytes)
{
    Key key{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(bytes), bytes.size()), &EVP_PKEY_free};
    if (!key) return std::nullopt;
    return PublicKey{std::move(key)};
}

bool PublicKey::verify(std::string_view text, std::string_view signature) const
{
    Context const context{EVP_MD_CTX_new()};
    return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()) == 1;
}

std::string PublicKey::raw() const
{
    std::string out(raw_bytes, '\0');
    auto size = out.size();
    if (EVP_PKEY_get_raw_public_key(key_.get(), bytes_of(out), &size) != 1)
        throw std::runtime_error{"an Ed25519 key has no public part"};
    return out;
}

std::string PublicKey::id() const
{
    unsigned char* der = nullptr;
    auto const size = i2d_PUBKEY(key_.get(), &der);
    if (size <= 0) throw std::runtime_error{"an Ed25519 key has no public part"};
    auto const digest = sha256_hex({reinterpret_cast<char const*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return digest.substr(0, id_digits);
}

std::string PublicKey::pem() const
{
    return to_pem([this](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key_.get()); });
}

std::optional<PrivateKey> PrivateKey::read_pem(std::filesystem::path const& file)
{
    auto const pem = read_file(file);
    auto key = pem ? only_ed25519(openssl::read_private_key(*pem)) : nullptr;
    if (!key) return std::nullopt;
    return PrivateKey{std::move(key)};
}

PrivateKey PrivateKey::generate()
{
    Key key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free};
    if (!key) throw std::runtime_error{"no Ed25519 key can be made"};
    return PrivateKey{std::move(key)};
}

std::string PrivateKey::sign(std::string_view text) const
{
    Context const context{EVP_MD_CTX_new()};
    std::string signature(signature_bytes, '\0');
    auto size = signature.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(text), text.size()) != 1)
        throw std::runtime_error{"Ed25519 cannot sign"};
    return signature;
}

std::string PrivateKey::pem() const
{
    auto const write = [this](BIO* bio) {
        return PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    };
    return to_pem(write);
}

} // namespace nguon::ed25519
