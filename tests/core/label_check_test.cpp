#include "core/label_check.hpp"

#include <gtest/gtest.h>

namespace nguon {
namespace {

TEST(LabelCheckKey, NamesItselfAndCoversTheCode)
{
    LabelCheckKey const key{'0', std::string(32, 's')};
    auto const check = key.check_of("7Q2MX0A9KD4B");
    EXPECT_EQ(check.size(), LabelCheckKey::check_chars);
    EXPECT_EQ(check.front(), '0');
    EXPECT_EQ(check.find_first_not_of(LabelCheckKey::ids()), std::string::npos);
    EXPECT_EQ(key.check_of("7Q2MX0A9KD4B"), check);
    EXPECT_NE(key.check_of("7Q2MX0A9KD4C"), check);
    EXPECT_NE((LabelCheckKey{'0', std::string(32, 't')}.check_of("7Q2MX0A9KD4B")), check);
    EXPECT_NE(LabelCheckKey::new_secret(), LabelCheckKey::new_secret());
}

/// Labels last: what was printed once must be confirmed for ever. The value was computed with Python's hmac.
TEST(LabelCheckKey, NeverChangesWhatItMakes)
{
    EXPECT_EQ((LabelCheckKey{'0', std::string(32, 's')}.check_of("7Q2MX0A9KD4B")), "0D12HWKQGFBKGT");
}

} // namespace
} // namespace nguon
