#include "connector/practice_portal/receipt_signer.hpp"

#include "core/bytes.hpp"

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

Result<ReceiptSigner> ReceiptSigner::load(std::filesystem::path const& pem_file)
{
    auto key = ed25519::PrivateKey::read_pem(pem_file);
    if (!key) return invalid("receipt.key_unreadable", {pem_file.string()});
    return ReceiptSigner{*std::move(key)};
}

nlohmann::json ReceiptSigner::sign(std::string const& key, std::string const& sha256, std::string const& accepted_at,
                                   std::string const& portal_id) const
{
    auto const text =
        "nguon-receipt-1\n" + key + "\n" + sha256 + "\n" + accepted_at + "\n" + portal_id + "\n" + key_id_;
    return {{"key", key},
            {"sha256", sha256},
            {"acceptedAt", accepted_at},
            {"portalId", portal_id},
            {"keyId", key_id_},
            {"signature", signature_over(text)}};
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
