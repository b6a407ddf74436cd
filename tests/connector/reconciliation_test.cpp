#include "connector/reconciler.hpp"
#include "db/reconciliations.hpp"
#include "tests/connector/connector_over_tls.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace nguon::connector::testing {
namespace {

using db::reconciliations::Finding;
using Comparison = db::reconciliations::Run;

/// Two minutes must pass before something is compared; a second here.
class ReconciliationOverTls : public ConnectorOverTls {
protected:
    void SetUp() override
    {
        auto clock = std::make_unique<FastClock>(120);
        steady_ = [clock = clock.get()] { return clock->steady(); };
        clock_ = std::move(clock);
        ConnectorOverTls::SetUp();
        start_portal();
        start_connector();
        rows_ = add_histories(2, 2, 4);
        ASSERT_TRUE(wait_for_delivered(rows_));
    }

    /// Until everything that was delivered is old enough to be compared.
    void wait_until_settled()
    {
        auto const asked = clock_->now();
        while (clock_->now() < asked + 130s) std::this_thread::sleep_for(20ms);
    }

    std::vector<Comparison> runs_of(std::string const& target)
    {
        auto const runs = read([&](db::Connection& c) -> Result<std::vector<Comparison>> {
            return db::reconciliations::list(c, target, 20);
        });
        return runs.value_or({});
    }

    /// A complete comparison of everything that has been delivered until now. Its findings include those of the fast
    /// ones that came before it: a slow machine gives them the time.
    Comparison compare(std::string const& target = "most")
    {
        auto const earlier = runs_of(target);
        wait_until_settled();
        auto const id = write([&](db::Connection& c) -> Result<std::int64_t> {
            return db::reconciliations::ask(c, target, "full", "person", clock_->now());
        });
        Comparison run;
        auto const over = [&] {
            for (auto const& one : runs_of(target))
                if (one.id == *id) run = one;
            return run.is_over();
        };
        EXPECT_TRUE(wait_until(over, 30s)) << run.state << " " << run.fault;
        for (auto const& one : runs_of(target))
            if (one.id != *id && std::ranges::find(earlier, one.id, &Comparison::id) == earlier.end())
                run.findings += one.findings;
        return run;
    }

    std::vector<Finding> findings()
    {
        auto const open = read([](db::Connection& c) -> Result<std::vector<Finding>> {
            return db::reconciliations::open_findings(c, "most", 100);
        });
        return open.value_or({});
    }

    void execute(std::vector<std::string> const& statements)
    {
        auto const done = write([&](db::Connection& c) -> Status {
            for (auto const& sql : statements) c.execute(sql);
            return Done{};
        });
        ASSERT_TRUE(done.ok());
    }

    std::size_t rows_ = 0;
};

TEST_P(ReconciliationOverTls, FindsNothingWhereNothingIsAmiss)
{
    auto const run = compare();
    EXPECT_EQ(run.state, "done");
    EXPECT_EQ(run.compared, static_cast<std::int64_t>(rows_));
    EXPECT_EQ(run.findings, 0);
    EXPECT_LE(run.requests, 3) << "marks agree; nothing is listed";
}

TEST_P(ReconciliationOverTls, SendsAgainWhatThePortalForgotAndKeepsTheFirstReceipts)
{
    auto const first_receipts = read([](db::Connection& c) -> Result<std::int64_t> {
        return c.query("SELECT COUNT(*) FROM receipt").front().integer(0);
    });
    for (int i = 0; i < 5; ++i) portal_->forget_newest();
    ASSERT_EQ(portal_->ledger()["records"].size(), rows_ - 5);
    auto const run = compare();
    EXPECT_EQ(run.state, "done");
    EXPECT_EQ(run.findings, 5);
    ASSERT_TRUE(wait_until([&] { return findings().empty(); })) << "delivered again";
    expect_exactly_once(rows_);
    auto const counts = read([](db::Connection& c) -> Result<std::vector<std::int64_t>> {
        return std::vector{c.query("SELECT COUNT(*) FROM receipt").front().integer(0),
                           c.query("SELECT COUNT(*) FROM receipt_again").front().integer(0),
                           c.query("SELECT COUNT(*) FROM delivery_log").front().integer(0)};
    });
    EXPECT_EQ((*counts)[0], *first_receipts) << "the proof of what the portal forgot stays";
    EXPECT_EQ((*counts)[1], 5);
    EXPECT_EQ((*counts)[2], static_cast<std::int64_t>(rows_));
    EXPECT_EQ(compare().findings, 0) << "by their newest receipts they are where they belong";
}

TEST_P(ReconciliationOverTls, TellsOtherContentAndOverwritesNothing)
{
    auto const ledger = portal_->ledger();
    auto const key = ledger["records"][3]["key"].get<std::string>();
    ASSERT_TRUE(portal_->alter(key));
    EXPECT_EQ(compare().findings, 1);
    auto const open = findings();
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open[0].kind, "differs");
    EXPECT_EQ(open[0].key, key);
    EXPECT_EQ(law().counts.delivered, static_cast<std::int64_t>(rows_)) << "a person decides";
    auto const close = [&](db::Connection& c) {
        return db::reconciliations::close(c, "most", key, "differs", "Cổng đã sửa", clock_->now());
    };
    EXPECT_TRUE(write(close).ok());
    EXPECT_EQ(write(close).error().key, "finding.unknown");
    EXPECT_EQ(compare().findings, 0) << "somebody has dealt with it";
    EXPECT_TRUE(findings().empty());
    ASSERT_TRUE(portal_->alter(key));
    EXPECT_EQ(compare().findings, 1) << "but not with what is there now";
    EXPECT_EQ(findings().size(), 1U);
}

TEST_P(ReconciliationOverTls, GoesOnByItselfWhileSendingIsPaused)
{
    ASSERT_TRUE(write([](db::Connection& c) -> Status {
                    db::targets::set_paused(c, true);
                    return Done{};
                }).ok());
    wait_until_settled();
    auto const since = clock_->now();
    auto const compared = [&] {
        auto const run = read([](db::Connection& c) -> Result<std::optional<Comparison>> {
            return db::reconciliations::latest(c, "most", "fast");
        });
        return *run && (*run)->asked_at > since && (*run)->state == "done";
    };
    EXPECT_TRUE(wait_until(compared, 20s));
}

TEST_P(ReconciliationOverTls, TellsWhatWasLostHereFromWhatNeverWasOurs)
{
    // As after the restore of a copy that was made before the last event.
    auto const last = "(SELECT MAX(seq) FROM outbox)";
    std::vector<std::string> forget;
    for (auto const* table : {"delivery_log", "receipt", "delivery", "outbox_parent"})
        forget.push_back(std::string{"DELETE FROM "} + table + " WHERE outbox_seq = " + last);
    forget.push_back(std::string{"DELETE FROM outbox WHERE seq = "} + last);
    execute(forget);
    compare();
    ASSERT_EQ(findings().size(), 1U);
    EXPECT_EQ(findings()[0].kind, "lost");
    EXPECT_NE(findings()[0].detail.find("\"type\":\"batch\""), std::string::npos) << findings()[0].detail;
    execute({"UPDATE installation SET id = 'another'"});
    compare();
    ASSERT_EQ(findings().size(), 1U) << "what a full comparison does not see any more is closed";
    EXPECT_EQ(findings()[0].kind, "foreign");
}

TEST_P(ReconciliationOverTls, AsksAgainForWhatThePortalTookAndWeThinkRefused)
{
    execute({"UPDATE delivery SET state = 'refused' WHERE outbox_seq = (SELECT MAX(seq) FROM outbox)",
             "DELETE FROM delivery_log_node", "DELETE FROM delivery_log",
             "DELETE FROM counter WHERE name = 'delivery_log'",
             "DELETE FROM receipt WHERE outbox_seq = (SELECT MAX(seq) FROM outbox)"});
    EXPECT_EQ(compare().findings, 1);
    ASSERT_TRUE(wait_for_delivered(rows_));
    EXPECT_TRUE(findings().empty());
    EXPECT_EQ(portal_->ledger()["violations"], nlohmann::json::array());
}

TEST_P(ReconciliationOverTls, GoesOnAfterAKillAndWaitsForAPortalThatIsAway)
{
    wait_until_settled();
    for (int i = 0; i < 3; ++i) portal_->forget_newest();
    kill_portal();
    auto const now = clock_->now();
    ASSERT_TRUE(write([&](db::Connection& c) -> Status {
                    db::reconciliations::ask(c, "most", "full", "restore", now);
                    db::targets::set_paused(c, true);
                    return Done{};
                }).ok());
    auto const open = [&] {
        return read([](db::Connection& c) -> Result<bool> { return db::reconciliations::is_restore_open(c); })
            .value_or(true);
    };
    EXPECT_TRUE(open());
    std::this_thread::sleep_for(500ms);
    kill_connector();
    start_connector();
    start_portal();
    ASSERT_TRUE(wait_until([&] { return !open(); }, 30s)) << "paused or not, comparing goes on";
    EXPECT_EQ(findings().size(), 3U);
    EXPECT_EQ(law().counts.pending, 3) << "nothing is sent while a person says so";
    ASSERT_TRUE(write([](db::Connection& c) -> Status {
                    db::targets::set_paused(c, false);
                    return Done{};
                }).ok());
    EXPECT_TRUE(wait_for_delivered(rows_));
}

NGUON_ON_BOTH_ENGINES(ReconciliationOverTls);

TEST(ReconciliationSchedule, ComparesFastAllDayAndTheRestAtNight)
{
    auto const at = [](char const* text) { return parse_time(text)->at; };
    auto const ended = [&](char const* text, char const* state = "done") {
        Comparison run;
        run.state = state;
        run.ended_at = at(text);
        return run;
    };
    ReconcileReach const reach{24h, 7 * 24h};
    auto const day = at("2026-11-22T10:00:00+07:00");
    auto const night = at("2026-11-22T02:00:00+07:00");
    EXPECT_EQ(due_kind({}, reach, day), "fast");
    EXPECT_EQ(due_kind({ended("2026-11-22T09:56:00+07:00"), {}, {}}, reach, day), "");
    EXPECT_EQ(due_kind({ended("2026-11-22T09:54:00+07:00"), {}, {}}, reach, day), "fast");
    EXPECT_EQ(due_kind({ended("2026-11-22T09:54:00+07:00", "failed"), {}, {}}, reach, day), "fast");
    auto const unsupported = ended("2026-11-22T09:54:00+07:00", "unsupported");
    EXPECT_EQ(due_kind({unsupported, {}, {}}, reach, day), "") << "a portal learns no new questions in five minutes";
    EXPECT_EQ(due_kind({}, reach, night), "full");
    auto const month = ended("2026-11-01T02:00:00+07:00");
    EXPECT_EQ(due_kind({{}, {}, month}, reach, night), "daily");
    auto const yesterday = ended("2026-11-21T02:00:00+07:00");
    EXPECT_EQ(due_kind({{}, yesterday, month}, reach, night), "daily");
    EXPECT_EQ(due_kind({{}, ended("2026-11-22T01:30:00+07:00"), month}, reach, night), "fast");
    EXPECT_EQ(due_kind({{}, ended("2026-11-22T00:30:00+07:00", "failed"), month}, reach, night), "daily");
    EXPECT_EQ(due_kind({{}, {}, {}}, {0h, 26h}, day), "");
    EXPECT_EQ(due_kind({{}, {}, {}}, {}, night), "");
}

} // namespace
} // namespace nguon::connector::testing
