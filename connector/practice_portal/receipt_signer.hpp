#pragma once

#include "core/ed25519.hpp"
#include "core/result.hpp"

#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace nguon::practice_portal {

/// Signs receipts with Ed25519.
class ReceiptSigner {
public:
    /// Errors: "receipt.key_unreadable" {file}.
    static Result<ReceiptSigner> load(std::filesystem::path const& pem_file);

    /// {"key","sha256","acceptedAt","portalId","keyId","signature"}: the signature, in base64, is over
    /// "nguon-receipt-1" and those five values in this order, joined by line feeds.
    nlohmann::json sign(std::string const& key, std::string const& sha256, std::string const& accepted_at,
                        std::string const& portal_id) const;

    /// {"key","sha256","refusedAt","error","message","keyId","signature"}, signed over "nguon-refusal-1" and key,
    /// sha256, refusedAt, error and keyId.
    nlohmann::json refuse(std::string const& key, std::string const& sha256, std::string const& refused_at,
                          std::string const& error, std::string const& message) const;

private:
    explicit ReceiptSigner(ed25519::PrivateKey key) : key_{std::move(key)}, key_id_{key_.public_key().id()} {}

    std::string signature_over(std::string const& text) const;

    ed25519::PrivateKey key_;
    std::string key_id_;
};

/// Spoils one character of a signature.
nlohmann::json forged(nlohmann::json receipt);

} // namespace nguon::practice_portal
