#pragma once

#include "core/ed25519.hpp"
#include "core/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nguon::practice_portal {

/// What a receipt is for.
struct Acceptance {
    std::string key = {};
    std::string sha256 = {};
    std::string accepted_at = {};
    std::string portal_id = {};
};

/// Signs receipts with Ed25519.
class ReceiptSigner {
public:
    /// Errors: "receipt.key_unreadable" {file}.
    static Result<ReceiptSigner> load(std::filesystem::path const& pem_file);

    /// {"key","sha256","acceptedAt","portalId","keyId","signature"}: the signature, in base64, is over
    /// "nguon-receipt-1" and those five values in this order, joined by line feeds.
    nlohmann::json sign(Acceptance const& accepted) const;

    /// The same for what one answer accepts, with one signature for all of them: each receipt names its place and the
    /// path from it to the root of the Merkle tree (RFC 9162) whose leaves are the texts that `sign` would sign,
    /// "batch": {"index","size","path"}, path being the hashes, lowest first, one behind the other in base64. The
    /// signature is over "nguon-receipt-batch-1", size, root in base64 and keyId. A lone receipt is signed by itself.
    std::vector<nlohmann::json> sign_all(std::vector<Acceptance> const& accepted) const;

    /// {"key","sha256","refusedAt","error","message","keyId","signature"}, signed over "nguon-refusal-1" and key,
    /// sha256, refusedAt, error and keyId.
    nlohmann::json refuse(std::string const& key, std::string const& sha256, std::string const& refused_at,
                          std::string const& error, std::string const& message) const;

private:
    explicit ReceiptSigner(ed25519::PrivateKey key) : key_{std::move(key)}, key_id_{key_.public_key().id()} {}

    std::string text_of(Acceptance const& accepted) const;
    nlohmann::json unsigned_receipt(Acceptance const& accepted) const;
    std::string signature_over(std::string const& text) const;

    ed25519::PrivateKey key_;
    std::string key_id_;
};

/// Spoils one character of a signature.
nlohmann::json forged(nlohmann::json receipt);

} // namespace nguon::practice_portal
