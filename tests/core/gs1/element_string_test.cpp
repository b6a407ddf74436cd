#include "core/gs1/element_string.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nguon::gs1 {
namespace {

using testing::ElementsAre;

std::string keys(Reading const& reading)
{
    std::string out;
    for (auto const& fault : reading.faults) {
        out += (out.empty() ? "" : " ") + fault.key + "@" + std::to_string(fault.position);
    }
    return out;
}

std::vector<AiValue> const batch = {{"01", "08939999000017"}, {"17", "271231"}, {"10", "LO-7"}, {"21", "A(1)"}};

TEST(Bracketed, ReadsAndWrites)
{
    auto const text = "(01)08939999000017(17)271231(10)LO-7(21)A\\(1)";
    auto const reading = read_bracketed(text);
    EXPECT_TRUE(reading.valid());
    EXPECT_EQ(reading.elements, batch);
    EXPECT_EQ(to_bracketed(batch), text);
}

TEST(Bracketed, ReportsEveryFaultWithItsPlace)
{
    auto const reading = read_bracketed("(01)08939999000018(17)271331(10)LO 7(8888)x");
    EXPECT_EQ(keys(reading), "gs1.check_digit@4 gs1.date@22 gs1.characters@34 gs1.ai_unknown@37");
    EXPECT_EQ(reading.faults[0].ai, "01");
    EXPECT_EQ(reading.faults[0].rule, "csum");
    EXPECT_THAT(reading.faults[0].values, ElementsAre("01", "08939999000018", "08939999000018", "7"));
    EXPECT_EQ(keys(read_bracketed("(21)\\(\\(\\( ")), "gs1.characters@10");
}

TEST(Bracketed, RejectsBrokenSyntax)
{
    for (auto const* text : {"01)1", "(1)23", "(01", "x(01)08939999000017", "()1", "(12345)1", "(0a)1", "("}) {
        EXPECT_EQ(read_bracketed(text).faults.at(0).key, "gs1.syntax") << text;
    }
    EXPECT_EQ(keys(read_bracketed("")), "gs1.no_data@0");
    EXPECT_EQ(keys(read_bracketed("(10)")), "gs1.empty@4");
    EXPECT_EQ(keys(read_bracketed("(10)A^B")), "gs1.characters@5");
    EXPECT_EQ(keys(read_bracketed("(10)A\\")), "gs1.characters@5");
}

TEST(ElementString, ReadsAndWrites)
{
    auto const text = "^010893999900001717271231"
                      "10LO-7^21A(1)";
    EXPECT_EQ(to_element_string(batch), text);
    EXPECT_EQ(read_element_string(text).elements, batch);
    auto const with_gs = to_element_string(batch, group_separator);
    EXPECT_EQ(read_element_string(with_gs).elements, batch);
    EXPECT_EQ(read_element_string(with_gs.substr(1)).elements, batch);
    EXPECT_EQ(read_element_string(with_gs + group_separator).elements, batch);
}

TEST(ElementString, TakesSuperfluousSeparatorsAfterFixedLengths)
{
    auto const reading = read_element_string("^0108939999000017^17271231^10LO-7");
    EXPECT_TRUE(reading.valid());
    EXPECT_EQ(reading.elements.size(), 3U);
}

TEST(ElementString, NeedsSeparatorsAfterOthers)
{
    EXPECT_EQ(keys(read_element_string("^4227040108939999000017")), "gs1.too_long@7");
    EXPECT_EQ(to_element_string({{{"422", "704"}, {"01", "08939999000017"}}}), "^422704^0108939999000017");
    EXPECT_TRUE(read_element_string("^422704^0108939999000017").valid());
}

TEST(ElementString, ReportsFaultsAndReadsOn)
{
    EXPECT_EQ(keys(read_element_string("^xx^10A^^21B")), "gs1.syntax@1 gs1.syntax@8");
    EXPECT_EQ(keys(read_element_string("^0412345678901234561012")), "gs1.ai_unknown@1");
    EXPECT_EQ(keys(read_element_string("^")), "gs1.no_data@1");
    EXPECT_EQ(keys(read_element_string("^01089399")), "gs1.too_short@3");
    EXPECT_EQ(keys(read_element_string(std::string(9'000, '1'))), "code.too_long@8192");
}

TEST(ElementString, RefusesOneAiWithTwoValues)
{
    EXPECT_EQ(keys(read_bracketed("(10)A(10)B")), "gs1.repeated@6");
    EXPECT_TRUE(read_bracketed("(10)A(10)A").valid());
}

TEST(ScanData, FollowsTheSymbologyIdentifier)
{
    for (auto const* identifier : {"]C1", "]e0", "]d2", "]Q3", "]J1"}) {
        auto const reading = read_scan_data(std::string{identifier} + "0108939999000017"
                                                                      "10LO-7\x1d"
                                                                      "21X");
        EXPECT_TRUE(reading.valid()) << identifier;
        EXPECT_EQ(reading.elements.size(), 3U);
    }
    auto const gtin = [](char const* text) { return read_scan_data(text).elements.at(0).value; };
    EXPECT_EQ(gtin("]E08939999000017"), "08939999000017");
    EXPECT_EQ(gtin("]E496385074"), "00000096385074");
    EXPECT_EQ(gtin("]E001234565"), "00012345000065");
    EXPECT_EQ(gtin("]E38939999000017 12"), "08939999000017");
    EXPECT_EQ(gtin("]I118939999000014"), "18939999000014");
    auto const composite = read_scan_data("]E08939999000017|]e010LO-7");
    EXPECT_TRUE(composite.valid());
    EXPECT_EQ(composite.elements, (std::vector<AiValue>{{"01", "08939999000017"}, {"10", "LO-7"}}));
}

TEST(ScanData, RefusesOtherSymbols)
{
    EXPECT_EQ(keys(read_scan_data("]Q1hello")), "gs1.symbology_plain@0");
    EXPECT_EQ(keys(read_scan_data("]Z9x")), "gs1.symbology_unknown@0");
    EXPECT_EQ(keys(read_scan_data("]")), "gs1.symbology_unknown@0");
    EXPECT_EQ(keys(read_scan_data("]C1")), "gs1.no_data@3");
    EXPECT_EQ(keys(read_scan_data("]E08939999000018")), "gtin.check_digit@3");
    EXPECT_EQ(keys(read_scan_data("]E08939999000017|x")), "gs1.syntax@16");
}

TEST(ToError, NamesTheFirstAndListsAll)
{
    auto const error = to_error(read_bracketed("(17)271331(10)").faults);
    EXPECT_EQ(error.key, "gs1.date");
    ASSERT_EQ(error.fields.size(), 2U);
    EXPECT_EQ(error.fields[1].pointer, "(10)");
}

} // namespace
} // namespace nguon::gs1
