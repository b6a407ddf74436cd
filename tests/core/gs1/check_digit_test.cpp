#include "core/gs1/check_digit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nguon::gs1 {
namespace {

using testing::ElementsAre;

TEST(Gtin, AcceptsEveryLengthAndFillsWithZeros)
{
    EXPECT_EQ(*read_gtin("96385074"), "00000096385074");
    EXPECT_EQ(*read_gtin("614141000036"), "00614141000036");
    EXPECT_EQ(*read_gtin("8939999000017"), "08939999000017");
    EXPECT_EQ(*read_gtin("18939999000014"), "18939999000014");
    EXPECT_EQ(*read_gtin("893 9999 00001-7"), "08939999000017");
}

TEST(Gtin, RejectsWrongCheckDigit)
{
    auto const wrong = read_gtin("8939999000018");
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().key, "gtin.check_digit");
    EXPECT_THAT(wrong.error().values, ElementsAre("8939999000018", "7"));
}

TEST(Gtin, RejectsOtherLengthsAndCharacters)
{
    for (auto const* text : {"", "1", "1234567", "123456789", "12345678901", "893999900001788"}) {
        EXPECT_EQ(read_gtin(text).error().key, "gtin.length") << text;
    }
    for (auto const* text : {"893999900001a", "+8939999000017", "893999900001\xff"}) {
        EXPECT_EQ(read_gtin(text).error().key, "gtin.digits") << text;
    }
    EXPECT_EQ(read_gtin(std::string(10'000, '1')).error().key, "gtin.digits");
}

TEST(Gln, TakesThirteenDigits)
{
    EXPECT_EQ(*read_gln("8939999900010"), "8939999900010");
    EXPECT_EQ(read_gln("8939999900011").error().key, "gln.check_digit");
    EXPECT_EQ(read_gln("08939999900010").error().key, "gln.length");
}

TEST(Sscc, TakesEighteenDigits)
{
    EXPECT_EQ(*read_sscc("089399990000000017"), "089399990000000017");
    EXPECT_EQ(read_sscc("089399990000000018").error().key, "sscc.check_digit");
    EXPECT_EQ(read_sscc("8939999900010").error().key, "sscc.length");
}

TEST(CheckDigit, FindsEveryWrongDigit)
{
    std::string const right = "08939999000017";
    for (std::size_t i = 0; i < right.size(); ++i) {
        for (char digit = '0'; digit <= '9'; ++digit) {
            auto changed = right;
            changed[i] = digit;
            EXPECT_EQ(has_check_digit(changed), changed == right);
        }
    }
    EXPECT_FALSE(has_check_digit(""));
    EXPECT_FALSE(has_check_digit("0"));
    EXPECT_FALSE(has_check_digit("0x"));
}

TEST(ShortGtin, DropsZerosThatWereFilledIn)
{
    EXPECT_EQ(short_gtin("08939999000017"), "8939999000017");
    EXPECT_EQ(short_gtin("00614141000036"), "614141000036");
    EXPECT_EQ(short_gtin("00000096385074"), "96385074");
    EXPECT_EQ(short_gtin("18939999000014"), "18939999000014");
    EXPECT_EQ(short_gtin("12"), "12");
}

TEST(UpcE, ExpandsTheSuppressedZeros)
{
    EXPECT_EQ(upc_e_to_upc_a("01234565"), "012345000065");
    EXPECT_EQ(upc_e_to_upc_a("04252614"), "042100005264");
    EXPECT_EQ(upc_e_to_upc_a("01234531"), "012300000451");
    EXPECT_EQ(upc_e_to_upc_a("01234543"), "012340000053");
    EXPECT_EQ(upc_e_to_upc_a("21234565"), "");
    EXPECT_EQ(upc_e_to_upc_a("0123456"), "");
}

} // namespace
} // namespace nguon::gs1
