#pragma once

#include "core/ed25519.hpp"
#include "core/files.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>

namespace nguon::connector::testing {

/// PEM files of an Ed25519 key.
struct SigningKey {
    std::filesystem::path secret = {};
    std::filesystem::path open = {};
};

inline SigningKey make_signing_key(std::filesystem::path const& dir, std::string const& name)
{
    auto const key = ed25519::PrivateKey::generate();
    SigningKey files{dir / (name + ".key"), dir / (name + ".pub")};
    if (!write_file(files.secret, key.pem(), owner_only) ||
        !write_file(files.open, key.public_key().pem(), readable_by_group))
        throw std::runtime_error{"no signing key"};
    return files;
}

} // namespace nguon::connector::testing
