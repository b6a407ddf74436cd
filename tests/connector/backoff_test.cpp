#include "connector/backoff.hpp"

#include "tests/connector/seeded_random.hpp"

#include <gtest/gtest.h>

namespace nguon::connector {
namespace {

/// Always the largest or smallest draw.
class EdgeRandom final : public Random {
public:
    explicit EdgeRandom(bool highest) : highest_{highest} {}
    std::uint64_t below(std::uint64_t bound) override { return highest_ ? bound - 1 : 0; }

private:
    bool highest_;
};

constexpr Instant now{std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + std::chrono::hours{8}};

TEST(Backoff, StaysBetweenFloorAndCapForAnyNumberOfFailures)
{
    testing::SeededRandom random{1};
    for (unsigned failures = 0; failures < 200; ++failures) {
        auto const wait = backoff(failures, random);
        EXPECT_GE(wait, backoff_floor);
        EXPECT_LE(wait, backoff_cap);
    }
}

TEST(Backoff, DoublesItsWidestWaitUntilTheCap)
{
    EdgeRandom highest{true};
    EXPECT_EQ(backoff(0, highest), std::chrono::seconds{1});
    EXPECT_EQ(backoff(3, highest), std::chrono::seconds{8});
    EXPECT_EQ(backoff(9, highest), std::chrono::seconds{512});
    EXPECT_EQ(backoff(10, highest), std::chrono::minutes{15});
    EXPECT_EQ(backoff(4'000'000'000U, highest), std::chrono::minutes{15});
}

TEST(Backoff, NeverWaitsLessThanTheFloor)
{
    EdgeRandom lowest{false};
    EXPECT_EQ(backoff(9, lowest), backoff_floor);
}

TEST(Backoff, ReadsSecondsAndClampsThem)
{
    EXPECT_EQ(read_retry_after("0", "", now), Duration{0});
    EXPECT_EQ(read_retry_after("3599", "", now), std::chrono::seconds{3599});
    EXPECT_EQ(read_retry_after("3600", "", now), retry_after_cap);
    EXPECT_EQ(read_retry_after("3601", "", now), retry_after_cap);
    EXPECT_EQ(read_retry_after("99999999999999999999999", "", now), retry_after_cap);
}

TEST(Backoff, MeasuresADateAgainstThePortalsOwnClock)
{
    auto const until = "Sun, 06 Nov 1994 08:49:37 GMT";
    EXPECT_EQ(read_retry_after(until, "Sun, 06 Nov 1994 08:49:07 GMT", now), std::chrono::seconds{30});
    EXPECT_EQ(read_retry_after(until, "", now), std::chrono::minutes{49} + std::chrono::seconds{37});
    EXPECT_EQ(read_retry_after(until, "Mon, 07 Nov 1994 08:49:07 GMT", now), Duration{0});
    EXPECT_EQ(read_retry_after("Mon, 07 Nov 1994 08:49:37 GMT", "", now), retry_after_cap);
}

TEST(Backoff, IgnoresWhatItCannotRead)
{
    for (auto const* const text : {"", "soon", "-1", "1.5", "Sun, 31 Feb 1994 08:49:37 GMT",
                                   "Sun, 06 Xyz 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"})
        EXPECT_FALSE(read_retry_after(text, "", now)) << text;
}

TEST(Backoff, AddsAtMostATenthAsJitter)
{
    EdgeRandom highest{true};
    EdgeRandom lowest{false};
    EXPECT_EQ(with_jitter(std::chrono::seconds{10}, highest), std::chrono::seconds{11});
    EXPECT_EQ(with_jitter(std::chrono::seconds{10}, lowest), std::chrono::seconds{10});
    EXPECT_EQ(with_jitter(Duration{0}, highest), Duration{0});
}

TEST(ClockSkew, IsReadFromTheDateOfAnAnswer)
{
    auto const at = parse_time("2026-11-22T08:00:00Z")->at;
    EXPECT_EQ(clock_skew("Sun, 22 Nov 2026 08:01:00 GMT", at), std::chrono::milliseconds{60'500});
    EXPECT_EQ(clock_skew("Sun, 22 Nov 2026 07:59:59 GMT", at), std::chrono::milliseconds{-500});
    EXPECT_FALSE(clock_skew("yesterday", at));
    EXPECT_FALSE(clock_skew("", at));
}

} // namespace
} // namespace nguon::connector
