#include "core/fold.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace nguon {
namespace {

std::string key_of(std::string_view text, std::size_t chars_max = 100, Lines lines = Lines::one)
{
    auto const cleaned = clean_text(text, chars_max, lines);
    return cleaned ? "ok" : cleaned.error().key;
}

TEST(CleanText, ComposesTrimsAndMakesSpacesPlain)
{
    EXPECT_EQ(*clean_text("  Tr\xC3\xA0\xC2\xA0Lai Cha\xCC\x82u \n", 100), "Trà Lai Châu");
    EXPECT_EQ(*clean_text("a\r\nb\rc", 100, Lines::many), "a\nb\nc");
    EXPECT_EQ(*clean_text("   ", 100), "");
}

TEST(CleanText, RefusesWhatCannotBeSeen)
{
    EXPECT_EQ(key_of("a\nb"), "text.control");
    EXPECT_EQ(key_of("a\tb"), "text.control");
    EXPECT_EQ(key_of(std::string_view{"a\0b", 3}), "text.control");
    EXPECT_EQ(key_of("abc\xE2\x80\xAE"
                     "def"),
              "text.control"); // U+202E right-to-left override
    EXPECT_EQ(key_of("a\xE2\x80\x8B"
                     "b"),
              "text.control");                            // U+200B zero width space
    EXPECT_EQ(key_of("\xEF\xBB\xBFtrà"), "text.control"); // byte order mark
    EXPECT_EQ(key_of("\xE3\x85\xA4"), "text.control");    // Hangul filler
    EXPECT_EQ(clean_text("ab\xE2\x80\xAE", 9).error().values, (std::vector<std::string>{"U+202E", "3"}));
}

TEST(CleanText, RefusesBrokenUtf8)
{
    for (auto const* text : {"\xff", "a\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80",
                             "\xF4\x90\x80\x80", "\xE0\x80\x80", "\xF0\x80\x80\x80"}) {
        EXPECT_EQ(key_of(text), "text.utf8");
        EXPECT_FALSE(is_utf8(text));
    }
    EXPECT_TRUE(is_utf8("Đắk Lắk \xF0\x9F\x8D\xB5"));
}

TEST(CleanText, CountsCharactersNotBytes)
{
    EXPECT_EQ(key_of("ĐẮK LẮK", 7), "ok");
    EXPECT_EQ(key_of("ĐẮK LẮK", 6), "text.too_long");
    EXPECT_EQ(clean_text("ĐẮK LẮK", 6).error().values, (std::vector<std::string>{"6", "7"}));
    EXPECT_EQ(key_of(std::string(100'000, 'a'), 10), "text.too_long");
}

TEST(CleanText, RefusesTowersOfMarks)
{
    std::string tower = "q";
    for (int i = 0; i < 4; ++i) tower += "\xCC\xB3";
    EXPECT_EQ(key_of(tower), "ok");
    EXPECT_EQ(key_of(tower + "\xCC\xB3"), "text.marks");
}

TEST(Fold, StripsMarksOfEverySpelling)
{
    EXPECT_EQ(fold("ĐẮK LẮK"), "dak lak");
    EXPECT_EQ(fold("\xC3\x90\x61k"), "dak"); // eth in place of Đ
    EXPECT_EQ(fold("Cha\xCC\x82\xCC\x81u"), "chau");
    EXPECT_EQ(fold("Nếp Tan Pỏm – Ưu đãi ƯỚC"), "nep tan pom – uu dai uoc");
    EXPECT_EQ(fold(""), "");
    EXPECT_EQ(fold("\xff"), "\xEF\xBF\xBD");
}

TEST(ExactKey, KeepsMarksAndJoinsSpellings)
{
    EXPECT_EQ(exact_key("TRÀ"), "trà");
    EXPECT_EQ(exact_key("TRA\xCC\x80"), "trà");
    EXPECT_NE(exact_key("trà"), exact_key("trá"));
}

TEST(Words, SplitsAtSpacesAndSigns)
{
    EXPECT_EQ(words("Trà ô-long, lô 12/A!"), (std::vector<std::string>{"trà", "ô", "long", "lô", "12", "a"}));
    EXPECT_TRUE(words(" – ").empty());
}

TEST(SortKey, OrdersAsAVietnameseDictionary)
{
    std::vector<std::string> names = {"Đắk", "Dao", "Ăn", "An", "Ân", "Em", "Ê", "Ó", "Ô", "Ơ", "Ưng", "Ung"};
    std::sort(names.begin(), names.end(), [](auto& a, auto& b) { return sort_key(a) < sort_key(b); });
    EXPECT_EQ(names,
              (std::vector<std::string>{"An", "Ăn", "Ân", "Dao", "Đắk", "Em", "Ê", "Ó", "Ô", "Ơ", "Ung", "Ưng"}));
    EXPECT_LT(sort_key("ma"), sort_key("mà"));
    EXPECT_LT(sort_key("mà"), sort_key("mả"));
    EXPECT_LT(sort_key("mạ"), sort_key("mb"));
}

TEST(Excerpt, GivesOneSafeLine)
{
    EXPECT_EQ(excerpt("chè"), "chè");
    EXPECT_EQ(excerpt("chè", 2), "ch…");
    EXPECT_EQ(excerpt("chè", 3), "chè");
    EXPECT_EQ(excerpt("a\nb\xff"), "a\xEF\xBF\xBD"
                                   "b\xEF\xBF\xBD");
    EXPECT_EQ(first_char("è!"), "è");
    EXPECT_EQ(first_char("\xff!"), "\xff");
    EXPECT_EQ(first_char(""), "");
}

} // namespace
} // namespace nguon
