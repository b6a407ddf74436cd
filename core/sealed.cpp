#include "core/sealed.hpp"

#include "core/bytes.hpp"
#include "core/files.hpp"
#include "core/openssl.hpp"

#include <cassert>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace nguon {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t key_id_digits = 8;
constexpr std::string_view mark = "sealed1.";

using Context = openssl::Ptr<EVP_CIPHER_CTX, &EVP_CIPHER_CTX_free>;

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// The cipher, keyed and told the purpose.
Context begin(std::string const& key, std::string_view nonce, std::string_view purpose, bool seals)
{
    Context context{EVP_CIPHER_CTX_new()};
    int ignored = 0;
    int const direction = seals ? 1 : 0;
    if (!context ||
        EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce), direction) != 1 ||
        EVP_CipherUpdate(context.get(), nullptr, &ignored, bytes_of(purpose), static_cast<int>(purpose.size())) != 1)
        throw std::runtime_error{"AES-256-GCM cannot begin"};
    return context;
}

} // namespace

Sealer::Sealer(std::string key) : key_{std::move(key)}
{
    assert(key_.size() == key_bytes);
    key_id_ = sha256_hex("nguon-sealing-key\n" + key_).substr(0, key_id_digits);
}

Sealer::~Sealer() { OPENSSL_cleanse(key_.data(), key_.size()); }

Result<std::shared_ptr<Sealer const>> Sealer::open(std::filesystem::path const& key_file, Missing missing)
{
    auto const refuse = [&key_file](char const* key) { return invalid(key, {key_file.string()}); };
    std::error_code ignored;
    if (!std::filesystem::exists(key_file, ignored)) {
        if (missing == Missing::refuse) return refuse("sealed.key_missing");
        if (!write_file_once(key_file, random_bytes(key_bytes), owner_only)) return refuse("sealed.key_file");
    }
    auto key = read_file(key_file);
    if (!key || key->size() != key_bytes) return refuse("sealed.key_file");
    return std::shared_ptr<Sealer const>{std::make_shared<Sealer>(*std::move(key))};
}

std::string Sealer::seal(std::string_view text, std::string_view purpose) const
{
    auto const nonce = random_bytes(nonce_bytes);
    auto const context = begin(key_, nonce, purpose, true);
    std::string cipher(text.size(), '\0');
    std::string tag(tag_bytes, '\0');
    int size = 0;
    bool const sealed =
        EVP_CipherUpdate(context.get(), bytes_of(cipher), &size, bytes_of(text), static_cast<int>(text.size())) == 1 &&
        EVP_CipherFinal_ex(context.get(), bytes_of(tag), &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_bytes, tag.data()) == 1;
    if (!sealed) throw std::runtime_error{"AES-256-GCM cannot seal"};
    return std::string{mark} + key_id_ + "." + to_base64url(nonce + cipher + tag);
}

Result<std::string> Sealer::unseal(std::string_view sealed, std::string_view purpose) const
{
    auto const head = mark.size() + key_id_digits + 1;
    if (!sealed.starts_with(mark) || sealed.size() < head || sealed[head - 1] != '.') return invalid("sealed.damaged");
    if (sealed.substr(mark.size(), key_id_digits) != key_id_) return invalid("sealed.other_key");
    auto const bytes = from_base64(sealed.substr(head));
    if (!bytes || bytes->size() < nonce_bytes + tag_bytes) return invalid("sealed.damaged");
    auto const nonce = bytes->substr(0, nonce_bytes);
    auto const cipher = bytes->substr(nonce_bytes, bytes->size() - nonce_bytes - tag_bytes);
    auto tag = bytes->substr(bytes->size() - tag_bytes);
    auto const context = begin(key_, nonce, purpose, false);
    std::string text(cipher.size(), '\0');
    int size = 0;
    bool const genuine = EVP_CipherUpdate(context.get(), bytes_of(text), &size, bytes_of(cipher),
                                          static_cast<int>(cipher.size())) == 1 &&
                         EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_bytes, tag.data()) == 1 &&
                         EVP_CipherFinal_ex(context.get(), bytes_of(tag), &size) == 1;
    if (!genuine) return invalid("sealed.damaged");
    return text;
}

} // namespace nguon
