#include "server/app/alarm_conditions.hpp"

#include "server/app/notice_text.hpp"
#include "server/web/embedded.hpp"
#include "server/web/locale.hpp"

#include "server/web/embedded.hpp"
#include "server/web/locale.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace nguon::server::app {
namespace {

using namespace std::chrono_literals;
using db::alarms::Severity;

/// A portal that works and everything in order, at noon.
class AlarmConditions : public ::testing::Test {
protected:
    AlarmConditions()
    {
        readings.now = now;
        readings.watched_since = now - 24h;
        readings.connector_until = now + 10s;
        readings.disks = {{"may-chu-1", {90, 100}, now}};
        auto& status = target().status;
        status.target = "quoc-gia";
        status.state = "working";
        status.seen.state = "working";
        status.seen.target = "quoc-gia";
        status.conservation.created = 7;
        status.conservation.counts.delivered = 4;
        status.conservation.counts.pending = 3;
    }

    TargetReading& target()
    {
        if (readings.targets.empty()) readings.targets.emplace_back();
        return readings.targets.front();
    }

    std::optional<Condition> find(std::string const& kind) const
    {
        auto const all = conditions_of(readings);
        auto const found = std::ranges::find(all, kind, &Condition::kind);
        return found == all.end() ? std::nullopt : std::optional{*found};
    }
    /// Its severity in words; "" when it is no alarm.
    std::string severity(std::string const& kind) const
    {
        auto const found = find(kind);
        return found ? std::string{to_text(found->severity)} : std::string{};
    }

    Instant const now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 12h};
    Readings readings;
};

TEST_F(AlarmConditions, NothingIsWrongWhenAllIsWell) { EXPECT_TRUE(conditions_of(readings).empty()); }

TEST_F(AlarmConditions, WaitingGetsWorseWithItsAge)
{
    struct Case {
        std::chrono::seconds age;
        char const* severity;
    };
    for (auto const& [age, expected] : {Case{5min, ""}, Case{5min + 1s, "warn"}, Case{30min, "warn"},
                                        Case{30min + 1s, "high"}, Case{4h, "high"}, Case{4h + 1s, "critical"}}) {
        target().status.oldest_waiting = now - age;
        EXPECT_EQ(severity("waiting"), expected) << age.count();
    }
    EXPECT_EQ(find("waiting")->detail["count"], 3);
    // Somebody stopped it on purpose: only that it may have been forgotten is said.
    readings.paused = true;
    EXPECT_EQ(severity("waiting"), "high");
    target().status.oldest_waiting = now - 3h;
    EXPECT_EQ(severity("waiting"), "");
}

TEST_F(AlarmConditions, WhatDoesNotAddUpIsCritical)
{
    target().status.conservation.created = 8;
    EXPECT_EQ(severity("conservation"), "critical");
    target().status.conservation.created = 7;
    target().status.conservation.without_receipt = 2;
    EXPECT_EQ(find("conservation")->detail["count"], 2);
}

TEST_F(AlarmConditions, AStoppedPortalIsTold)
{
    auto const stop = [&](std::string const& state) { target().status.state = target().status.seen.state = state; };
    stop("stopped_security");
    EXPECT_EQ(severity("stopped_security"), "critical");
    for (std::string const state : {"stopped_identity", "stopped_contract"}) {
        stop(state);
        readings.open.clear();
        EXPECT_EQ(severity(state), "high");
        db::alarms::Alarm alarm;
        alarm.kind = state;
        alarm.subject = "quoc-gia";
        alarm.since = now - 4h;
        readings.open = {alarm};
        EXPECT_EQ(severity(state), "high");
        readings.open.front().since -= 1s;
        EXPECT_EQ(severity(state), "critical");
        readings.open.front().cleared_at = now; // that was another time
        EXPECT_EQ(severity(state), "high");
    }
    stop("waiting");
    EXPECT_TRUE(conditions_of(readings).empty());
}

TEST_F(AlarmConditions, RefusedAndSuspectRecordsAreTold)
{
    target().stopped.refused_lately = 9;
    EXPECT_EQ(severity("refused"), "");
    target().stopped.refused_lately = 10;
    EXPECT_EQ(severity("refused"), "warn");
    target().stopped.suspects = 1;
    EXPECT_EQ(severity("suspect"), "high");
}

TEST_F(AlarmConditions, DifferencesClocksAndAWitnessThatStoppedAreTold)
{
    target().differences = 2;
    EXPECT_EQ(severity("differences"), "warn");
    for (auto const& [skew, said] : std::vector<std::pair<std::chrono::seconds, std::string>>{
             {0s, ""}, {5s, ""}, {-6s, "warn"}, {60s, "warn"}, {-61s, "high"}}) {
        target().status.seen.skew = skew;
        EXPECT_EQ(severity("skew"), said) << skew.count();
    }
    readings.unwitnessed_since = now - 14min;
    EXPECT_EQ(severity("unwitnessed"), "");
    readings.unwitnessed_since = now - 16min;
    EXPECT_EQ(severity("unwitnessed"), "high");
}

TEST_F(AlarmConditions, EveryStopHasItsSentences)
{
    auto const loaded = Locale::load(embedded::locale());
    ASSERT_TRUE(loaded.ok());
    for (auto const* kind : {"stopped_security", "stopped_identity", "stopped_contract", "stopped_setup", "differences",
                             "skew", "unwitnessed"})
        for (auto const* part : {"title", "text", "who"})
            EXPECT_NE(loaded->find("vi", std::string{"alarm."} + kind + "." + part), nullptr) << kind << " " << part;
}

TEST_F(AlarmConditions, CertificatesAreToldByDays)
{
    struct Case {
        std::chrono::seconds left;
        char const* severity;
        std::int64_t step;
    };
    using std::chrono::days;
    for (auto const& one :
         {Case{days{60} + 1s, "", 0}, Case{days{60}, "warn", 1}, Case{days{30}, "warn", 2}, Case{days{14}, "high", 3},
          Case{days{7}, "high", 4}, Case{days{3}, "critical", 5}, Case{days{1}, "critical", 6}, Case{1s, "critical", 6},
          Case{0s, "critical", 7}, Case{-days{9}, "critical", 7}}) {
        for (std::string const kind : {"certificate", "portal_certificate"}) {
            target().status.seen.certificate_expires_at.reset();
            target().status.seen.portal_certificate_expires_at.reset();
            auto& ends = kind == "certificate" ? target().status.seen.certificate_expires_at
                                               : target().status.seen.portal_certificate_expires_at;
            ends = now + one.left;
            EXPECT_EQ(severity(kind), one.severity) << one.left.count();
            if (auto const found = find(kind)) {
                EXPECT_EQ(found->step, one.step) << one.left.count();
                EXPECT_EQ(found->repeat_after.has_value(), one.left <= 0s); // hourly once it has expired
            }
        }
    }
}

TEST_F(AlarmConditions, TheDiskIsToldByItsLevel)
{
    using enum DiskLevel;
    struct Case {
        std::uint64_t free;
        char const* severity;
    };
    for (auto const& [free, expected] : {Case{15, ""}, Case{14, "warn"}, Case{9, "high"}, Case{4, "critical"}}) {
        readings.disks.front().space = DiskSpace{free, 100};
        EXPECT_EQ(severity("disk"), expected) << free;
    }
}

TEST_F(AlarmConditions, SayHowThePortalIsCalled)
{
    target().status.label = {"Cổng vùng Tây Bắc", "epcis", true};
    target().status.seen.skew = 6s;
    auto const skew = find("skew");
    ASSERT_TRUE(skew);
    auto const locale = Locale::load(embedded::locale());
    ASSERT_TRUE(locale.ok());
    auto const title = [&](std::string_view language, nlohmann::json const& detail) {
        nlohmann::json const body{{"kind", "skew"}, {"subject", "tay-bac"}, {"severity", "warn"}, {"detail", detail}};
        return alarm_text(*locale, language, body).title;
    };
    EXPECT_EQ(title("vi", skew->detail), "Đồng hồ của “Cổng vùng Tây Bắc” và của máy này lệch 6 giây");
    auto detail = skew->detail;
    detail["title"] = "";
    EXPECT_EQ(title("en", detail), "The clocks of “Event repository” and of this machine are 6 seconds apart");
    detail["several"] = true;
    EXPECT_EQ(title("vi", detail), "Đồng hồ của “Kho sự kiện (tay-bac)” và của máy này lệch 6 giây");
}

TEST_F(AlarmConditions, EachServersDiskIsAnAlarmOfItsOwn)
{
    readings.disks = {{"may-chu-1", {9, 100}, now}, {"may-chu-2", {4, 100}, now}, {"may-chu-3", {90, 100}, now}};
    auto const all = conditions_of(readings);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].subject, "may-chu-1");
    EXPECT_EQ(all[1].subject, "may-chu-2");
    EXPECT_EQ(all[1].severity, Severity::critical);
}

TEST_F(AlarmConditions, NobodySendingAndNothingSignedIsTold)
{
    readings.connector_until = now - 2min;
    EXPECT_EQ(severity("connector"), "");
    readings.connector_until = now - 2min - 1s;
    EXPECT_EQ(severity("connector"), "high");
    readings.watched_since = now - 1min; // we have just begun ourselves
    EXPECT_EQ(severity("connector"), "");
    readings.watched_since = now - 1h;
    readings.connector_until = now;
    readings.log_unsigned_since = now - 15min - 1s;
    EXPECT_EQ(severity("log_unsigned"), "high");
    readings.log_unsigned_since = now - 15min;
    EXPECT_EQ(severity("log_unsigned"), "");
}

TEST_F(AlarmConditions, AChannelThatFailsIsTold)
{
    db::alarms::ChannelState state;
    state.tries = 2;
    readings.channels = {{"email", state}};
    EXPECT_EQ(severity("channel"), "");
    readings.channels.front().second.tries = 3;
    EXPECT_EQ(find("channel")->subject, "email");
}

TEST_F(AlarmConditions, APortalThatIsNotConnectedIsNoAlarm)
{
    auto& status = target().status;
    status.oldest_waiting = now - 100h;
    status.conservation.created = 99;
    status.seen.certificate_expires_at = now;
    readings.connector_until = now - 1h;
    readings.log_unsigned_since = now - 1h;
    target().stopped.suspects = 5;
    for (auto const& [state, seen] :
         {std::pair{"off", "working"}, std::pair{"off", ""}, std::pair{"paused", ""}, std::pair{"working", "off"}}) {
        status.state = state;
        status.seen.state = seen;
        EXPECT_TRUE(conditions_of(readings).empty()) << state << ' ' << seen;
    }
}

TEST_F(AlarmConditions, RemindsOfAProgrammesReportLouderAsItsDayComes)
{
    auto const of = [&](Date day) {
        readings.now = start_of_day(day) + 9h;
        readings.reports = {{"lai_chau", "3319/KH-UBND", Date{day.year() / 11 / 30}}};
        return find("report_due").value_or(Condition{});
    };
    auto const october = of(Date{std::chrono::year{2026} / 10 / 1});
    EXPECT_EQ(october.severity, Severity::warn);
    EXPECT_EQ(october.detail.at("count"), 60);
    auto const november = of(Date{std::chrono::year{2026} / 11 / 22});
    EXPECT_EQ(november.severity, Severity::high);
    EXPECT_GT(november.step, october.step);
    EXPECT_EQ(of(Date{std::chrono::year{2026} / 11 / 29}).severity, Severity::critical);
    EXPECT_TRUE(of(Date{std::chrono::year{2026} / 12 / 1}).detail.contains("expired"));
    readings.reports.clear();
    EXPECT_FALSE(find("report_due").has_value());
}

} // namespace
} // namespace nguon::server::app
