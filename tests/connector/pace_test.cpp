#include "connector/pace.hpp"

#include <gtest/gtest.h>

namespace nguon::connector {
namespace {

constexpr Duration quick = std::chrono::milliseconds{200};
constexpr Duration slow = std::chrono::seconds{6};
constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

TEST(Pace, GrowsByAFewAndHalvesWhenAnswersAreSlow)
{
    Pace pace{200, 4};
    EXPECT_EQ(pace.records(), 50U);
    for (int i = 0; i < 30; ++i) pace.answered(quick, true);
    EXPECT_EQ(pace.records(), 200U);
    pace.answered(slow, true);
    EXPECT_EQ(pace.records(), 100U);
    EXPECT_EQ(pace.lanes(), 2U);
    pace.timed_out();
    EXPECT_EQ(pace.records(), 50U);
    EXPECT_EQ(pace.lanes(), 1U);
    pace.answered(quick, true);
    EXPECT_EQ(pace.records(), 60U);
    EXPECT_EQ(pace.lanes(), 2U);
}

TEST(Pace, TriesNoMoreThanWasUsed)
{
    Pace pace{200, 4};
    for (int i = 0; i < 30; ++i) pace.answered(quick, false);
    EXPECT_EQ(pace.records(), 50U);
}

TEST(Pace, NeverFallsToNothing)
{
    Pace pace{3, 1};
    for (int i = 0; i < 10; ++i) pace.timed_out();
    EXPECT_EQ(pace.records(), 1U);
    EXPECT_EQ(pace.lanes(), 1U);
}

TEST(RetryBudget, IsATenthOfWhatIsSentInAMinuteWhileSendsFail)
{
    RetryBudget budget;
    for (int i = 0; i < 300; ++i) budget.sent(start, false);
    budget.failed(start);
    int retries = 0;
    while (budget.allows(start)) {
        budget.sent(start, true);
        ++retries;
    }
    EXPECT_EQ(retries, 30);
    EXPECT_EQ(budget.used_percent(start), 100U);
    auto const later = start + std::chrono::seconds{61};
    budget.failed(start + std::chrono::seconds{59});
    EXPECT_FALSE(budget.allows(start + std::chrono::seconds{59}));
    EXPECT_TRUE(budget.allows(later)) << "those sends are forgotten";
    EXPECT_EQ(budget.used_percent(later), 0U);
}

TEST(RetryBudget, LeavesAFewWhenNothingElseIsSent)
{
    RetryBudget budget;
    budget.failed(start);
    for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(budget.allows(start));
        budget.sent(start, true);
    }
    EXPECT_FALSE(budget.allows(start));
}

TEST(RetryBudget, RationsNothingOnceAMinutePassedWithoutAFailure)
{
    RetryBudget budget;
    auto now = start;
    for (int i = 0; i < 20; ++i) budget.sent(now, true);
    EXPECT_TRUE(budget.allows(now)) << "nothing has failed yet";
    budget.failed(now);
    EXPECT_FALSE(budget.allows(now));
    for (int second = 1; second <= 60; ++second) {
        now += std::chrono::seconds{1};
        budget.sent(now, true);
        EXPECT_FALSE(budget.allows(now)) << second;
    }
    now += std::chrono::seconds{1};
    EXPECT_TRUE(budget.allows(now));
    EXPECT_EQ(budget.used_percent(now), 0U);
    budget.failed(now);
    EXPECT_FALSE(budget.allows(now)) << "and it binds again at once";
}

} // namespace
} // namespace nguon::connector
