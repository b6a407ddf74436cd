#include "connector/engine.hpp"

#include "core/bytes.hpp"
#include "tests/connector/seeded_random.hpp"

#include <gtest/gtest.h>

namespace nguon::connector {
namespace {

/// Freezes what has no bytes yet, sends one request, and believes any answer that decides.
class FakeConversation final : public Conversation {
public:
    explicit FakeConversation(std::vector<Record> records) : records_{std::move(records)} {}

    Step next(Instant) override
    {
        if (!conclusion_.records.empty()) return conclusion_;
        Freeze freeze;
        for (auto& record : records_)
            if (record.wire.empty()) freeze.wires.push_back({record.seq, record.key, sha256_hex(record.key)});
        for (auto& record : records_) record.wire = record.key;
        if (!freeze.wires.empty()) return freeze;
        return Request{};
    }

    void take(Answer const& answer, Instant now) override
    {
        conclusion_.reading = classify(answer, now);
        bool const decided = conclusion_.reading.answer_class == AnswerClass::decided;
        for (auto const& record : records_) {
            RecordOutcome outcome;
            outcome.seq = record.seq;
            if (decided) outcome.verdict = Verdict::delivered;
            if (decided) outcome.receipt = db::receipts::Receipt{};
            conclusion_.records.push_back(std::move(outcome));
        }
    }

private:
    std::vector<Record> records_;
    Conclusion conclusion_;
};

class FakeTarget final : public Target {
public:
    std::string const& name() const override { return name_; }
    std::string probe_url() const override { return "https://portal"; }
    std::size_t records_max() const override { return 200; }
    std::unique_ptr<Conversation> begin(std::vector<Record> records) override
    {
        return std::make_unique<FakeConversation>(std::move(records));
    }

private:
    std::string name_ = "fake";
};

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
    FakeTarget target;
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

TEST_F(EngineByHand, AsksAfterFiveToFifteenSecondsWhatAPortalWorksOnOrWhenItWants)
{
    auto const wait_for = [this](std::string const& retry_after) {
        auto answer = status(202);
        if (!retry_after.empty()) answer.headers = {{"retry-after", retry_after}};
        return exchange({record(1)}, answer).front().not_before - now;
    };
    for (auto const* const shorter : {"", "0", "3"}) {
        EXPECT_GE(wait_for(shorter), std::chrono::seconds{5});
        EXPECT_LE(wait_for(shorter), std::chrono::seconds{15});
    }
    EXPECT_GE(wait_for("120"), std::chrono::seconds{120});
    EXPECT_LE(wait_for("120"), std::chrono::seconds{132});
    EXPECT_EQ(engine.counters().polls_capped, 0U);
    EXPECT_EQ(wait_for("3600"), limits::portal_poll_wait_max);
    EXPECT_EQ(engine.counters().polls_capped, 1U);
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

TEST_F(EngineByHand, KeepsAnOrganizationToTwoBatchesAndOneInTroubleToOne)
{
    EngineSettings settings;
    settings.lanes = 4;
    Engine wide{target, random, settings};
    auto const claim = [&](std::size_t lane) {
        auto const action = wide.next(lane, now);
        EXPECT_TRUE(std::holds_alternative<ClaimAction>(action));
        return std::get<ClaimAction>(action);
    };
    auto const send = [&](std::size_t lane, std::int64_t seq) {
        wide.claimed(lane, now, {record(seq)});
        if (std::holds_alternative<Freeze>(wide.next(lane, now))) wide.frozen(lane);
        EXPECT_TRUE(std::holds_alternative<Request>(wide.next(lane, now)));
    };
    auto const end = [&](std::size_t lane, unsigned code) {
        wide.answered(lane, now, status(code));
        EXPECT_TRUE(std::holds_alternative<SettleAction>(wide.next(lane, now)));
        wide.settled(lane, now);
    };
    EXPECT_TRUE(claim(0).busy_orgs.empty());
    send(0, 1);
    EXPECT_TRUE(claim(1).busy_orgs.empty()) << "one more is welcome";
    send(1, 2);
    EXPECT_EQ(claim(2).busy_orgs, std::vector<std::string>{"org"});
    wide.claimed(2, now, {});

    end(0, 503);
    EXPECT_EQ(claim(0).busy_orgs, std::vector<std::string>{"org"}) << "its last batch failed, and one is under way";
    wide.claimed(0, now, {});
    end(1, 200);
    EXPECT_TRUE(claim(1).busy_orgs.empty());
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
