#pragma once

#include "connector/answers.hpp"
#include "core/ed25519.hpp"
#include "core/result.hpp"
#include "db/receipts.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace nguon::connector {

/// The portal's public keys (Ed25519) by key id: the first 16 hexadecimal digits of the SHA-256 of the key's
/// SubjectPublicKeyInfo. Several overlap while the portal changes its key.
class ReceiptKeys {
public:
    /// Adds a key from a PEM file. Errors: "receipt.key_unreadable" {file}.
    Status add(std::filesystem::path const& pem_file);
    /// Adds a key from its PEM text. Errors: "receipt.key_unreadable" {"PEM"}.
    Status add_pem(std::string_view pem);
    bool empty() const { return keys_.empty(); }

    /// A signature that was found good. One over many receipts need not be checked for each of them.
    struct GoodSignature {
        std::string key_id = {};
        std::string text = {};
        std::string signature = {};
        bool operator==(GoodSignature const&) const = default;
    };

    /// Checks a receipt {key, sha256, acceptedAt, portalId, keyId, signature (base64)}: it must name this record's key
    /// and the digest of the bytes that were sent, and bear a valid signature over
    /// "nguon-receipt-1\nKEY\nSHA256\nACCEPTEDAT\nPORTALID\nKEYID", or, with a member batch {index, size, path}, over
    /// "nguon-receipt-batch-1\nSIZE\nROOT\nKEYID": the root, in base64, of a Merkle tree (RFC 9162) that has that text
    /// as its leaf `index`. `last`, when given, is the signature that was good before and becomes this one. Errors:
    /// "receipt.incomplete", "receipt.other_key", "receipt.other_digest", "receipt.key_unknown" {key id},
    /// "receipt.signature".
    Result<db::receipts::Receipt> verify(nlohmann::json const& receipt, std::string const& key,
                                         std::string const& sha256, GoodSignature* last = nullptr) const;

    /// Why a portal does not take a record.
    struct Refusal {
        std::string error = {}; // its word
        std::string text = {};
    };
    /// Checks a refusal {key, sha256, refusedAt, error, message, keyId, signature}, signed over
    /// "nguon-refusal-1\nKEY\nSHA256\nREFUSEDAT\nERROR\nKEYID". Errors as of `verify`.
    Result<Refusal> verify_refusal(nlohmann::json const& refusal, std::string const& key,
                                   std::string const& sha256) const;

private:
    Status verify_signature(GoodSignature const& claimed, GoodSignature* last) const;

    std::map<std::string, ed25519::PublicKey> keys_;
};

} // namespace nguon::connector
