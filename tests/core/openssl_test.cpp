#include "core/openssl.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>

namespace nguon::openssl {
namespace {

std::string pem_of(EVP_PKEY* key, char const* passphrase)
{
    auto const out = writer();
    auto const* const cipher = passphrase == nullptr ? nullptr : EVP_aes_256_cbc();
    PEM_write_bio_PKCS8PrivateKey(out.get(), key, cipher, nullptr, 0, nullptr, const_cast<char*>(passphrase));
    return text_of(out.get());
}

TEST(OpensslPem, ReadsAPrivateKeyAndAsksNobodyForAPassphrase)
{
    KeyPtr const key{EVP_EC_gen("P-256")};
    auto const read = read_private_key("text before it\n" + pem_of(key.get(), nullptr));
    ASSERT_TRUE(read);
    EXPECT_EQ(EVP_PKEY_eq(read.get(), key.get()), 1);
    EXPECT_FALSE(read_private_key(pem_of(key.get(), "secret")));
    EXPECT_FALSE(read_private_key(""));
    EXPECT_FALSE(read_public_key(pem_of(key.get(), nullptr)));
    ERR_clear_error();
}

TEST(OpensslPem, FindsNoCertificatesInOtherTextsAndLeavesNoErrorBehind)
{
    EXPECT_TRUE(read_certificates("").empty());
    EXPECT_TRUE(read_certificates("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").empty());
    EXPECT_EQ(ERR_peek_error(), 0U);
}

} // namespace
} // namespace nguon::openssl
