#include "core/gs1/digital_link.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nguon::gs1 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string const gtin = "08939999000017";
std::string const gln = "8939999900010";

std::vector<std::string> keys(std::string const& uri)
{
    std::vector<std::string> out;
    for (auto const& fault : read_digital_link(uri).faults) out.push_back(fault.key);
    return out;
}

TEST(DigitalLink, ReadsPathQueryAndParameters)
{
    auto const reading = read_digital_link("https://example.vn:8443/a/b/01/" + gtin +
                                           "/10/LO%2F7/21/A+1?17=271231&linkType=gs1:pip&3103=001500&&k=%41#part");
    ASSERT_THAT(reading.faults, IsEmpty());
    auto const& link = reading.link;
    EXPECT_EQ(link.base, "https://example.vn:8443/a/b");
    EXPECT_EQ(link.path_elements, 3U);
    EXPECT_THAT(link.path(), ElementsAre(AiValue{"01", gtin}, AiValue{"10", "LO/7"}, AiValue{"21", "A+1"}));
    EXPECT_THAT(link.attributes(), ElementsAre(AiValue{"17", "271231"}, AiValue{"3103", "001500"}));
    EXPECT_THAT(link.parameters, ElementsAre(std::pair<std::string, std::string>{"linkType", "gs1:pip"},
                                             std::pair<std::string, std::string>{"k", "A"}));
}

TEST(DigitalLink, StartsAtTheRightmostKey)
{
    auto const link = *parse_digital_link("https://example.vn/00/faux/00/089399990000000017");
    EXPECT_EQ(link.base, "https://example.vn/00/faux");
    EXPECT_THAT(link.elements, ElementsAre(AiValue{"00", "089399990000000017"}));
    EXPECT_EQ(parse_digital_link("https://x.vn/01/" + gtin + "/21/01")->elements.at(1).value, "01");
    EXPECT_EQ(parse_digital_link("https://x.vn/01/" + gtin + "/414/" + gln)->base, "https://x.vn/01/" + gtin);
}

TEST(DigitalLink, ReadsOverATrailingSlash)
{
    EXPECT_THAT(keys("https://x.vn/01/" + gtin + "/"), IsEmpty());
    EXPECT_THAT(read_digital_link_path("/01/" + gtin + "/10/A/", "17=271231").faults, IsEmpty());
    EXPECT_EQ(read_digital_link_path("/x/01/" + gtin).link.base, "/x");
}

TEST(DigitalLink, RefusesWhatTheSyntaxForbids)
{
    std::string const head = "https://x.vn/01/" + gtin;
    EXPECT_THAT(keys("ftp://x.vn/01/" + gtin), ElementsAre("link.scheme"));
    EXPECT_THAT(keys("Https://x.vn/01/" + gtin), ElementsAre("link.scheme"));
    EXPECT_THAT(keys("https:///01/" + gtin), ElementsAre("link.host"));
    EXPECT_THAT(keys("https://a b/01/" + gtin), ElementsAre("link.host"));
    EXPECT_THAT(keys("https://x.vn"), ElementsAre("link.no_key"));
    EXPECT_THAT(keys("https://x.vn/10/A"), ElementsAre("link.no_key"));
    EXPECT_THAT(keys(head + "/foo"), ElementsAre("link.path"));
    EXPECT_THAT(keys(head + "/foo/bar"), ElementsAre("link.path"));
    EXPECT_THAT(keys(head + "/21/A/10/B"), ElementsAre("link.qualifier_order"));
    EXPECT_THAT(keys(head + "/10/A/235/B"), ElementsAre("link.qualifier_order"));
    EXPECT_THAT(keys(head + "/10/A/10/A"), ElementsAre("link.qualifier_order"));
    EXPECT_THAT(keys(head + "/10/%2x"), ElementsAre("link.escape"));
    EXPECT_THAT(keys(head + "/10/A%00"), ElementsAre("link.escape"));
    EXPECT_THAT(keys(head + "/10/A%2"), ElementsAre("link.escape"));
    EXPECT_THAT(keys(head + "?10=A"), ElementsAre("link.belongs_in_path"));
    EXPECT_THAT(keys(head + "/21/A?10=B"), ElementsAre("link.belongs_in_path"));
    EXPECT_THAT(keys(head + "/235/A?10=B"), IsEmpty());
    EXPECT_THAT(keys(head + "?8020=B"), ElementsAre("link.not_in_query"));
    EXPECT_THAT(keys(head + "?88=B"), ElementsAre("link.query_ai"));
    EXPECT_THAT(keys(head + "?12345=B"), ElementsAre("link.query_ai"));
    EXPECT_THAT(keys(head + "?17=271231&17=271231"), ElementsAre("link.repeated"));
    EXPECT_THAT(keys(head + "?01=" + gtin), ElementsAre("link.repeated"));
    EXPECT_THAT(keys(head + "?17=271331&15=271301"), ElementsAre("gs1.date", "gs1.date"));
    EXPECT_THAT(keys("https://x.vn/01/8939999000017"), ElementsAre("gs1.too_short"));
    EXPECT_THAT(keys(head + "/10/A%20B"), ElementsAre("gs1.characters"));
    EXPECT_THAT(keys(head + "?240=A+B"), ElementsAre("gs1.characters"));
    EXPECT_THAT(keys(head + "/10/"), ElementsAre("link.path"));
    EXPECT_THAT(keys("https://x.vn/" + std::string(9'000, 'a')), ElementsAre("link.too_long"));
}

TEST(DigitalLink, WritesKeyQualifiersAndAttributes)
{
    std::vector<AiValue> const elements = {
        {"17", "271231"}, {"21", "A/1"}, {"01", gtin}, {"10", "LO+7"}, {"11", "270101"}};
    EXPECT_EQ(*to_digital_link(elements, "https://example.vn/"),
              "https://example.vn/01/" + gtin + "/10/LO%2B7/21/A%2F1?17=271231&11=270101");
    EXPECT_EQ(*to_canonical_link(elements),
              "https://id.gs1.org/01/" + gtin + "/10/LO%2B7/21/A%2F1?11=270101&17=271231");
    EXPECT_EQ(*to_canonical_path(elements), "https://id.gs1.org/01/" + gtin + "/10/LO%2B7/21/A%2F1");
}

TEST(DigitalLink, ChoosesTheQualifiersThatLeaveNothingOver)
{
    EXPECT_EQ(*to_canonical_link({{{"01", gtin}, {"10", "A"}, {"235", "B"}}}),
              "https://id.gs1.org/01/" + gtin + "/235/B?10=A");
    EXPECT_EQ(to_canonical_link({{{"414", gln}, {"254", "A"}, {"7040", "1ABC"}}}).error().key, "link.not_in_link");
    EXPECT_EQ(to_canonical_link({{{"10", "A"}}}).error().key, "link.no_key");
    EXPECT_EQ(to_canonical_link({}).error().key, "link.no_key");
    EXPECT_EQ(to_canonical_link({{{"01", gtin}, {"8200", "x"}}}).error().key, "link.not_in_link");
    EXPECT_EQ(*to_canonical_link({{{"01", gtin}, {"414", gln}}}), "https://id.gs1.org/01/" + gtin + "?414=" + gln);
}

TEST(DigitalLink, ReadsWhatItWrites)
{
    std::vector<std::vector<AiValue>> const things = {
        {{"01", gtin}, {"22", "2A"}, {"10", "!\"%&'()*+,-./:;<=>?"}, {"21", "_Az"}},
        {{"00", "089399990000000017"}, {"403", "A?b&c=d"}},
        {{"414", gln}, {"254", "12"}},
        {{"415", gln}, {"8020", "ref"}},
        {{"417", gln}, {"7040", "1ABC"}},
        {{"8003", "0" + gln + "X"}},
        {{"8004", "8939999ABC"}},
        {{"8010", "8939999AB#"}, {"8011", "12"}},
        {{"253", gln + "A"}},
        {{"8006", gtin + "0102"}, {"21", "7"}},
    };
    for (auto const& thing : things) {
        auto const uri = to_digital_link(thing, "http://h.vn/p");
        ASSERT_TRUE(uri.ok());
        auto const read = parse_digital_link(*uri);
        ASSERT_TRUE(read.ok()) << *uri;
        EXPECT_EQ(read->elements, thing);
        EXPECT_EQ(read->base, "http://h.vn/p");
    }
}

TEST(DigitalLink, IsRecognisedBeforeItIsRead)
{
    EXPECT_TRUE(looks_like_digital_link("https://x.vn/01/1"));
    EXPECT_TRUE(looks_like_digital_link("http://x.vn/a/00/?x"));
    EXPECT_FALSE(looks_like_digital_link("https://x.vn/a?/01/1"));
    EXPECT_FALSE(looks_like_digital_link("https://x.vn/01"));
    EXPECT_FALSE(looks_like_digital_link("x.vn/01/1"));
    EXPECT_FALSE(looks_like_digital_link("https://x.vn/"));
    EXPECT_FALSE(looks_like_digital_link("https://"));
}

TEST(PercentEncoding, GoesBothWays)
{
    std::string all;
    for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
    EXPECT_EQ(*percent_decode(percent_encode(all)), all);
    EXPECT_EQ(*percent_decode("a+b"), "a+b");
    EXPECT_EQ(*percent_decode("a+b", true), "a b");
    EXPECT_EQ(*percent_decode("%c3%A8"), "è");
}

} // namespace
} // namespace nguon::gs1
