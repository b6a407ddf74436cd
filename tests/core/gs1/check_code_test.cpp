#include "core/gs1/check_code.hpp"

#include "core/gs1/element_string.hpp"
#include "core/gs1/link_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nguon::gs1 {
namespace {

using testing::ElementsAre;

std::string const gtin = "08939999000017";

struct Told {
    std::string elements; // bracketed
    std::string faults;   // "gs1.date@12(17) …"
    std::string rewrites; // "zeros@4 …"
};

Told told(std::string_view text, CheckOptions options = {})
{
    Verdict verdict;
    check_code(text, options, verdict);
    Told out;
    out.elements = to_bracketed(to_elements(verdict.elements()));
    auto const space = [](std::string const& s) { return s.empty() ? "" : " "; };
    for (auto const& f : to_faults(verdict)) {
        out.faults +=
            space(out.faults) + f.key + "@" + std::to_string(f.position) + (f.ai.empty() ? "" : "(" + f.ai + ")");
    }
    for (auto const& r : verdict.rewrites()) {
        out.rewrites +=
            space(out.rewrites) + std::string{rewrite_key(r.what)}.substr(8) + "@" + std::to_string(r.position);
    }
    return out;
}

constexpr CheckOptions lenient{.lenient = true};

TEST(CheckCode, ReportsEveryFaultOfACode)
{
    EXPECT_EQ(told("(01)08939999000018(17)271331(21)A B(8888)x(37)5(421)999A").faults,
              "gs1.check_digit@4(01) gs1.date@22(17) gs1.characters@33(21) gs1.ai_unknown@36(8888) "
              "gs1.country@52(421) gs1.excludes@1(01) gs1.needs@43(37) gs1.needs@43(37)");
    EXPECT_EQ(
        told("https://x y/01/08939999000018/21/A/10/B?17=271331&8020=C&88=x&17=1&%zz=1").faults,
        "link.host@8 gs1.check_digit@15(01) link.qualifier_order@35(10) gs1.date@43(17) link.not_in_query@50(8020) "
        "link.query_ai@57(88) link.repeated@62(17) gs1.needs@50(8020)");
}

TEST(CheckCode, TellsThePlaceInTheTextDespiteEscapes)
{
    EXPECT_EQ(told("(10)\\(\\(a b").faults, "gs1.characters@9(10) gs1.needs@1(10)");
    EXPECT_EQ(told("https://x.vn/01/" + gtin + "/10/%41%20B").faults, "gs1.characters@37(10)");
    EXPECT_EQ(told("https://x.vn/01/" + gtin + "/10/A%4").faults, "link.escape@35(10)");
    EXPECT_EQ(told("https://x.vn/01/" + gtin + "?240=%2B+B").faults, "gs1.characters@38(240)");
}

TEST(CheckCode, KnowsTheForms)
{
    auto const form = [](std::string_view text) {
        Verdict verdict;
        check_code(text, {}, verdict);
        EXPECT_TRUE(verdict.valid()) << text;
        return std::string{form_name(verdict.form())};
    };
    EXPECT_EQ(form("(01)" + gtin), "bracketed");
    EXPECT_EQ(form("^01" + gtin), "elementString");
    EXPECT_EQ(form("\x1d"
                   "01" +
                   gtin),
              "elementString");
    EXPECT_EQ(form("01" + gtin + "10A^21B"), "elementString");
    EXPECT_EQ(form("]d201" + gtin), "scanData");
    EXPECT_EQ(form("]Q1https://x.vn/01/" + gtin), "digitalLink");
    EXPECT_EQ(form("https://x.vn/01/" + gtin), "digitalLink");
    EXPECT_EQ(form("https://id.gs1.org/ARHKVAdpQg"), "compressedLink");
    for (auto const* digits : {"96385074", "614141000036", "8939999000017", "08939999000017"})
        EXPECT_EQ(form(digits), "digits");
}

TEST(CheckCode, IsStrict)
{
    EXPECT_EQ(told("01" + gtin + "10A").faults, "");
    EXPECT_EQ(told("01" + gtin + "10A").rewrites, "start@0");
    EXPECT_EQ(told("00089399990000000017").elements, "(00)089399990000000017");
    EXPECT_EQ(told("0108939999000018").faults, "gs1.no_start@0");
    EXPECT_EQ(told("10LO-7").faults, "gs1.no_start@0");
    EXPECT_EQ(told("089399990000000017").faults, "gs1.no_start@0");
    EXPECT_EQ(told("8939999000018").faults, "gtin.check_digit@0(01)");
    EXPECT_EQ(told(" (01)" + gtin).faults, "code.unknown@0");
    EXPECT_EQ(told("(01)8939999000017").faults, "gs1.too_short@4(01)");
    EXPECT_EQ(told("https://x.vn/gtin/" + gtin).faults, "link.no_key@12");
    EXPECT_EQ(told("https://x.vn/01/8939999000017").faults, "gs1.too_short@16(01)");
    EXPECT_EQ(told("https://x.vn/01/" + gtin + "?10=A").faults, "link.belongs_in_path@31(10)");
    EXPECT_EQ(told("https://x.vn/01/" + gtin + "/").faults, "link.slash@30");
    EXPECT_EQ(told("Https://x.vn/01/" + gtin).faults, "link.scheme@0");
    EXPECT_EQ(told("]C001" + gtin).faults, "gs1.symbology_plain@0");
    EXPECT_EQ(told("]E0614141000036").faults, "gs1.symbol_digits@3(01)");
    EXPECT_EQ(told("]I18939999000017").faults, "gs1.symbol_digits@3(01)");
    EXPECT_EQ(told("").faults, "gs1.no_data@0");
    EXPECT_EQ(told(std::string(9'000, '(')).faults, "code.too_long@8192");
}

TEST(CheckCode, ReadsOlderSpellingsLenientlyAndSaysSo)
{
    auto const expect = [](std::string const& text, std::string_view elements, std::string_view rewrites) {
        auto const read = told(text, lenient);
        EXPECT_EQ(read.faults, "") << text;
        EXPECT_EQ(read.elements, elements) << text;
        EXPECT_EQ(read.rewrites, rewrites) << text;
    };
    auto const item = "(01)" + gtin;
    expect("01" + gtin + "17271231", item + "(17)271231", "start@0");
    expect("089399990000000017", "(00)089399990000000017", "start@0");
    expect("(01)8939999000017", item, "zeros@4");
    expect("https://x.vn/gtin/8939999000017/lot/A/ser/B?exp=271231", item + "(10)A(21)B(17)271231",
           "short_name@13 zeros@18 short_name@32 short_name@38 short_name@44");
    expect("https://x.vn/01/" + gtin + "?17=271231&21=B&10=A", item + "(10)A(21)B(17)271231",
           "into_path@41 into_path@46");
    expect("https://x.vn/01/" + gtin + "/?17=271231;15=271230", item + "(17)271231(15)271230", "slash@30 semicolon@41");
    expect("Https://x.vn/01/" + gtin, item, "scheme@0");
    expect("]C001" + gtin, item, "plain_carrier@0 start@3");
    expect("]E0614141000036", "(01)00614141000036", "");
    expect("]e0(01)" + gtin + "(10)A(B(21)C", item + "(10)A\\(B(21)C", "brackets@3");
    expect("(01)" + gtin + "(10)A", item + "(10)A", "");
}

TEST(CheckCode, DoesNotForgiveEverything)
{
    EXPECT_EQ(told("https://x.vn/01/" + gtin + "/21/A/10/B", lenient).faults, "link.qualifier_order@36(10)");
    EXPECT_EQ(told("https://x.vn/gtin/8939999000018", lenient).faults, "gs1.check_digit@18(01)");
    EXPECT_EQ(told("https://x.vn/01/" + gtin + "/10/A?10=B", lenient).faults, "link.repeated@36(10)");
    EXPECT_EQ(told("https://x.vn/nothing/8939999000017", lenient).faults, "link.no_key@12");
    EXPECT_EQ(told("xin chao", lenient).faults, "code.unknown@0");
    EXPECT_EQ(told("]Q1", lenient).faults, "gs1.symbology_plain@0");
    EXPECT_EQ(told("]Q1]Q1]Q1", lenient).faults, "gs1.symbology_plain@0");
}

TEST(CheckCode, KnowsEveryShortName)
{
    for (auto const& [name, ai] : short_names) {
        ASSERT_NE(find_ai(ai), nullptr) << name;
        EXPECT_EQ(ai_of_short_name(name), ai);
    }
    EXPECT_EQ(ai_of_short_name("GTIN"), "");
}

TEST(CheckCode, JudgesAssociationsOnlyWhenAsked)
{
    EXPECT_EQ(told("(10)A").faults, "gs1.needs@1(10)");
    EXPECT_EQ(told("(10)A", {.associations = false}).faults, "");
    EXPECT_EQ(told("https://x.vn/415/8939999900010").faults, "gs1.needs@13(415)");
    EXPECT_EQ(told("https://x.vn/415/8939999900010/8020/A").faults, "");
}

TEST(CheckCode, KeepsItsLimits)
{
    std::string many;
    for (int i = 0; i < 200; ++i) many += "(10)A";
    auto const read = told(many, {.associations = false});
    EXPECT_EQ(read.faults, "gs1.too_many@" + std::to_string(128 * 5 + 1));
    std::string wrong;
    for (int i = 0; i < 2'000; ++i) wrong += "(x)";
    Verdict verdict;
    check_code(wrong, {}, verdict);
    EXPECT_EQ(verdict.findings().size(), Verdict::findings_max);
    EXPECT_EQ(verdict.findings_dropped(), 2'000 - Verdict::findings_max);
}

TEST(CheckCode, TellsWhatTheFaultsAreAbout)
{
    Verdict verdict;
    check_code("]E0614141000036", {}, verdict);
    EXPECT_THAT(to_faults(verdict).at(0).values, ElementsAre("]E0", "12", "13"));
    check_code("8939999000018", {}, verdict);
    EXPECT_THAT(to_faults(verdict).at(0).values, ElementsAre("8939999000018", "7"));
    std::string const query = "https://x.vn/01/" + gtin + "?10=A";
    check_code(query, {}, verdict);
    EXPECT_THAT(to_faults(verdict).at(0).values, ElementsAre("10", "01"));
    check_code("(3100)000001(3101)000001(01)08939999000017", {}, verdict);
    EXPECT_THAT(to_faults(verdict).at(0).values, ElementsAre("3101", "3100"));
}

TEST(Writing, GivesScanDataAndPrintedLines)
{
    std::vector<AiValue> const batch = {{"01", gtin}, {"10", "LO-7"}, {"21", "A(1"}};
    EXPECT_EQ(*to_scan_data(batch, "]C1"), "]C101" + gtin +
                                               "10LO-7\x1d"
                                               "21A(1");
    EXPECT_EQ(*to_scan_data(batch, "]Q1"), "]Q1https://id.gs1.org/01/" + gtin + "/10/LO-7/21/A%281");
    std::vector<AiValue> const item = {{"01", gtin}};
    EXPECT_EQ(*to_scan_data(item, "]E0"), "]E08939999000017");
    EXPECT_EQ(*to_scan_data(item, "]I1"), "]I1" + gtin);
    EXPECT_EQ(*to_scan_data({{{"01", "00000096385074"}}}, "]E4"), "]E496385074");
    EXPECT_EQ(to_scan_data(item, "]E4").error().key, "gs1.not_in_symbol");
    EXPECT_EQ(to_scan_data({{{"01", "18939999000014"}}}, "]E0").error().key, "gs1.not_in_symbol");
    EXPECT_EQ(to_scan_data(batch, "]E0").error().key, "gs1.not_in_symbol");
    EXPECT_EQ(to_scan_data(batch, "]Z9").error().key, "gs1.symbology_unknown");
    EXPECT_EQ(to_scan_data({{{"10", "A"}}}, "]Q1").error().key, "link.no_key");
    EXPECT_THAT(to_printed_lines(batch), ElementsAre("(01) " + gtin, "(10) LO-7", "(21) A(1"));
    EXPECT_THAT(to_printed_lines({{{"10", "LO-7"}}}, true), ElementsAre("BATCH/LOT (10) LO-7"));
}

} // namespace
} // namespace nguon::gs1
