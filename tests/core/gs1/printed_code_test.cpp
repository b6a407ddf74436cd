#include "core/gs1/printed_code.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nguon::gs1 {
namespace {

using testing::ElementsAre;

TEST(PrintedCode, IsReadBackAndNeverAllDigits)
{
    std::set<std::string> seen;
    for (int i = 0; i < 2'000; ++i) {
        auto const code = new_printed_code();
        EXPECT_EQ(code.size(), printed_code_chars);
        EXPECT_EQ(*read_printed_code(code), code);
        EXPECT_NE(code.substr(0, 11).find_first_of("ABCDEFGHJKMNPQRSTVWXYZ"), std::string::npos);
        EXPECT_EQ(code.find_first_of("ILOU"), std::string::npos);
        seen.insert(code);
    }
    EXPECT_EQ(seen.size(), 2'000U);
}

TEST(PrintedCode, FoldsWhatPeopleType)
{
    std::string const body = "0123456ABCD";
    auto const code = body + printed_code_check(body);
    auto const typed = "oi23 456a-bcd" + std::string(1, static_cast<char>(std::tolower(code.back())));
    EXPECT_EQ(*read_printed_code(typed), code);
    EXPECT_EQ(*read_printed_code("OL23-456A-BCD" + code.substr(11)), code);
    EXPECT_EQ(*read_printed_code(to_grouped_code(code)), code);
    EXPECT_EQ(to_grouped_code("ABCDEFGHJKMN"), "ABCD-EFGH-JKMN");
}

TEST(PrintedCode, FindsEveryWrongCharacterAndNearlyEverySwap)
{
    auto const code = new_printed_code();
    for (std::size_t i = 0; i < code.size(); ++i) {
        for (char const c : printed_code_alphabet) {
            auto changed = code;
            changed[i] = c;
            EXPECT_EQ(read_printed_code(changed).ok(), changed == code);
        }
    }
    int missed = 0;
    for (char const a : printed_code_alphabet) {
        for (char const b : printed_code_alphabet) {
            auto const check = printed_code_check(std::string{a, b});
            if (a != b && check == printed_code_check(std::string{b, a})) ++missed;
        }
    }
    EXPECT_LE(missed, 2); // Luhn cannot tell the first symbol beside the last
}

TEST(PrintedCode, NamesWhatIsWrong)
{
    EXPECT_THAT(read_printed_code("ABC").error().values, ElementsAre("3", "12"));
    EXPECT_EQ(read_printed_code("").error().key, "code.length");
    EXPECT_EQ(read_printed_code(std::string(100, 'A')).error().key, "code.length");
    auto const letter = read_printed_code("ABCU56789ABC");
    EXPECT_EQ(letter.error().key, "code.character");
    EXPECT_THAT(letter.error().values, ElementsAre("U", "4"));
    EXPECT_THAT(read_printed_code("ÀB").error().values, ElementsAre("À", "1"));
    std::string const body = "0123456ABCD";
    auto const wrong = body + (printed_code_check(body) == 'Z' ? 'Y' : 'Z');
    EXPECT_EQ(read_printed_code(wrong).error().key, "code.check");
}

} // namespace
} // namespace nguon::gs1
