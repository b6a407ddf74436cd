#include "connector/breaker.hpp"

#include <gtest/gtest.h>

namespace nguon::connector {
namespace {

using namespace std::chrono_literals;

class LowRandom final : public Random {
public:
    std::uint64_t below(std::uint64_t) override { return 0; }
};

constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};

class BreakerTest : public ::testing::Test {
protected:
    void fail(Breaker& breaker, int times)
    {
        for (int i = 0; i < times; ++i) breaker.failure(now, random);
    }

    LowRandom random;
    Instant now = start;
};

TEST_F(BreakerTest, OpensAtTheFifthFailureInARow)
{
    Breaker breaker{transport_breaker};
    fail(breaker, 4);
    EXPECT_EQ(breaker.state(now), Breaker::State::closed);
    breaker.success(now);
    fail(breaker, 4);
    EXPECT_EQ(breaker.state(now), Breaker::State::closed);
    fail(breaker, 1);
    EXPECT_EQ(breaker.state(now), Breaker::State::open);
    EXPECT_EQ(breaker.retry_at(), now + 5s);
}

TEST_F(BreakerTest, OpensWhenHalfOfTwentyFailWithinThirtySeconds)
{
    Breaker breaker{transport_breaker};
    for (int i = 0; i < 9; ++i) {
        breaker.success(now);
        breaker.failure(now, random);
    }
    breaker.success(now);
    EXPECT_EQ(breaker.state(now), Breaker::State::closed) << "nineteen are too few to judge";
    breaker.failure(now, random);
    EXPECT_EQ(breaker.state(now), Breaker::State::open);
}

TEST_F(BreakerTest, ForgetsSamplesOlderThanItsWindow)
{
    Breaker breaker{transport_breaker};
    for (int i = 0; i < 40; ++i) {
        now += 4s;
        i % 2 == 0 ? breaker.success(now) : breaker.failure(now, random);
    }
    EXPECT_EQ(breaker.state(now), Breaker::State::closed);
}

TEST_F(BreakerTest, DoublesItsPauseUpToFiveMinutes)
{
    Breaker breaker{transport_breaker};
    fail(breaker, 5);
    for (auto const pause : {5s, 10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
        EXPECT_EQ(breaker.retry_at() - now, pause);
        now = breaker.retry_at();
        EXPECT_EQ(breaker.state(now), Breaker::State::half_open);
        fail(breaker, 1);
        EXPECT_EQ(breaker.state(now), Breaker::State::open);
    }
}

TEST_F(BreakerTest, ClosesAfterThreeSuccessesAndRampsUp)
{
    Breaker breaker{transport_breaker};
    fail(breaker, 5);
    breaker.success(now);
    EXPECT_EQ(breaker.state(now), Breaker::State::open) << "a straggler proves nothing";
    now = breaker.retry_at();
    breaker.success(now);
    breaker.success(now);
    EXPECT_EQ(breaker.state(now), Breaker::State::half_open);
    breaker.success(now);
    EXPECT_EQ(breaker.state(now), Breaker::State::closed);
    EXPECT_EQ(breaker.ramp(), 1U);
    breaker.success(now);
    EXPECT_EQ(breaker.ramp(), 2U);
    breaker.success(now);
    EXPECT_EQ(breaker.ramp(), 4U);
    fail(breaker, 5);
    EXPECT_EQ(breaker.retry_at() - now, 5s) << "a new trouble starts with the short pause";
}

TEST_F(BreakerTest, StopsAtTheFirstRefusalOfIdentityContractAndSecurity)
{
    struct Case {
        BreakerSettings settings;
        std::chrono::seconds pause;
    };
    for (auto const& one : {Case{identity_breaker, 300s}, Case{contract_breaker, 300s}, Case{security_breaker, 60s}}) {
        Breaker breaker{one.settings};
        fail(breaker, 1);
        EXPECT_EQ(breaker.retry_at() - now, one.pause);
        auto const later = breaker.retry_at();
        breaker.failure(later, random);
        EXPECT_EQ(breaker.retry_at() - later, one.pause) << "probes keep their distance";
        breaker.success(breaker.retry_at());
        EXPECT_EQ(breaker.state(breaker.retry_at()), Breaker::State::closed);
    }
}

TEST(MassGuard, BelievesAFewAndDoubtsTheFiftyFirst)
{
    MassGuard guard;
    for (int i = 0; i < 1000; ++i) guard.decided(start);
    for (int i = 0; i < 50; ++i) EXPECT_FALSE(guard.refused(start, std::to_string(i), "ERR")) << i;
    EXPECT_FALSE(guard.refused(start, "7", "ERR")) << "the same record again is no new one";
    EXPECT_FALSE(guard.refused(start, "other", "ERR_2"));
    EXPECT_TRUE(guard.refused(start, "50", "ERR"));
}

TEST(MassGuard, DoubtsMoreThanAFifthOfWhatWasDecided)
{
    MassGuard guard;
    for (int i = 0; i < 24; ++i) guard.decided(start);
    for (int i = 0; i < 6; ++i) EXPECT_FALSE(guard.refused(start, std::to_string(i), "ERR")) << i;
    // 7 of 31
    EXPECT_TRUE(guard.refused(start, "6", "ERR"));
}

TEST(MassGuard, ForgetsAfterTenMinutes)
{
    MassGuard guard;
    for (int i = 0; i < 51; ++i) (void)guard.refused(start, std::to_string(i), "ERR");
    EXPECT_FALSE(guard.refused(start + 10min + 1s, "x", "ERR"));
}

} // namespace
} // namespace nguon::connector
