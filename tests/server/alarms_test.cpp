#include "db/leases.hpp"
#include "server/app/alarms.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using namespace std::chrono_literals;
using db::alarms::Alarm;
using db::alarms::Notice;
using db::alarms::Severity;
using nguon::testing::outbox_start;
using nlohmann::json;

/// Rounds over one trouble, and what is told of it.
class AlarmLife : public nguon::testing::StorageTest {
protected:
    /// One round `later` than the one before, which sees `conditions`.
    AlarmRound round(std::chrono::seconds later, std::vector<Condition> conditions)
    {
        now += later;
        auto done = write([&](db::Connection& c) { return keep_alarms(c, conditions, now, channels); });
        EXPECT_TRUE(done.ok()) << done.error().key << done.error().log_text;
        return done.value_or(AlarmRound{});
    }

    /// Reasons of all notices on a channel, oldest first, with their states where they do not wait.
    std::string told(std::string const& channel = "email")
    {
        auto const all = read([&](db::Connection& c) {
            std::vector<Notice> out;
            for (auto const& row : c.query("SELECT id FROM alarm ORDER BY since, id"))
                for (auto const& notice : db::alarms::notices_of(c, row.text(0)))
                    if (notice.channel == channel) out.push_back(notice);
            std::ranges::stable_sort(out, {}, &Notice::created_at);
            return out;
        });
        std::string out;
        for (auto const& notice : *all)
            out += (out.empty() ? "" : " ") + notice.reason + (notice.state == "waiting" ? "" : ":" + notice.state);
        return out;
    }

    std::vector<Alarm> standing()
    {
        return read([](db::Connection& c) { return db::alarms::standing(c); }).value_or({});
    }

    void acknowledge()
    {
        auto const id = standing().front().id;
        Actor const actor{"mai.lo", {}, "test", now};
        EXPECT_TRUE(write([&](db::Connection& c) { return acknowledge_alarm(c, actor, id, "đã gọi cổng"); }).ok());
    }

    static Condition trouble(Severity severity = Severity::warn, std::int64_t step = 0)
    {
        Condition out{"waiting", "quoc-gia", severity, step};
        out.detail = {{"count", 3}};
        return out;
    }

    Instant now = outbox_start;
    std::vector<std::string> channels{"email", "webhook"};
};

NGUON_ON_BOTH_ENGINES(AlarmLife);

TEST_P(AlarmLife, IsRaisedOnceAndClearedByItself)
{
    for (int i = 0; i < 5; ++i) round(30s, {trouble()});
    ASSERT_EQ(standing().size(), 1U);
    EXPECT_EQ(standing().front().since, outbox_start + 30s);
    EXPECT_EQ(standing().front().last_seen, now);
    EXPECT_EQ(told("email"), "raised");
    EXPECT_EQ(told("webhook"), "raised");
    round(30s, {});
    EXPECT_EQ(standing().size(), 1U); // may have been a moment
    round(30s, {});
    EXPECT_TRUE(standing().empty());
    EXPECT_EQ(told(), "raised");
    for (int i = 0; i < 20; ++i) round(30s, {});
    EXPECT_EQ(told(), "raised:replaced cleared"); // it never left the house; the later one says all
    EXPECT_EQ(read([](db::Connection& c) { return db::alarms::ended(c, 0, 10); })->size(), 1U);
    round(30s, {trouble()});
    EXPECT_EQ(told(), "raised:replaced cleared raised");
}

TEST_P(AlarmLife, ComingAndGoingIsToldOnce)
{
    for (int i = 0; i < 40; ++i) {
        round(30s, {trouble()});
        for (int calm = 0; calm < 4; ++calm) round(30s, {});
    }
    EXPECT_EQ(told(), "raised");
    EXPECT_EQ(read([](db::Connection& c) { return db::alarms::unsettled(c); })->size(), 1U);
}

TEST_P(AlarmLife, IsToldAgainWhenItGetsWorseAndAfterADay)
{
    channels = {"email"};
    auto const settle = [&] {
        auto const done = write([&](db::Connection& c) {
            for (auto notice : db::alarms::due(c, "email", now, 10)) {
                notice.state = "sent";
                notice.settled_at = now;
                db::alarms::settle(c, notice);
            }
        });
        EXPECT_TRUE(done.ok());
    };
    round(30s, {trouble()});
    settle();
    round(30min, {trouble(Severity::high)});
    settle();
    EXPECT_EQ(told(), "raised:sent worse:sent");
    round(30s, {trouble(Severity::warn)}); // better is not told, and going up again to what was told neither
    EXPECT_EQ(standing().front().severity, Severity::warn);
    round(30s, {trouble(Severity::high)});
    EXPECT_EQ(told(), "raised:sent worse:sent");
    round(23h, {trouble(Severity::high)});
    EXPECT_EQ(told(), "raised:sent worse:sent");
    round(1h, {trouble(Severity::high)});
    settle();
    EXPECT_EQ(told(), "raised:sent worse:sent reminded:sent");
    acknowledge();
    round(48h, {trouble(Severity::high)});
    EXPECT_EQ(told(), "raised:sent worse:sent reminded:sent");
    round(30s, {trouble(Severity::critical)}); // worse than what somebody took on
    EXPECT_EQ(told(), "raised:sent worse:sent reminded:sent worse");
    EXPECT_FALSE(standing().front().acknowledged_at.has_value());
}

TEST_P(AlarmLife, ACertificateIsToldAtEachStageAndThenHourly)
{
    channels = {"email"};
    std::string expected = "raised";
    auto stage = trouble(Severity::warn, 1);
    stage.repeat_after.reset();
    round(30s, {stage});
    for (int day = 0; day < 29; ++day) round(24h, {stage});
    EXPECT_EQ(told(), expected);
    acknowledge();
    stage.step = 2;
    round(24h, {stage});
    EXPECT_EQ(told(), "raised:replaced worse");
    stage.severity = Severity::critical;
    stage.step = 7;
    stage.repeat_after = 1h;
    round(30s, {stage});
    round(59min, {stage});
    EXPECT_EQ(told(), "raised:replaced worse:replaced worse");
    round(1min, {stage});
    round(1h, {stage});
    EXPECT_EQ(told(), "raised:replaced worse:replaced worse:replaced reminded:replaced reminded");
}

TEST_P(AlarmLife, TakingOnNeedsAReasonAndAStandingAlarm)
{
    round(30s, {trouble()});
    auto const id = standing().front().id;
    Actor const actor{"mai.lo", {}, "test", now};
    auto const take_on = [&](std::string const& alarm, std::string const& reason) {
        auto const done = write([&](db::Connection& c) { return acknowledge_alarm(c, actor, alarm, reason); });
        return done.ok() ? std::string{} : done.error().fields.empty() ? done.error().key : done.error().fields[0].key;
    };
    EXPECT_EQ(take_on(id, ""), "alarm.reason_missing");
    EXPECT_EQ(take_on("none", "x"), "alarm.unknown");
    EXPECT_EQ(take_on(id, "đã gọi"), "");
    EXPECT_EQ(standing().front().acknowledged_reason, "đã gọi");
    round(30s, {});
    round(30s, {});
    EXPECT_EQ(take_on(id, "x"), "alarm.over");
}

TEST_P(AlarmLife, AFailingChannelIsNotToldOnItself)
{
    Condition failing{"channel", "email"};
    round(30s, {failing});
    EXPECT_EQ(told("email"), "");
    EXPECT_EQ(told("webhook"), "raised");
}

TEST_P(AlarmLife, NoticesThatWaitAreLimited)
{
    channels = {"email"};
    auto const most = static_cast<int>(limits::notices_waiting_max);
    std::vector<Condition> many;
    for (int i = 0; i < most + 1; ++i) many.push_back({"waiting", "cong-" + std::to_string(i)});
    EXPECT_EQ(round(30s, many).dropped.size(), 1U);
    many.resize(static_cast<std::size_t>(most));
    auto const state = read([](db::Connection& c) { return db::alarms::channel_state(c, "email"); });
    EXPECT_EQ(state->waiting, most);
}

TEST_P(AlarmLife, ChannelsSayHowTheyDo)
{
    channels = {"email"};
    round(30s, {trouble()});
    auto const with_first = [&](auto change) {
        EXPECT_TRUE(write([&](db::Connection& c) {
                        auto notice = db::alarms::due(c, "email", now + 24h, 1).at(0);
                        change(notice);
                        db::alarms::settle(c, notice);
                    }).ok());
        return *read([](db::Connection& c) { return db::alarms::channel_state(c, "email"); });
    };
    auto const failing = with_first([&](Notice& notice) {
        notice.tries = 2;
        notice.fault = "Connection refused";
        notice.not_before = now + 1h;
    });
    EXPECT_EQ(failing.fault, "Connection refused");
    EXPECT_EQ(failing.tries, 2);
    EXPECT_TRUE(read([&](db::Connection& c) { return db::alarms::due(c, "email", now, 10); })->empty());
    auto const good = with_first([&](Notice& notice) {
        notice.state = "sent";
        notice.fault = "";
        notice.settled_at = now;
    });
    EXPECT_EQ(good.fault, "");
    EXPECT_EQ(good.waiting, 0);
    EXPECT_EQ(good.sent_at, now);
    EXPECT_TRUE(write([&](db::Connection& c) { db::alarms::forget(c, now + 1s); }).ok());
    EXPECT_EQ(told(), "raised:sent"); // of an alarm that still stands
    Actor const actor{"mai.lo", {}, "test", now};
    EXPECT_TRUE(write([&](db::Connection& c) { return send_trials(c, actor, {"former"}); }).ok());
    EXPECT_TRUE(write([&](db::Connection& c) { db::alarms::forget(c, now + 1s); }).ok());
    EXPECT_EQ(read([](db::Connection& c) { return db::alarms::channel_state(c, "former"); })->waiting, 0);
}

TEST_P(AlarmLife, ReadsTheInstallation)
{
    EXPECT_TRUE(write([&](db::Connection& c) {
                    nguon::testing::add_installation(c);
                    nguon::testing::add_target(c, "quoc-gia");
                    nguon::testing::add_history(c, "org", 0, 2, 3);
                    ASSERT_TRUE(db::leases::acquire(c, {"connector", "test", now, 15s}).ok());
                }).ok());
    auto const readings = [&] { return *read([&](db::Connection& c) { return read_trouble(c, now + 6min); }); };
    EXPECT_TRUE(readings().targets.empty()); // never seen: not connected
    EXPECT_TRUE(write([&](db::Connection& c) {
                    db::targets::TargetState state;
                    state.target = "quoc-gia";
                    state.state = "working";
                    state.changed_at = now;
                    db::targets::put_state(c, state);
                    c.execute("UPDATE delivery SET state = 'parked', error_class = 'suspect' WHERE"
                              " outbox_seq = (SELECT max(outbox_seq) FROM delivery)");
                }).ok());
    auto const seen = readings();
    ASSERT_EQ(seen.targets.size(), 1U);
    EXPECT_EQ(seen.targets[0].stopped.suspects, 1);
    EXPECT_EQ(seen.connector_until, now + 15s);
    EXPECT_FALSE(seen.log_unsigned_since.has_value());
    auto const found = conditions_of(seen);
    auto const has = [&](std::string const& kind) {
        return std::ranges::find(found, kind, &Condition::kind) != found.end();
    };
    EXPECT_TRUE(has("suspect"));
    EXPECT_TRUE(has("waiting"));
    EXPECT_FALSE(has("conservation"));
}

} // namespace
} // namespace nguon::server::app
