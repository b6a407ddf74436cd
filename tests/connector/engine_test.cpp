#include "tests/connector/fake_world.hpp"

#include <gtest/gtest.h>

namespace nguon::connector {
namespace {

using testing::World;
using testing::WorldSettings;

class EngineWorld : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(EngineWorld, DeliversEverythingOnceAndInOrderThroughEveryFault)
{
    WorldSettings settings;
    settings.seed = GetParam();
    World world{settings};
    world.run(std::chrono::hours{24});

    EXPECT_TRUE(world.drained()) << world.counts().pending << " pending after 24 hours";
    EXPECT_EQ(world.violations(), std::vector<std::string>{});
    EXPECT_EQ(world.portal().violations, std::vector<std::string>{});
    auto const counts = world.counts();
    EXPECT_EQ(counts.delivered, counts.total());
    EXPECT_EQ(world.portal().effects.size(), static_cast<std::size_t>(counts.total()));
    for (auto const& [key, times] : world.portal().effects) EXPECT_EQ(times, 1) << key;
}

TEST_P(EngineWorld, RefusesThePoisonAndDeliversTheRest)
{
    WorldSettings settings;
    settings.seed = GetParam() + 1000;
    settings.poisoned = 3;
    settings.network_trouble = 0.05;
    World world{settings};
    world.run(std::chrono::hours{24});

    EXPECT_TRUE(world.drained());
    EXPECT_EQ(world.counts().refused, 3);
    EXPECT_EQ(world.violations(), std::vector<std::string>{});
    EXPECT_EQ(world.portal().violations, std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(Seeds, EngineWorld, ::testing::Range<std::uint64_t>(1, 61));

TEST(Engine, BurnsNoAttemptsWhileThePortalIsDownForDays)
{
    WorldSettings settings;
    settings.crash = 0;
    settings.record_trouble = 0;
    settings.portal_down_until = std::chrono::hours{72};
    settings.trouble_until = std::chrono::hours{0};
    World world{settings};
    world.run(std::chrono::hours{73});

    EXPECT_TRUE(world.drained()) << "the backlog is gone within an hour of the portal's return";
    EXPECT_EQ(world.counts().parked, 0);
}

TEST(Engine, LetsNoOrganizationWaitForASecondTurnOfAnother)
{
    WorldSettings settings;
    settings.network_trouble = 0;
    settings.record_trouble = 0;
    settings.crash = 0;
    settings.organizations = 8;
    World world{settings};
    world.run(std::chrono::hours{1});

    EXPECT_TRUE(world.drained());
    EXPECT_LE(world.worst_turn(), settings.organizations + 1);
}

TEST(Engine, RepeatsOneHistoryFromOneSeed)
{
    auto const history = [] {
        WorldSettings settings;
        settings.seed = 99;
        World world{settings};
        world.run(std::chrono::hours{24});
        return std::pair{world.now(), world.counts().delivered};
    };
    EXPECT_EQ(history(), history());
}

/// An engine with one lane and one claimed record, whose answers the test gives by hand.
class EngineByHand : public ::testing::Test {
protected:
    static EngineSettings one_lane()
    {
        EngineSettings settings;
        settings.lanes = 1;
        return settings;
    }

    Record record(std::int64_t seq)
    {
        Record record;
        record.seq = seq;
        record.org = OrganizationId{"org"};
        record.type = "event";
        record.id = "e" + std::to_string(seq);
        record.version = 1;
        record.key = "k" + std::to_string(seq);
        return record;
    }

    /// Claims, freezes and sends, and answers with `answer`; what is to be settled.
    std::vector<db::deliveries::Settlement> exchange(std::vector<Record> records, Answer const& answer)
    {
        EXPECT_TRUE(std::holds_alternative<ClaimAction>(engine.next(0, now)));
        engine.claimed(0, now, std::move(records));
        if (std::holds_alternative<Freeze>(engine.next(0, now))) engine.frozen(0);
        EXPECT_TRUE(std::holds_alternative<Request>(engine.next(0, now)));
        engine.answered(0, now, answer);
        auto const action = engine.next(0, now);
        auto const settlements = std::get<SettleAction>(action).settlements;
        engine.settled(0, now);
        return settlements;
    }

    static Answer status(unsigned code)
    {
        Answer answer;
        answer.status = code;
        return answer;
    }

    Instant now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};
    testing::FakeTarget target;
    testing::SeededRandom random{3};
    Engine engine{target, random, one_lane()};
};

TEST_F(EngineByHand, StopsAtARefusedIdentityAndProbesAfterFiveMinutes)
{
    auto const settled = exchange({record(1)}, status(403));
    EXPECT_EQ(settled.front().state, db::deliveries::State::pending);
    EXPECT_FALSE(settled.front().attempt);
    EXPECT_EQ(engine.status(now).state, "stopped_identity");
    auto const wait = engine.next(0, now);
    EXPECT_EQ(std::get<WaitAction>(wait).until, now + std::chrono::minutes{5});

    now += std::chrono::minutes{5};
    auto const probe = engine.next(0, now);
    EXPECT_EQ(std::get<ClaimAction>(probe).records_max, 1U);
}

TEST_F(EngineByHand, OnlyShakesHandsWhileThePortalsCertificateIsInDoubt)
{
    Answer bad;
    bad.fault = Fault::portal_certificate;
    (void)exchange({record(1)}, bad);
    EXPECT_EQ(engine.status(now).state, "stopped_security");
    now += std::chrono::seconds{60};
    EXPECT_TRUE(std::holds_alternative<ProbeAction>(engine.next(0, now)));
    engine.probed(0, now, bad);
    EXPECT_TRUE(std::holds_alternative<WaitAction>(engine.next(0, now)));
    now += std::chrono::seconds{60};
    EXPECT_TRUE(std::holds_alternative<ProbeAction>(engine.next(0, now)));
    engine.probed(0, now, Answer{});
    EXPECT_EQ(engine.status(now).state, "working");
    EXPECT_TRUE(std::holds_alternative<ClaimAction>(engine.next(0, now)));
}

TEST_F(EngineByHand, HonoursRetryAfter)
{
    auto busy = status(429);
    busy.headers = {{"retry-after", "100"}};
    (void)exchange({record(1)}, busy);
    auto const wait = engine.next(0, now);
    EXPECT_GE(std::get<WaitAction>(wait).until, now + std::chrono::seconds{100});
    EXPECT_LE(std::get<WaitAction>(wait).until, now + std::chrono::seconds{110});
    EXPECT_EQ(engine.status(now).state, "waiting");
}

TEST_F(EngineByHand, HalvesABatchThatIsRefusedWholeUntilOneRecordIsFound)
{
    std::vector<Record> many;
    for (std::int64_t i = 1; i <= 8; ++i) many.push_back(record(i));
    for (std::size_t size : {8U, 4U, 2U}) {
        many.resize(size);
        for (auto const& settlement : exchange(many, status(400)))
            EXPECT_EQ(settlement.state, db::deliveries::State::pending);
        auto const claim = std::get<ClaimAction>(engine.next(0, now));
        EXPECT_EQ(claim.org_limits.at("org"), size / 2);
        engine.store_failed(0, now);
        now += std::chrono::seconds{2};
    }
    auto const alone = exchange({record(1)}, status(400));
    EXPECT_EQ(alone.front().state, db::deliveries::State::refused);
    EXPECT_EQ(alone.front().error_code, "400");
}

TEST_F(EngineByHand, DistrustsAPortalThatRefusesEverything)
{
    std::size_t refused = 0;
    for (std::int64_t i = 1; i <= 60 && engine.status(now).state == "working"; ++i)
        refused += exchange({record(i)}, status(422)).front().state == db::deliveries::State::refused ? 1 : 0;
    EXPECT_LE(refused, 50U);
    EXPECT_EQ(engine.status(now).state, "stopped_contract");
}

TEST_F(EngineByHand, RepeatsAFailedSettlementUnchanged)
{
    (void)engine.next(0, now);
    engine.claimed(0, now, {record(1)});
    (void)engine.next(0, now);
    engine.frozen(0);
    auto const request = std::get<Request>(engine.next(0, now));
    engine.answered(0, now, status(503));
    auto const first = std::get<SettleAction>(engine.next(0, now));
    engine.store_failed(0, now);
    EXPECT_TRUE(std::holds_alternative<WaitAction>(engine.next(0, now)));
    now += std::chrono::seconds{1};
    auto const second = std::get<SettleAction>(engine.next(0, now));
    EXPECT_EQ(first.settlements.front().not_before, second.settlements.front().not_before);
    EXPECT_EQ(engine.counters().conversations.at(AnswerClass::transient), 1U) << "counted once";
}

TEST_F(EngineByHand, ClaimsNothingWhilePausedAndEndsAfterStop)
{
    engine.pause(true);
    EXPECT_TRUE(std::holds_alternative<WaitAction>(engine.next(0, now)));
    EXPECT_EQ(engine.status(now).state, "paused");
    engine.stop();
    EXPECT_TRUE(std::holds_alternative<StopAction>(engine.next(0, now)));
}

} // namespace
} // namespace nguon::connector
