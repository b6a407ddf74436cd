#include "core/ed25519.hpp"

#include "core/bytes.hpp"
#include "core/files.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

namespace nguon::ed25519 {
namespace {

// RFC 8032 §7.1, test 2.
auto const standard_key =
    *PublicKey::from_raw(*from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
std::string const standard_signature = *from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

TEST(Ed25519, VerifiesTheStandardsExample)
{
    EXPECT_TRUE(standard_key.verify("\x72", standard_signature));
    EXPECT_FALSE(standard_key.verify("\x73", standard_signature));
    EXPECT_FALSE(standard_key.verify("\x72", standard_signature.substr(1)));
    EXPECT_FALSE(standard_key.verify("\x72", ""));
}

TEST(Ed25519, KeysComeBackFromTheirFiles)
{
    testing::TempDir const dir;
    auto const key = PrivateKey::generate();
    ASSERT_TRUE(write_file(dir.path() / "secret", key.pem(), owner_only).ok());
    ASSERT_TRUE(write_file(dir.path() / "open", key.public_key().pem(), owner_only).ok());
    auto const secret = PrivateKey::read_pem(dir.path() / "secret");
    auto const open = PublicKey::read_pem(dir.path() / "open");
    ASSERT_TRUE(secret && open);
    EXPECT_TRUE(open->verify("text", secret->sign("text")));
    EXPECT_EQ(open->raw(), key.public_key().raw());
    EXPECT_EQ(open->id(), key.public_key().id());
    EXPECT_EQ(open->id().size(), 16U);
    EXPECT_FALSE(PublicKey::read_pem(dir.path() / "secret"));
    EXPECT_FALSE(PrivateKey::read_pem(dir.path() / "open"));
    EXPECT_FALSE(PublicKey::from_raw("short"));
}

TEST(Ed25519, TakesNoOtherKindOfKey)
{
    testing::TempDir const dir;
    auto const file = dir.path() / "rsa";
    auto const make = "openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out " + file.string() +
                      " && openssl pkey -aes128 -passout pass:x -in " + file.string() + " -out " + file.string() +
                      ".locked";
    ASSERT_EQ(std::system(make.c_str()), 0);
    EXPECT_FALSE(PrivateKey::read_pem(file));
    EXPECT_FALSE(PrivateKey::read_pem(file.string() + ".locked"));
    EXPECT_FALSE(PrivateKey::read_pem(dir.path() / "none"));
}

} // namespace
} // namespace nguon::ed25519
