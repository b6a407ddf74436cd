#include "connector/practice_portal/receipt_signer.hpp"

#include "core/bytes.hpp"
#include "core/merkle.hpp"

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

Result<ReceiptSigner> ReceiptSigner::load(std::filesystem::path const& pem_file)
{
    auto key = ed25519::PrivateKey::read_pem(pem_file);
    if (!key) return invalid("receipt.key_unreadable", {pem_file.string()});
    return ReceiptSigner{*std::move(key)};
}

std::string ReceiptSigner::text_of(Acceptance const& accepted) const
{
    return "nguon-receipt-1\n" + accepted.key + "\n" + accepted.sha256 + "\n" + accepted.accepted_at + "\n" +
           accepted.portal_id + "\n" + key_id_;
}

nlohmann::json ReceiptSigner::unsigned_receipt(Acceptance const& accepted) const
{
    return {{"key", accepted.key},
            {"sha256", accepted.sha256},
            {"acceptedAt", accepted.accepted_at},
            {"portalId", accepted.portal_id},
            {"keyId", key_id_}};
}

nlohmann::json ReceiptSigner::sign(Acceptance const& accepted) const
{
    auto receipt = unsigned_receipt(accepted);
    receipt["signature"] = signature_over(text_of(accepted));
    return receipt;
}

std::vector<nlohmann::json> ReceiptSigner::sign_all(std::vector<Acceptance> const& accepted) const
{
    if (accepted.empty()) return {};
    if (accepted.size() == 1) return {sign(accepted.front())};
    std::vector<std::vector<std::string>> levels;
    merkle::Stored const stored = [&levels](merkle::Place place) { return levels[place.level][place.index]; };
    for (std::size_t index = 0; index < accepted.size(); ++index)
        for (auto& [place, hash] : merkle::append(index, merkle::leaf_hash(text_of(accepted[index])), stored)) {
            if (levels.size() <= place.level) levels.emplace_back();
            levels[place.level].push_back(std::move(hash));
        }
    auto const size = accepted.size();
    auto const signature = signature_over("nguon-receipt-batch-1\n" + std::to_string(size) + "\n" +
                                          to_base64(merkle::root(size, stored)) + "\n" + key_id_);
    std::vector<nlohmann::json> receipts;
    for (std::size_t index = 0; index < size; ++index) {
        std::string path;
        for (auto const& hash : merkle::inclusion_proof(index, size, stored)) path += hash;
        auto& receipt = receipts.emplace_back(unsigned_receipt(accepted[index]));
        receipt["batch"] = {{"index", index}, {"size", size}, {"path", to_base64(path)}};
        receipt["signature"] = signature;
    }
    return receipts;
}

nlohmann::json ReceiptSigner::refuse(std::string const& key, std::string const& sha256, std::string const& refused_at,
                                     std::string const& error, std::string const& message) const
{
    auto const text = "nguon-refusal-1\n" + key + "\n" + sha256 + "\n" + refused_at + "\n" + error + "\n" + key_id_;
    return {{"key", key},         {"sha256", sha256}, {"refusedAt", refused_at},          {"error", error},
            {"message", message}, {"keyId", key_id_}, {"signature", signature_over(text)}};
}

std::string ReceiptSigner::signature_over(std::string const& text) const { return to_base64(key_.sign(text)); }

nlohmann::json forged(nlohmann::json receipt)
{
    auto signature = receipt["signature"].get<std::string>();
    signature[5] = signature[5] == 'A' ? 'B' : 'A';
    receipt["signature"] = signature;
    return receipt;
}

} // namespace nguon::practice_portal
