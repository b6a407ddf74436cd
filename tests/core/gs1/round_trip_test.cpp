// Random valid elements survive every spelling, and random damage never breaks a reader.

#include "core/gs1/check_code.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"
#include "core/gs1/link_compression.hpp"
#include "tests/core/gs1/samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace nguon::gs1 {
namespace {

constexpr std::uint32_t seeds = 2'000;

/// What the strict reader makes of the text; a fault when it is wrong.
std::vector<AiValue> strictly(std::string const& text)
{
    Verdict verdict;
    check_code(text, {.associations = false}, verdict);
    for (auto const& fault : to_faults(verdict)) ADD_FAILURE() << text << ": " << fault.key << " " << fault.ai;
    return to_elements(verdict.elements());
}

std::vector<AiValue> sorted(std::vector<AiValue> elements)
{
    std::sort(elements.begin(), elements.end(), [](auto const& a, auto const& b) { return a.ai < b.ai; });
    return elements;
}

class RoundTrip : public testing::Test {
protected:
    void check_spellings(std::vector<AiValue> const& elements)
    {
        EXPECT_EQ(strictly(to_bracketed(elements)), elements);
        for (char const separator : {'^', group_separator}) {
            auto const text = to_element_string(elements, separator);
            EXPECT_EQ(strictly(text), elements);
            EXPECT_EQ(strictly(text + separator), elements);
        }
        for (auto const* identifier : {"]C1", "]e0", "]d2", "]Q3", "]J1"}) {
            EXPECT_EQ(strictly(*to_scan_data(elements, identifier)), elements);
        }
        auto const link = to_canonical_link(elements);
        ASSERT_TRUE(link.ok()) << to_bracketed(elements);
        auto const read = strictly(*link);
        EXPECT_EQ(sorted(read), sorted(elements));
        EXPECT_EQ(*to_canonical_link(read), *link);
        EXPECT_EQ(sorted(strictly("]Q1" + *link)), sorted(elements));
        EXPECT_EQ(sorted(strictly(*to_digital_link(elements, "HTTP://X.VN:8080/a/00/b/"))), sorted(elements));
    }

    void check_compressed(std::vector<AiValue> const& elements)
    {
        for (bool const keep_key : {false, true}) {
            for (bool const shortcuts : {false, true}) {
                auto const link = to_compressed_link(elements, "https://x.vn/p", {keep_key, shortcuts});
                ASSERT_TRUE(link.ok()) << to_bracketed(elements) << " " << link.error().values.at(0);
                EXPECT_EQ(sorted(strictly(*link)), sorted(elements)) << *link;
            }
        }
    }
};

TEST_F(RoundTrip, EverySpellingOfRandomElements)
{
    for (std::uint32_t seed = 1; seed <= seeds && !HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random{seed};
        check_spellings(samples::random_link_elements(random, false));
    }
}

TEST_F(RoundTrip, CompressedLinksOfRandomElements)
{
    for (std::uint32_t seed = 1; seed <= seeds && !HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random{seed};
        check_compressed(samples::random_link_elements(random, true));
    }
}

TEST_F(RoundTrip, DamagedTextsAreJudgedOrRead)
{
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
        std::mt19937 random{seed};
        auto const elements = samples::random_link_elements(random, seed % 2 == 0);
        std::vector<std::string> texts = {to_bracketed(elements), to_element_string(elements),
                                          *to_canonical_link(elements)};
        if (auto const link = to_compressed_link(elements, "https://x.vn")) texts.push_back(*link);
        for (auto text : texts) {
            for (auto hits = 1 + random() % 3; hits > 0; --hits) {
                auto const at = random() % text.size();
                if (random() % 3 == 0)
                    text.erase(at, 1);
                else
                    text[at] = static_cast<char>(random() % 256);
                if (text.empty()) text = "(";
            }
            for (bool const lenient : {false, true}) {
                Verdict verdict;
                check_code(text, {.lenient = lenient}, verdict);
                for (auto const& fault : to_faults(verdict)) {
                    EXPECT_LE(fault.position, text.size()) << text;
                    EXPECT_NE(fault.key, "internal");
                }
            }
        }
    }
}

} // namespace
} // namespace nguon::gs1
