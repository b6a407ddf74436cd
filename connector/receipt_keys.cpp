#include "connector/receipt_keys.hpp"

#include "core/bytes.hpp"
#include "core/json.hpp"
#include "core/merkle.hpp"

#include <cstdint>
#include <vector>

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

constexpr std::size_t hash_bytes = 32;

/// The text that was signed for a whole batch, if this receipt is part of it.
Result<std::string> batch_text(nlohmann::json const& batch, std::string const& text, std::string const& key_id)
{
    if (!batch.is_object()) return invalid("receipt.incomplete");
    auto const index = batch.find("index");
    auto const size = batch.find("size");
    auto const path = from_base64(text_at(batch, "path"));
    if (index == batch.end() || !index->is_number_unsigned() || size == batch.end() || !size->is_number_unsigned() ||
        !path || path->size() % hash_bytes != 0)
        return invalid("receipt.incomplete");
    std::vector<std::string> hashes;
    for (std::size_t at = 0; at < path->size(); at += hash_bytes) hashes.push_back(path->substr(at, hash_bytes));
    auto const count = size->get<std::uint64_t>();
    auto const root = merkle::root_of_inclusion(merkle::leaf_hash(text), index->get<std::uint64_t>(), count, hashes);
    if (!root) return invalid("receipt.signature");
    return "nguon-receipt-batch-1\n" + std::to_string(count) + "\n" + to_base64(*root) + "\n" + key_id;
}

} // namespace

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
                                                  std::string const& sha256, GoodSignature* last) const
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
    Result<std::string> text =
        "nguon-receipt-1\n" + key + "\n" + sha256 + "\n" + accepted_text + "\n" + read.portal_id + "\n" + read.key_id;
    if (auto const batch = receipt.find("batch"); batch != receipt.end()) text = batch_text(*batch, *text, read.key_id);
    if (!text) return text.error();
    auto const proven = verify_signature({read.key_id, *std::move(text), read.signature}, last);
    if (!proven) return proven.error();
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
    if (auto const proven = verify_signature({key_id, text, signature}, nullptr); !proven) return proven.error();
    return Refusal{storable_text(error, 64), storable_text(text_at(refusal, "message"))};
}

Status ReceiptKeys::verify_signature(GoodSignature const& claimed, GoodSignature* last) const
{
    if (last != nullptr && claimed == *last) return Done{};
    auto const public_key = keys_.find(claimed.key_id);
    if (public_key == keys_.end()) return invalid("receipt.key_unknown", {storable_text(claimed.key_id, 64)});
    auto const bytes = from_base64(claimed.signature);
    if (!bytes || !public_key->second.verify(claimed.text, *bytes)) return invalid("receipt.signature");
    if (last != nullptr) *last = claimed;
    return Done{};
}

} // namespace nguon::connector
