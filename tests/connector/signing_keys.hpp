#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>

namespace nguon::connector::testing {

/// PEM files of an Ed25519 key.
struct SigningKey {
    std::filesystem::path secret = {};
    std::filesystem::path open = {};
};

inline SigningKey make_signing_key(std::filesystem::path const& dir, std::string const& name)
{
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"),
                                                                  &EVP_PKEY_free};
    SigningKey files{dir / (name + ".key"), dir / (name + ".pub")};
    using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
    File const secret{std::fopen(files.secret.c_str(), "we"), &std::fclose};
    File const open{std::fopen(files.open.c_str(), "we"), &std::fclose};
    if (!key || !secret || !open ||
        PEM_write_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_PUBKEY(open.get(), key.get()) != 1)
        throw std::runtime_error{"no signing key"};
    return files;
}

} // namespace nguon::connector::testing
