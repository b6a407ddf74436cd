#include "core/bytes.hpp"

#include <array>
#include <cstdlib>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace nguon {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

unsigned char const* raw(std::string_view bytes) { return reinterpret_cast<unsigned char const*>(bytes.data()); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

std::string encode_base64(std::string_view bytes, std::string_view digits)
{
    std::string out;
    out.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (unsigned char const byte : bytes) {
        buffer = (buffer << 8U) | byte;
        for (bits += 8; bits >= 6; bits -= 6) out += digits[(buffer >> (bits - 6)) & 63U];
    }
    if (bits > 0) out += digits[(buffer << (6 - bits)) & 63U];
    return out;
}

int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

int base64_value(char c)
{
    if (c == '-') return 62;
    if (c == '_') return 63;
    auto const at = base64_digits.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

} // namespace

std::string sha256(std::string_view bytes)
{
    // EVP_sha256() is looked up anew by every use, which takes longer than hashing a few hundred bytes.
    static EVP_MD const* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    std::string digest(32, '\0');
    if (EVP_Digest(bytes.data(), bytes.size(), raw(digest), nullptr, method, nullptr) != 1) std::abort();
    return digest;
}

std::string to_hex(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size() * 2);
    for (unsigned char const byte : bytes) {
        out += hex_digits[byte >> 4U];
        out += hex_digits[byte & 15U];
    }
    return out;
}

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes)); }

Sha256::Sha256() : context_{EVP_MD_CTX_new()}
{
    if (context_ == nullptr || EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), EVP_sha256(), nullptr) != 1)
        std::abort();
}

Sha256::~Sha256() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

void Sha256::add(std::string_view bytes)
{
    if (EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size()) != 1) std::abort();
}

std::string Sha256::hex()
{
    std::string digest(32, '\0');
    if (EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), raw(digest), nullptr) != 1) std::abort();
    return to_hex(digest);
}

std::string to_base64url(std::string_view bytes) { return encode_base64(bytes, base64url_digits); }

std::string to_base64(std::string_view bytes)
{
    auto out = encode_base64(bytes, base64_digits);
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

Result<std::string> from_hex(std::string_view text)
{
    if (text.size() % 2 != 0) return invalid("encoding.hex");
    std::string out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        int const high = hex_value(text[i]);
        int const low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return invalid("encoding.hex");
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

Result<std::string> from_base64(std::string_view text)
{
    while (text.ends_with('=')) text.remove_suffix(1);
    if (text.size() % 4 == 1) return invalid("encoding.base64");
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (char const c : text) {
        int const value = base64_value(c);
        if (value < 0) return invalid("encoding.base64");
        buffer = (buffer << 6U) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>((buffer >> bits) & 255U);
    }
    return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes)
{
    std::string digest(32, '\0');
    unsigned length = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(bytes), bytes.size(), raw(digest), &length) ==
        nullptr)
        std::abort();
    return digest;
}

std::string random_bytes(std::size_t count)
{
    std::string out(count, '\0');
    if (RAND_bytes(raw(out), static_cast<int>(count)) != 1) std::abort();
    return out;
}

bool equal_constant_time(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace nguon
