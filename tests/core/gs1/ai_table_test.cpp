#include "core/gs1/ai_table.hpp"

#include <gtest/gtest.h>

namespace nguon::gs1 {
namespace {

std::string faults_of(std::string_view ai, std::string_view value)
{
    auto const* const entry = find_ai(ai);
    if (entry == nullptr) return "unknown";
    std::string out;
    auto const faults = check_value(*entry, value);
    for (auto const& fault : faults.all()) {
        out +=
            (out.empty() ? "" : " ") + std::string{rule_key(fault.rule)}.substr(4) + "@" + std::to_string(fault.offset);
    }
    return out;
}

template <typename Count>
int count_ais(Count wanted)
{
    int count = 0;
    for (auto const& entry : ai_table()) {
        auto const ais = entry.last.back() - entry.first.back() + 1;
        if (wanted(entry)) count += ais;
    }
    return count;
}

TEST(AiTable, HoldsTheWholeDictionary)
{
    EXPECT_EQ(ai_table().size(), 224U);
    EXPECT_EQ(count_ais([](auto const&) { return true; }), 541);
    EXPECT_EQ(count_ais([](auto const& e) { return e.first.size() == 2; }), 26);
    EXPECT_EQ(count_ais([](auto const& e) { return e.first.size() == 3; }), 38);
    EXPECT_EQ(count_ais([](auto const& e) { return e.predefined_length; }), 337);
    EXPECT_EQ(count_ais([](auto const& e) { return e.link_attribute; }), 525);
    EXPECT_EQ(count_ais([](auto const& e) { return e.link_key; }), 16);
}

TEST(AiTable, AgreesWithTheTablesOfLengths)
{
    for (auto const& entry : ai_table()) {
        EXPECT_EQ(find_ai(entry.first), &entry) << entry.first;
        EXPECT_EQ(find_ai(entry.last), &entry) << entry.last;
        EXPECT_EQ(ai_length(entry.first), entry.first.size()) << entry.first;
        EXPECT_EQ(predefined_length(entry.first) > 0, entry.predefined_length) << entry.first;
        if (entry.predefined_length) {
            EXPECT_EQ(predefined_length(entry.first), entry.first.size() + entry.length_max()) << entry.first;
            EXPECT_EQ(entry.length_min(), entry.length_max()) << entry.first;
        }
        EXPECT_LE(entry.length_max(), ai_value_chars_max);
        EXPECT_FALSE(entry.title.empty());
    }
}

TEST(AiTable, KnowsNoOtherAi)
{
    for (auto const* ai : {"", "0", "04", "05", "14", "18", "19", "88", "9", "100", "236", "3106", "3944", "0001",
                           "01234", "ab", "0a", "3960", "8099"}) {
        EXPECT_EQ(find_ai(ai), nullptr) << ai;
    }
    EXPECT_EQ(ai_length("3"), 0U);
    EXPECT_EQ(ai_length("31x5"), 0U);
    EXPECT_EQ(ai_length("0"), 0U);
}

struct Sample {
    char const* ai;
    char const* value;
    char const* faults;
};

class AiValueCheck : public testing::TestWithParam<Sample> {};

TEST_P(AiValueCheck, FindsTheFaults)
{
    auto const& [ai, value, faults] = GetParam();
    EXPECT_EQ(faults_of(ai, value), faults) << ai << " " << value;
}

INSTANTIATE_TEST_SUITE_P(
    Form, AiValueCheck,
    testing::Values(Sample{"01", "08939999000017", ""}, Sample{"01", "8939999000017", "too_short@0"},
                    Sample{"01", "089399990000171", "too_long@14"}, Sample{"01", "0893999900001x", "characters@13"},
                    Sample{"01", "", "empty@0"}, Sample{"10", "12345678901234567890", ""},
                    Sample{"10", "123456789012345678901", "too_long@20"}, Sample{"10", "A B", "characters@1"},
                    Sample{"10", "!\"%&'()*+,-./:;<=>?_", ""}, Sample{"10", "a^b", "characters@1"},
                    Sample{"10", "L\xC3\x94", "characters@1"}, Sample{"8010", "8939999AB#-/", ""},
                    Sample{"8010", "8939999a", "characters@7"}, Sample{"8030", "aZ09-_", ""}, Sample{"8030", "12=", ""},
                    Sample{"8030", "1==", ""}, Sample{"8030", "123=", "padding@3"}, Sample{"8030", "===", "padding@0"},
                    Sample{"8030", "1=2", "characters@1"}, Sample{"253", "8939999900010", ""},
                    Sample{"253", "8939999900010AB", ""}, Sample{"253", "893999990001", "too_short@0"},
                    Sample{"255", "8939999900010A", "characters@13"}, Sample{"421", "704", "too_short@3"},
                    Sample{"421", "704AB", ""}));

INSTANTIATE_TEST_SUITE_P(
    Rules, AiValueCheck,
    testing::Values(
        Sample{"01", "08939999000018", "check_digit@0"}, Sample{"8003", "08939999900010X", ""},
        Sample{"8003", "18939999900010X", "zero@0"}, Sample{"8003", "08939999900011X", "check_digit@1"},
        Sample{"17", "271231", ""}, Sample{"17", "271200", ""}, Sample{"17", "270230", "date@0"},
        Sample{"17", "280229", ""}, Sample{"17", "270229", "date@0"}, Sample{"17", "271301", "date@0"},
        Sample{"17", "270001", "date@0"}, Sample{"17", "000229", ""}, Sample{"7006", "271200", "date@0"},
        Sample{"7007", "271201271132", "date@6"}, Sample{"7003", "2712312460", "time@6"},
        Sample{"7003", "2712312359", ""}, Sample{"8008", "27123123", ""}, Sample{"8008", "271231236000", "time@8"},
        Sample{"8008", "2712312359", ""}, Sample{"8008", "27123123596", "too_short@10"}, Sample{"7250", "20000229", ""},
        Sample{"7250", "19000229", "date_long@0"}, Sample{"422", "704", ""}, Sample{"422", "999", "country@0"},
        Sample{"423", "704840", ""}, Sample{"423", "704999", "country@3"}, Sample{"7030", "999ABC", ""},
        Sample{"4307", "VN", ""}, Sample{"4307", "XX", "country@0"}, Sample{"3910", "704100", ""},
        Sample{"3910", "111100", "currency@0"}, Sample{"401", "893AB", "company_prefix@0"},
        Sample{"8004", "8939AB", ""}, Sample{"8006", "089399990000170102", ""},
        Sample{"8006", "089399990000170301", "piece_of_total@14"},
        Sample{"8006", "089399990000170001", "piece_of_total@14"}, Sample{"8011", "12", ""},
        Sample{"8011", "012", "leading_zero@0"}, Sample{"8013", "1987654Ad4X4bL5ttr2310c2K", ""},
        Sample{"8013", "1987654Ad4X4bL5ttr2310c2J", "check_pair@0"}, Sample{"4321", "2", "yes_no@0"},
        Sample{"7252", "9", ""}, Sample{"7252", "3", "sex@0"}, Sample{"4309", "02790858483015297971", ""},
        Sample{"4309", "18000000013600000001", "latitude@0 longitude@10"}, Sample{"4331", "001234-", ""},
        Sample{"4331", "001234+", "minus@6"}, Sample{"7258", "1/3", ""}, Sample{"7258", "3/1", "sequence@0"},
        Sample{"7258", "0/1", "sequence@0"}, Sample{"4300", "A%20B", ""}, Sample{"4300", "A%2", "percent_escapes@0"},
        Sample{"7040", "1ABC", ""}, Sample{"7040", "1AB.", "importer_index@3"}, Sample{"7241", "11", "media_type@0"},
        Sample{"7241", "80", ""}, Sample{"8007", "GB82WEST12345698765432", ""},
        Sample{"8007", "GB82WEST12345698765433", "bank_account@0"}, Sample{"8001", "00010000100010", "not_zero@9"},
        Sample{"8001", "00010000100132", "winding@12"}));

TEST(CheckPair, CompletesAModelNumber)
{
    EXPECT_EQ(check_pair("1987654Ad4X4bL5ttr2310c"), "2K");
    EXPECT_EQ(check_pair("12345678901234567890ABCD"), "");
    EXPECT_EQ(check_pair("\xff"), "");
}

TEST(Qualifiers, StandInTheOrderOfTheKey)
{
    auto const of_gtin = qualifier_sequences("01");
    ASSERT_EQ(of_gtin.size(), 2U);
    EXPECT_EQ(of_gtin[0][1], "10");
    EXPECT_EQ(of_gtin[1][0], "235");
    EXPECT_TRUE(qualifier_sequences("00").empty());
    for (auto const& entry : ai_table()) {
        for (auto const sequence : qualifier_sequences(entry.first)) {
            EXPECT_TRUE(entry.link_key);
            for (auto const ai : sequence) EXPECT_NE(find_ai(ai), nullptr);
        }
    }
}

} // namespace
} // namespace nguon::gs1
