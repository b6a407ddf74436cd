#pragma once

#include "core/result.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

/// Secrets in tables: sealed with a key that lies beside the data and in no backup, so that a copy of the records alone
/// opens none of them.
namespace nguon {

/// AES-256-GCM under one key of 32 bytes. What is sealed for one purpose opens for that purpose only.
class Sealer {
public:
    enum class Missing { make, refuse };

    /// Reads the key file, or makes it (0600, synced) where it is missing and may be made. Errors: "sealed.key_missing"
    /// {file}, "sealed.key_file" {file} when it cannot be read, made, or is no such key.
    static Result<std::shared_ptr<Sealer const>> open(std::filesystem::path const& key_file, Missing missing);

    explicit Sealer(std::string key);
    ~Sealer();
    Sealer(Sealer const&) = delete;
    Sealer& operator=(Sealer const&) = delete;

    /// "sealed1.KEYID.base64url(nonce, cipher text, tag)". `purpose` names what it is and whose.
    std::string seal(std::string_view text, std::string_view purpose) const;
    /// Errors: "sealed.other_key" when another key sealed it, "sealed.damaged" when it was changed or sealed for
    /// something else.
    Result<std::string> unseal(std::string_view sealed, std::string_view purpose) const;

private:
    std::string key_;
    std::string key_id_;
};

} // namespace nguon
