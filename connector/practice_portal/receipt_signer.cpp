#include "connector/practice_portal/receipt_signer.hpp"

#include "core/bytes.hpp"

#include <cstdio>
#include <stdexcept>

#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace nguon::practice_portal {

namespace {

std::string key_id_of(EVP_PKEY* key)
{
    unsigned char* der = nullptr;
    auto const size = i2d_PUBKEY(key, &der);
    if (size <= 0) return {};
    std::string const bytes{reinterpret_cast<char const*>(der), static_cast<std::size_t>(size)};
    OPENSSL_free(der);
    return sha256_hex(bytes).substr(0, 16);
}

} // namespace

Result<ReceiptSigner> ReceiptSigner::load(std::filesystem::path const& pem_file)
{
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const file{std::fopen(pem_file.c_str(), "re"), &std::fclose};
    ReceiptSigner signer;
    if (file) signer.key_.reset(PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    if (!signer.key_ || EVP_PKEY_get_base_id(signer.key_.get()) != EVP_PKEY_ED25519)
        return invalid("receipt.key_unreadable", {pem_file.string()});
    signer.key_id_ = key_id_of(signer.key_.get());
    return signer;
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

std::string ReceiptSigner::signature_over(std::string const& text) const
{
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    unsigned char signature[64];
    std::size_t size = sizeof signature;
    bool const signed_ok = context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
                           EVP_DigestSign(context.get(), signature, &size,
                                          reinterpret_cast<unsigned char const*>(text.data()), text.size()) == 1;
    if (!signed_ok) throw std::runtime_error{"signing a receipt failed"};
    return to_base64({reinterpret_cast<char const*>(signature), size});
}

nlohmann::json forged(nlohmann::json receipt)
{
    auto signature = receipt["signature"].get<std::string>();
    signature[5] = signature[5] == 'A' ? 'B' : 'A';
    receipt["signature"] = signature;
    return receipt;
}

} // namespace nguon::practice_portal
