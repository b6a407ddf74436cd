// Every AI of the table: shortest and longest value, one character more, wrong characters, and for each rule a value
// that breaks it.

#include "core/gs1/check_code.hpp"
#include "core/gs1/element_string.hpp"
#include "tests/core/gs1/samples.hpp"

#include <gtest/gtest.h>

namespace nguon::gs1 {
namespace {

using samples::Size;

std::string keys_of(AiEntry const& entry, std::string_view value)
{
    std::string out;
    auto const faults = check_value(entry, value);
    for (auto const& fault : faults.all()) {
        out += (out.empty() ? "" : " ") + std::string{rule_name(fault.rule)} + ":" + std::string{rule_key(fault.rule)};
    }
    return out;
}

/// Length limits that a rule narrows: coupons have an inner form, package types have at most three characters.
bool has_inner_form(AiEntry const& entry)
{
    return entry.first == "8110" || entry.first == "8112" || entry.first == "7041";
}

TEST(EveryAi, TakesItsShortestAndItsLongestValue)
{
    for (auto const& ai : samples::all_ais()) {
        auto const& entry = *find_ai(ai);
        for (auto const size : {Size::shortest, Size::longest}) {
            auto const value = samples::good_value(entry, size);
            EXPECT_EQ(keys_of(entry, value), "") << ai << " " << value;
            auto const read = read_bracketed(to_bracketed({{{ai, value}}}));
            EXPECT_TRUE(read.valid()) << ai << " " << value;
        }
        if (has_inner_form(entry)) continue;
        EXPECT_EQ(samples::good_value(entry, Size::longest).size(), entry.length_max()) << ai;
    }
}

TEST(EveryAi, RefusesOneCharacterTooMany)
{
    for (auto const& ai : samples::all_ais()) {
        auto const& entry = *find_ai(ai);
        if (has_inner_form(entry)) continue;
        auto const value = samples::good_value(entry, Size::longest) + "1";
        EXPECT_EQ(keys_of(entry, value), "format:gs1.too_long") << ai << " " << value;
    }
    EXPECT_EQ(keys_of(*find_ai("8110"), std::string(71, '1')), "couponcode:gs1.coupon format:gs1.too_long");
}

TEST(EveryAi, RefusesNoCharacterAndTooFew)
{
    for (auto const& ai : samples::all_ais()) {
        auto const& entry = *find_ai(ai);
        EXPECT_EQ(keys_of(entry, ""), "format:gs1.empty") << ai;
        if (entry.length_min() < 2) continue;
        auto const value = samples::good_value(entry, Size::shortest).substr(0, entry.length_min() - 1);
        EXPECT_NE(keys_of(entry, value).find("gs1.too_short"), std::string::npos) << ai << " " << value;
    }
}

TEST(EveryAi, RefusesCharactersOfNoSet)
{
    for (auto const& ai : samples::all_ais()) {
        auto const& entry = *find_ai(ai);
        for (char const wrong : {' ', '^', '~', '\x1d', '\x7f', '\x80', '\xff', '\0'}) {
            auto value = samples::good_value(entry, Size::longest);
            value[value.size() / 2] = wrong;
            EXPECT_NE(keys_of(entry, value).find("gs1.characters"), std::string::npos) << ai << " " << value;
        }
    }
}

TEST(EveryAi, RefusesWhatBreaksEachOfItsRules)
{
    std::vector<Rule> seen;
    for (auto const& ai : samples::all_ais()) {
        auto const& entry = *find_ai(ai);
        for (auto const rule : samples::content_rules()) {
            auto const value = samples::bad_value(entry, rule);
            if (!value) continue;
            seen.push_back(rule);
            auto const wanted = std::string{rule_name(rule)} + ":" + std::string{rule_key(rule)};
            EXPECT_NE(keys_of(entry, *value).find(wanted), std::string::npos) << ai << " " << *value;
        }
    }
    for (auto const rule : samples::content_rules()) {
        if (rule == Rule::prefix_at_2) continue; // stands only behind digits, which cannot break it
        EXPECT_NE(std::find(seen.begin(), seen.end(), rule), seen.end()) << rule_name(rule);
    }
}

TEST(EveryAi, ReportsAllRulesOfOneComponentAtOnce)
{
    EXPECT_EQ(keys_of(*find_ai("8014"), "98"), "csumalpha:gs1.check_pair gcppos1:gs1.company_prefix "
                                               "hasnondigit:gs1.has_letter");
    EXPECT_EQ(keys_of(*find_ai("8001"), "00000000000022"),
              "nonzero:gs1.not_zero nonzero:gs1.not_zero nonzero:gs1.not_zero winding:gs1.winding");
}

TEST(EveryAi, HasASentenceForEachRule)
{
    for (auto rule = Rule::too_short; rule <= Rule::link_too_long;
         rule = static_cast<Rule>(static_cast<int>(rule) + 1)) {
        EXPECT_FALSE(rule_name(rule).empty());
        EXPECT_NE(rule_key(rule).find('.'), std::string_view::npos);
    }
}

} // namespace
} // namespace nguon::gs1
