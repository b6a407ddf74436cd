#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;

/// Signatures by Ed25519 (RFC 8032). Keys are immutable and may be copied and used by several threads.
namespace nguon::ed25519 {

class PublicKey {
public:
    /// Nothing when the file cannot be read or holds another kind of key.
    static std::optional<PublicKey> read_pem(std::filesystem::path const& file);
    /// The same from the text of such a file.
    static std::optional<PublicKey> from_pem(std::string_view pem);
    /// From its 32 bytes; nothing when they are no key.
    static std::optional<PublicKey> from_raw(std::string_view bytes);

    bool verify(std::string_view text, std::string_view signature) const;
    /// 32 bytes.
    std::string raw() const;
    /// The first 16 hexadecimal digits of the SHA-256 of the SubjectPublicKeyInfo: how receipts name a key.
    std::string id() const;
    std::string pem() const;

private:
    friend class PrivateKey;
    explicit PublicKey(std::shared_ptr<evp_pkey_st> key) : key_{std::move(key)} {}

    std::shared_ptr<evp_pkey_st> key_;
};

class PrivateKey {
public:
    /// Nothing when the file cannot be read or holds another kind of key.
    static std::optional<PrivateKey> read_pem(std::filesystem::path const& file);
    static PrivateKey generate();

    /// 64 bytes.
    std::string sign(std::string_view text) const;
    PublicKey public_key() const { return PublicKey{key_}; }
    /// Not encrypted.
    std::string pem() const;

private:
    explicit PrivateKey(std::shared_ptr<evp_pkey_st> key) : key_{std::move(key)} {}

    std::shared_ptr<evp_pkey_st> key_;
};

} // namespace nguon::ed25519
