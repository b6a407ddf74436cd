#include "connector/receipt_keys.hpp"

#include "core/bytes.hpp"
#include "core/json.hpp"

#include <nlohmann/json.hpp>

namespace nguon::connector {

Status ReceiptKeys::add(std::filesystem::path const& pem_file)
{
    auto const key = ed25519::PublicKey::read_pem(pem_file);
    if (!key) return invalid("receipt.key_unreadable", {pem_file.string()});
    keys_.insert_or_assign(key->id(), *key);
    return Done{};
}

Status ReceiptKeys::add_pem(std::string_view pem)
{
    auto const key = ed25519::PublicKey::from_pem(pem);
    if (!key) return invalid("receipt.key_unreadable", {"PEM"});
    keys_.insert_or_assign(key->id(), *key);
    return Done{};
}

Result<db::receipts::Receipt> ReceiptKeys::verify(nlohmann::json const& receipt, std::string const& key,
                                                  std::string const& sha256) const
{
    if (!receipt.is_object()) return invalid("receipt.incomplete");
    db::receipts::Receipt read;
    read.payload_sha256 = text_at(receipt, "sha256");
    read.portal_id = text_at(receipt, "portalId");
    read.key_id = text_at(receipt, "keyId");
    read.signature = text_at(receipt, "signature");
    auto const accepted_text = text_at(receipt, "acceptedAt");
    auto const accepted_at = parse_time(accepted_text);
    if (!accepted_at || read.portal_id.empty() || read.signature.empty()) return invalid("receipt.incomplete");
    if (text_at(receipt, "key") != key) return invalid("receipt.other_key");
    if (read.payload_sha256 != sha256) return invalid("receipt.other_digest");
    auto const text =
        "nguon-receipt-1\n" + key + "\n" + sha256 + "\n" + accepted_text + "\n" + read.portal_id + "\n" + read.key_id;
    if (auto const proven = verify_signature(read.key_id, text, read.signature); !proven) return proven.error();
    read.accepted_at = accepted_at->at;
    read.body = canonical_json(receipt);
    return read;
}

Result<ReceiptKeys::Refusal> ReceiptKeys::verify_refusal(nlohmann::json const& refusal, std::string const& key,
                                                         std::string const& sha256) const
{
    if (!refusal.is_object()) return invalid("receipt.incomplete");
    auto const error = text_at(refusal, "error");
    auto const signature = text_at(refusal, "signature");
    if (error.empty() || signature.empty()) return invalid("receipt.incomplete");
    if (text_at(refusal, "key") != key) return invalid("receipt.other_key");
    if (text_at(refusal, "sha256") != sha256) return invalid("receipt.other_digest");
    auto const key_id = text_at(refusal, "keyId");
    auto const text =
        "nguon-refusal-1\n" + key + "\n" + sha256 + "\n" + text_at(refusal, "refusedAt") + "\n" + error + "\n" + key_id;
    if (auto const proven = verify_signature(key_id, text, signature); !proven) return proven.error();
    return Refusal{storable_text(error, 64), storable_text(text_at(refusal, "message"))};
}

Status ReceiptKeys::verify_signature(std::string const& key_id, std::string const& text,
                                     std::string const& signature) const
{
    auto const public_key = keys_.find(key_id);
    if (public_key == keys_.end()) return invalid("receipt.key_unknown", {storable_text(key_id, 64)});
    auto const bytes = from_base64(signature);
    if (!bytes || !public_key->second.verify(text, *bytes)) return invalid("receipt.signature");
    return Done{};
}

} // namespace nguon::connector
