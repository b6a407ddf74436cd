#include "core/sealed.hpp"

#include "core/bytes.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include <sys/stat.h>

namespace nguon {
namespace {

std::string key_of(char letter) { return std::string(32, letter); }

TEST(Sealed, OpensWhatItSealed)
{
    Sealer const sealer{key_of('a')};
    for (std::string const& text : {std::string{}, std::string{"x"}, std::string(5000, '\0'), std::string{"bí mật"}}) {
        auto const sealed = sealer.seal(text, "connection/most/key");
        auto const opened = sealer.unseal(sealed, "connection/most/key");
        ASSERT_TRUE(opened.ok()) << opened.error().key;
        EXPECT_EQ(*opened, text);
    }
}

TEST(Sealed, SaysNothingOfTheTextAndNeverTheSameTwice)
{
    Sealer const sealer{key_of('a')};
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        auto const sealed = sealer.seal("PRIVATE KEY", "p");
        EXPECT_EQ(sealed.find("PRIVATE"), std::string::npos);
        EXPECT_TRUE(seen.insert(sealed).second);
    }
}

TEST(Sealed, RefusesAnotherPurpose)
{
    Sealer const sealer{key_of('a')};
    auto const sealed = sealer.seal("x", "connection/most/key");
    for (char const* const purpose : {"connection/most/secret", "connection/other/key", ""})
        EXPECT_EQ(sealer.unseal(sealed, purpose).error().key, "sealed.damaged") << purpose;
}

TEST(Sealed, TellsAnotherKeyFromDamage)
{
    auto const sealed = Sealer{key_of('a')}.seal("x", "p");
    EXPECT_EQ(Sealer{key_of('b')}.unseal(sealed, "p").error().key, "sealed.other_key");
}

TEST(Sealed, NoticesEveryChangedCharacter)
{
    Sealer const sealer{key_of('a')};
    auto const sealed = sealer.seal("a private key", "p");
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        auto changed = sealed;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(sealer.unseal(changed, "p").ok()) << at;
        EXPECT_FALSE(sealer.unseal(sealed.substr(0, at), "p").ok()) << at;
    }
    EXPECT_FALSE(sealer.unseal(sealed + "AAAA", "p").ok());
}

TEST(Sealed, MakesItsKeyOnceForItsOwnerOnly)
{
    testing::TempDir const dir;
    auto const file = dir.path() / "sealing.key";
    EXPECT_EQ(Sealer::open(file, Sealer::Missing::refuse).error().key, "sealed.key_missing");
    auto const first = Sealer::open(file, Sealer::Missing::make);
    ASSERT_TRUE(first.ok());
    auto const sealed = (*first)->seal("x", "p");
    struct stat facts = {};
    ASSERT_EQ(::stat(file.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    EXPECT_EQ(facts.st_size, 32);
    for (auto const missing : {Sealer::Missing::make, Sealer::Missing::refuse}) {
        auto const again = Sealer::open(file, missing);
        ASSERT_TRUE(again.ok());
        EXPECT_TRUE((*again)->unseal(sealed, "p").ok());
    }
    std::ofstream{file} << "short";
    EXPECT_EQ(Sealer::open(file, Sealer::Missing::make).error().key, "sealed.key_file");
}

} // namespace
} // namespace nguon
