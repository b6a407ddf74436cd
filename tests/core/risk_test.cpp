#include "core/risk.hpp"

#include "core/lot_story.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nguon {
namespace {

std::string told(RiskFacts const& facts)
{
    auto const risk = judge_risk(facts);
    std::string out{to_text(risk.level)};
    for (auto const& reason : risk.reasons) out += " " + std::string{reason.word} + std::to_string(reason.count);
    return out;
}

TEST(Risk, SaysItsLevelAndWhyTheHeaviestFirst)
{
    EXPECT_EQ(told({}), "low");
    EXPECT_EQ(told({.foods = 4}), "low food4");
    EXPECT_EQ(told({.expired_certificates = 1, .foods = 1}), "medium expired_certificate1 food1");
    EXPECT_EQ(told({.complaints = 1, .perishable_goods = 2, .foods = 2}), "medium complaint1 perishable2 food2");
    EXPECT_EQ(told({.open_recalls = 3}), "high recall3");
    EXPECT_EQ(told({.sanctions = 1, .missed_clocks = 1}), "high sanction1 missed_clock1");
    EXPECT_EQ(told({.serious_inspections = 1, .minor_inspections = 1}), "medium serious_inspection1 minor_inspection1");
    EXPECT_EQ(told({.serious_inspections = 2}), "high serious_inspection2");
}

TEST(Risk, CountsNoKindOfTroubleWithoutEnd)
{
    auto const many = judge_risk({.complaints = 500});
    EXPECT_EQ(many.points, judge_risk({.complaints = 3}).points);
    EXPECT_LT(many.points, judge_risk({.open_recalls = 1}).points);
    EXPECT_EQ(many.reasons.front().count, 500); // told as it is
}

TEST(LotStory, IsCompleteWithNineItemsAndAStepEitherWay)
{
    LotStory story{.items_present = 9, .back_known = true, .forward_known = true};
    EXPECT_TRUE(is_complete(story));
    EXPECT_EQ(score_of(story), 90);
    story.evidence = 3;
    EXPECT_EQ(score_of(story), 100);
    for (auto* known : {&story.back_known, &story.forward_known}) {
        *known = false;
        EXPECT_FALSE(is_complete(story));
        EXPECT_EQ(score_of(story), 82);
        *known = true;
    }
    story.items_present = 8;
    EXPECT_FALSE(is_complete(story));
}

} // namespace
} // namespace nguon
