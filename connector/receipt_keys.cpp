#include "connector/receipt_keys.hpp"

#include "core/bytes.hpp"
#include "core/json.hpp"

#include <cstdio>
#include <memory>

#include <nlohmann/json.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace nguon::connector {

namespace {

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

std::string key_id_of(EVP_PKEY* key)
{
    unsigned char* der = nullptr;
    auto const size = i2d_PUBKEY(key, &der);
    if (size <= 0) return {};
    auto const digest = sha256_hex({reinterpret_cast<char const*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return digest.substr(0, 16);
}

bool is_signature_of(EVP_PKEY* key, std::string_view text, std::string_view signature)
{
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()) == 1;
}

std::string member(nlohmann::json const& object, char const* name)
{
    auto const found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

} // namespace

Status ReceiptKeys::add(std::filesystem::path const& pem_file)
{
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const file{std::fopen(pem_file.c_str(), "re"), &std::fclose};
    std::shared_ptr<EVP_PKEY> const key{file ? PEM_read_PUBKEY(file.get(), nullptr, nullptr, nullptr) : nullptr,
                                        &EVP_PKEY_free};
    return add_key(key, pem_file.string());
}

Status ReceiptKeys::add_pem(std::string_view pem)
{
    std::unique_ptr<BIO, decltype(&BIO_free_all)> const bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                            &BIO_free_all};
    std::shared_ptr<EVP_PKEY> const key{bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr,
                                        &EVP_PKEY_free};
    return add_key(key, "PEM");
}

Status ReceiptKeys::add_key(std::shared_ptr<evp_pkey_st> const& key, std::string const& source)
{
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) return invalid("receipt.key_unreadable", {source});
    keys_[key_id_of(key.get())] = key;
    return Done{};
}

Result<db::receipts::Receipt> ReceiptKeys::verify(nlohmann::json const& receipt, std::string const& key,
                                                  std::string const& sha256) const
{
    if (!receipt.is_object()) return invalid("receipt.incomplete");
    db::receipts::Receipt read;
    read.payload_sha256 = member(receipt, "sha256");
    read.portal_id = member(receipt, "portalId");
    read.key_id = member(receipt, "keyId");
    read.signature = member(receipt, "signature");
    auto const accepted_text = member(receipt, "acceptedAt");
    auto const accepted_at = parse_time(accepted_text);
    if (!accepted_at || read.portal_id.empty() || read.signature.empty()) return invalid("receipt.incomplete");
    if (member(receipt, "key") != key) return invalid("receipt.other_key");
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
    auto const error = member(refusal, "error");
    auto const signature = member(refusal, "signature");
    if (error.empty() || signature.empty()) return invalid("receipt.incomplete");
    if (member(refusal, "key") != key) return invalid("receipt.other_key");
    if (member(refusal, "sha256") != sha256) return invalid("receipt.other_digest");
    auto const key_id = member(refusal, "keyId");
    auto const text =
        "nguon-refusal-1\n" + key + "\n" + sha256 + "\n" + member(refusal, "refusedAt") + "\n" + error + "\n" + key_id;
    if (auto const proven = verify_signature(key_id, text, signature); !proven) return proven.error();
    return Refusal{storable_text(error, 64), storable_text(member(refusal, "message"))};
}

Status ReceiptKeys::verify_signature(std::string const& key_id, std::string const& text,
                                     std::string const& signature) const
{
    auto const public_key = keys_.find(key_id);
    if (public_key == keys_.end()) return invalid("receipt.key_unknown", {storable_text(key_id, 64)});
    auto const bytes = from_base64(signature);
    if (!bytes || !is_signature_of(public_key->second.get(), text, *bytes)) return invalid("receipt.signature");
    return Done{};
}

} // namespace nguon::connector
