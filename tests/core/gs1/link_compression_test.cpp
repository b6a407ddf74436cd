#include "core/gs1/link_compression.hpp"

#include "core/gs1/check_code.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"
#include "core/gs1/link_formats.hpp"
#include "core/gs1/read_code.hpp"
#include "tests/core/gs1/samples.hpp"

#include <gtest/gtest.h>

namespace nguon::gs1 {
namespace {

std::string const gtin = "08939999000017";

/// The segment that these elements become.
std::string packed(std::string_view bracketed, CompressOptions const& options = {})
{
    auto const link = to_compressed_link(read_bracketed(bracketed).elements, "https://x.vn/", options);
    return link ? link->substr(std::string_view{"https://x.vn/"}.size())
                : link.error().key + " " + link.error().values.at(0);
}

std::string unpacked(std::string_view uri)
{
    Verdict verdict;
    check_digital_link(uri, {.associations = false}, verdict);
    if (!verdict.valid()) return to_faults(verdict).front().key;
    EXPECT_EQ(verdict.form(), Form::compressed_link) << uri;
    return to_bracketed(to_elements(verdict.elements()));
}

TEST(CompressedLink, ReadsWhatOthersWrote)
{
    EXPECT_EQ(unpacked("https://id.gs1.org/ARHKVAdpQg"), "(01)09780345418913");
    EXPECT_EQ(unpacked("https://id.gs1.org/ABeRcNWtKMPA"), "(00)106141412345678908");
    EXPECT_EQ(unpacked("https://id.gs1.org/QUCO_anbfA"), "(414)0614141123452");
    EXPECT_EQ(unpacked("https://id.gs1.org/JAaasHt_dNNt4ADESMALumsUfMAm34"),
              "(8003)09421012301014f9804dbf(240)qwe390023");
    EXPECT_EQ(unpacked("https://id.gs1.org/AREjalurbiAUO-cgohCz45Z67b8A"),
              "(01)09421902960055(10)2010005828(21)xyz1234");
    EXPECT_EQ(unpacked("https://id.gs1.org/AQnYUc1gmiCNV4JGYgYAF6ckaEPg"),
              "(01)05412345000013(10)ABC123(3103)000189(3923)2172");
}

TEST(CompressedLink, WritesWhatOthersWrote)
{
    CompressOptions const plain{.shortcuts = false};
    EXPECT_EQ(packed("(01)09421902960055(10)2010005828(21)xyz1234", plain), "AREjalurbiAUO-cgohCz45Z67b8A");
    EXPECT_EQ(packed("(00)106141412345678908"), "ABeRcNWtKMPA");
    EXPECT_EQ(packed("(414)0614141123452"), "QUCO_anbfA");
    EXPECT_EQ(packed("(8003)09421012301014f9804dbf(240)qwe390023"), "JAaasHt_dNNt4ADESMALumsUfMAm34");
    EXPECT_EQ(packed("(01)00614141123452(3103)000500", plain), "AQEd-1O2-GIGAD6A");
    EXPECT_EQ(packed("(3103)000189(01)05412345000013(3923)2172(10)ABC123", plain), "AQnYUc1gmiCNV4JGYgYAF6ckaEPg");
}

TEST(CompressedLink, CarriesOtherParameters)
{
    std::vector<AiValue> const elements = {{"01", "05412345000013"}, {"10", "ABC&+123"}, {"7003", "1903061658"}};
    std::vector<std::pair<std::string, std::string>> const parameters = {{"k1", "v1"}};
    CompressOptions const inside{.shortcuts = false, .compress_parameters = true};
    EXPECT_EQ(*to_compressed_link(elements, "http://example.org", inside, parameters),
              "http://example.org/AQnYUc1gmiERBhQ0ytiyZuAGOLc1TXgpNWCv1");
    EXPECT_EQ(*to_compressed_link(elements, "http://example.org", {.shortcuts = false}, parameters),
              "http://example.org/AQnYUc1gmiERBhQ0ytiyZuAGOLc1TQ?k1=v1");
    auto const read = read_digital_link_path("/AQnYUc1gmiERBhQ0ytiyZuAGOLc1TXgpNWCv1");
    EXPECT_TRUE(read.valid());
    EXPECT_EQ(read.link.parameters, parameters);
    EXPECT_EQ(read.link.elements, elements);
    EXPECT_EQ(read.link.path_elements, 2U);
}

TEST(CompressedLink, KeepsTheKeyOutside)
{
    auto const segment = packed("(01)" + gtin + "(10)LO-7(17)271231", {.keep_key = true});
    EXPECT_TRUE(segment.starts_with("01/" + gtin + "/")) << segment;
    EXPECT_EQ(unpacked("https://x.vn/a/" + segment), "(01)" + gtin + "(10)LO-7(17)271231");
    EXPECT_EQ(read_digital_link_path("/" + segment).link.path_elements, 2U);
}

TEST(CompressedLink, KeepsLeadingZeros)
{
    for (std::string const lot : {"0012", "0", "00", "000000000000", "00000000000000000012", "0A", "00a1", "00-_"}) {
        auto const elements = "(01)" + gtin + "(10)" + lot;
        EXPECT_EQ(unpacked("https://x.vn/" + packed(elements)), elements);
    }
    // 91 to 99 hold more digits than a machine word.
    for (std::size_t const length : {19U, 20U, 58U, 59U, 60U, 89U, 90U}) {
        auto const elements = "(01)" + gtin + "(91)" + "00" + std::string(length - 2, '9');
        EXPECT_EQ(unpacked("https://x.vn/" + packed(elements)), elements);
    }
}

TEST(CompressedLink, RefusesWhatItsTableLacks)
{
    EXPECT_EQ(packed("(01)" + gtin + "(235)A"), "link.not_compressible 235");
    EXPECT_EQ(packed("(417)8939999900010"), "link.not_compressible 417");
    EXPECT_EQ(packed("(01)" + gtin + "(4321)1"), "link.not_compressible 4321");
    EXPECT_EQ(packed("(00)089399990000000017(01)" + gtin), "link.not_compressible 01");
    EXPECT_EQ(unpacked("https://x.vn/" + packed("(00)089399990000000017(01)" + gtin, {.keep_key = true})),
              "(00)089399990000000017(01)" + gtin);
    EXPECT_EQ(to_compressed_link({{{"10", "A"}}}, "https://x.vn").error().key, "link.no_key");
    EXPECT_EQ(to_compressed_link({{{"01", gtin}, {"10", "\xC3\xA8"}}}, "https://x.vn").error().key,
              "link.not_compressible");
}

TEST(CompressedLink, UsesShortcutsAndReadsBothOrders)
{
    EXPECT_EQ(unpacked("https://x.vn/" + packed("(01)" + gtin + "(10)A(21)B(17)271231")),
              "(01)" + gtin + "(10)A(21)B(17)271231");
    // 0x1A as GS1's prototype orders it: 01, 10, 17, 21; and 9D: 254, 414.
    EXPECT_EQ(unpacked("https://x.vn/GhBDAu3rospZyf3aEb-BgO"), "(01)" + gtin + "(10)LOT-7(21)007(17)271231");
    EXPECT_EQ(unpacked("https://x.vn/nQIZBDAwli1A"), "(414)8939999900010(254)12");
    for (auto const* elements :
         {"(414)8939999900010(254)12", "(8010)8939999AB(8011)12", "(8017)089399990000000017(8019)7",
          "(255)8939999900010(3900)100", "(255)8939999900010"}) {
        EXPECT_EQ(unpacked("https://x.vn/" + packed(elements)), elements);
    }
}

TEST(CompressedLink, IsNotSeenInOrdinaryAddresses)
{
    for (auto const* uri :
         {"https://example.vn/shop", "https://example.vn/ARTICLE", "https://example.vn/about/us", "https://x.vn/A",
          "https://x.vn/____", "https://x.vn/ARHKVAdpQ", "https://x.vn/ARHKVAdpQw", "https://x.vn/ARHKVAdpQg/x"}) {
        EXPECT_EQ(unpacked(uri), "link.no_key") << uri;
        EXPECT_EQ(read_code(uri).kind, CodeKind::other_link) << uri;
    }
    EXPECT_EQ(read_code("https://id.gs1.org/ARHKVAdpQg").link, "https://id.gs1.org/01/09780345418913");
    // Names of things are not to change their meaning, so those who compare them read no compressed links.
    EXPECT_FALSE(read_digital_link("https://id.gs1.org/ARHKVAdpQg").valid());
}

TEST(CompressedLink, EveryAiOfTheTableGoesBothWays)
{
    int checked = 0;
    for (auto const& ai : samples::all_ais()) {
        auto const& entry = *find_ai(ai);
        if (!packing::formats[row_of(entry)].exists() || !(entry.link_attribute || entry.link_key)) continue;
        for (auto const size : {samples::Size::shortest, samples::Size::longest}) {
            auto value = samples::good_value(entry, size);
            if (ai == "8007" && value.size() > 31) value = samples::good_value(entry, samples::Size::shortest);
            std::vector<AiValue> elements = {{ai, value}};
            if (!entry.link_key) elements.insert(elements.begin(), {"00", "089399990000000017"});
            for (bool const shortcuts : {true, false}) {
                auto const link = to_compressed_link(elements, "https://x.vn", {.shortcuts = shortcuts});
                ASSERT_TRUE(link.ok()) << ai << " " << value << " " << link.error().key;
                EXPECT_EQ(unpacked(*link), to_bracketed(elements)) << *link;
            }
            ++checked;
        }
    }
    EXPECT_GT(checked, 900);
}

} // namespace
} // namespace nguon::gs1
