#include "core/gs1/associations.hpp"

#include "core/gs1/check_code.hpp"
#include "tests/core/gs1/samples.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace nguon::gs1 {
namespace {

/// Rules and AIs of the association faults of bracketed text: "req:21 ex:37".
std::string broken(std::string_view text, Edition edition = current_edition)
{
    Verdict verdict;
    CheckOptions options;
    options.edition = edition;
    check_bracketed(text, options, verdict);
    std::string out;
    for (auto const& finding : verdict.findings()) {
        out += (out.empty() ? "" : " ") + std::string{rule_name(finding.rule)} + ":" + std::string{finding.ai};
    }
    return out;
}

std::string bracketed(std::vector<std::string> const& ais)
{
    std::string out;
    for (auto const& ai : ais) {
        auto value = samples::good_value(*find_ai(ai), samples::Size::longest);
        std::string escaped;
        for (char const c : value) escaped += c == '(' ? "\\(" : std::string(1, c);
        out += "(" + ai + ")" + escaped;
    }
    return out;
}

std::vector<std::string> words(std::string_view text, char separator)
{
    std::vector<std::string> out;
    std::istringstream in{std::string{text}};
    for (std::string word; std::getline(in, word, separator);) {
        while (word.starts_with(' ')) word.erase(0, 1);
        if (!word.empty()) out.push_back(word);
    }
    return out;
}

/// An AI that the pattern stands for: "31nn" -> "3100".
std::string first_of(std::string pattern)
{
    for (auto& c : pattern) c = c == 'n' ? '0' : c;
    return find_ai(pattern) != nullptr ? pattern : pattern.replace(2, 2, "00");
}

TEST(Associations, CountAsTheTableDoes)
{
    int needing = 0;
    int excluding = 0;
    for (auto const& ai : samples::all_ais()) {
        auto const& rules = associations(row_of(*find_ai(ai)), Edition::of_2026_01);
        needing += rules.demands[0].exists() ? 1 : 0;
        excluding += rules.excludes.words == RowSet{}.words ? 0 : 1;
    }
    EXPECT_EQ(needing, 502);
    EXPECT_EQ(excluding, 393);
}

TEST(Associations, EveryDemandIsMissedAndMet)
{
    for (auto const& ai : samples::all_ais()) {
        auto const& entry = *find_ai(ai);
        for (auto const& demand : words(entry.needs, ';')) {
            auto const alone = broken(bracketed({ai}));
            EXPECT_NE(alone.find("req:" + ai), std::string::npos) << ai << ": " << alone;
            for (auto const& alternative : words(demand, ' ')) {
                std::vector<std::string> ais = {ai};
                for (auto const& part : words(alternative, '+')) ais.push_back(first_of(part));
                // The other demand may still be open; this one is not.
                auto const& rules = associations(row_of(entry), current_edition);
                RowSet present;
                for (auto const& one : ais) present.add(row_of(*find_ai(one)));
                EXPECT_TRUE(is_met(demand == rules.demands[0].text ? rules.demands[0] : rules.demands[1], present))
                    << ai << " with " << alternative;
            }
        }
    }
}

TEST(Associations, EveryExclusionIsTold)
{
    for (auto const& ai : samples::all_ais()) {
        for (auto const& pattern : words(find_ai(ai)->excludes, ' ')) {
            auto other = first_of(pattern);
            if (other == ai) other.back() = other.back() == '0' ? '1' : '0';
            auto const told = broken(bracketed({ai, other}));
            EXPECT_NE(told.find("ex:"), std::string::npos) << ai << " with " << other << ": " << told;
        }
    }
}

TEST(Associations, TellAMutualExclusionOnce)
{
    EXPECT_EQ(broken("(01)08939999000017(37)5(00)089399990000000017"), "ex:01 req:37");
    EXPECT_EQ(broken("(01)08939999000017(3100)000001(3101)000001"), "ex:3101");
    EXPECT_EQ(broken("(8017)123456789012345675(8018)123456789012345675"), "ex:8018");
}

TEST(Associations, NeedASerialBehindASignature)
{
    EXPECT_EQ(broken("(253)1234567890128(8030)ABC123"), "serial:253");
    EXPECT_EQ(broken("(253)1234567890128X(8030)ABC123"), "");
    EXPECT_EQ(broken("(255)1234567890128(8030)ABC123"), "serial:255");
    EXPECT_EQ(broken("(255)12345678901280(8030)ABC123"), "");
    EXPECT_EQ(broken("(8003)01234567890128(8030)ABC123"), "serial:8003");
    EXPECT_EQ(broken("(8003)01234567890128X(8030)ABC123"), "");
}

TEST(Associations, AreNotMissedWherePartsCouldNotBeRead)
{
    EXPECT_EQ(broken("(21)A(x1)08939999000017"), "syntax:");
    EXPECT_EQ(broken("(21)A(235)B(x"), "syntax: ex:21");
}

TEST(Associations, DifferByEdition)
{
    auto const both = [](std::string_view text) {
        return broken(text, Edition::of_2026_01) + "|" + broken(text, Edition::of_2026_07);
    };
    EXPECT_EQ(both("(03)08939999000017(20)01"), "req:20|");
    EXPECT_EQ(both("(03)08939999000017(235)A(01)08939999000017"), "ex:03|ex:03 ex:03");
    EXPECT_EQ(both("(03)08939999000017(21)A(8030)AB"), "req:8030|");
    EXPECT_EQ(both("(01)08939999000017(3920)1(3100)000001"), "|");
    EXPECT_EQ(both("(01)08939999000017(3920)1"), "req:3920|req:3920");
    EXPECT_EQ(edition_name(Edition::of_2026_07), "2026-07-27");
    Verdict verdict;
    CheckOptions options;
    options.edition = Edition::of_2026_07;
    check_bracketed("(01)08939999000017", options, verdict);
    EXPECT_EQ(to_reading(verdict).edition, "2026-07-27");
}

TEST(Associations, AreNamedForPeople)
{
    EXPECT_EQ(to_text(associations(row_of(*find_ai("8030")), Edition::of_2026_01).demands[0]),
              "(00), (01)+(21), (253), (255), (8003), (8004), (8006)+(21), (8010)+(8011), (8017), (8018)");
    Verdict verdict;
    check_bracketed("(427)AB", {}, verdict);
    auto const faults = to_faults(verdict);
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_EQ(faults[0].key, "gs1.needs");
    EXPECT_EQ(faults[0].values, (std::vector<std::string>{"427", "(01), (02)"}));
    EXPECT_EQ(faults[1].values, (std::vector<std::string>{"427", "(422)"}));
}

} // namespace
} // namespace nguon::gs1
