#include "db/delivery_log.hpp"
#include "server/app/sync_history.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::server::app {
namespace {

using namespace std::chrono_literals;
using db::sync_samples::Lags;
using db::sync_samples::Sample;
using nguon::testing::outbox_start;

TEST(LagClasses, TellPercentilesWithinAFactorOfTwo)
{
    Lags lags;
    EXPECT_EQ(lags.percentile(95), 0us);
    for (int i = 1; i <= 1000; ++i) lags.add(std::chrono::milliseconds{i * 10}); // 10 ms to 10 s
    EXPECT_EQ(lags.records(), 1000);
    for (auto const& [percent, exact] : {std::pair{50, 5000ms}, std::pair{95, 9500ms}, std::pair{99, 9900ms}}) {
        EXPECT_GE(lags.percentile(percent) * 2, std::chrono::microseconds{exact}) << percent;
        EXPECT_LE(lags.percentile(percent), 2 * std::chrono::microseconds{exact}) << percent;
    }
    EXPECT_LE(lags.percentile(50), lags.percentile(95));
    EXPECT_EQ(Lags::from_text(lags.to_text()), lags);
    EXPECT_EQ(Lags::from_text(Lags{}.to_text()), Lags{});
    Lags slow;
    slow.add(100h, 3);
    EXPECT_GE(slow.percentile(50), 18h);
    slow.add(lags);
    EXPECT_EQ(slow.records(), 1003);
}

Sample sample_at(Instant at, std::int64_t waiting, std::int64_t delivered = 0)
{
    Sample out;
    out.at = at;
    out.waiting = waiting;
    out.delivered = delivered;
    if (delivered > 0) out.lags.add(2s, delivered);
    return out;
}

TEST(SyncHistory, AddsMinutesUpToHours)
{
    auto const now = outbox_start + 12h + 30min;
    std::vector<Sample> samples;
    for (auto at = now - 90min; at <= now; at += 1min) samples.push_back(sample_at(at, 7, 2));
    auto const history = sync_history(samples, now);
    ASSERT_EQ(history.hours.size(), 24U);
    EXPECT_EQ(history.hours.back().begin, outbox_start + 12h);
    EXPECT_EQ(history.hours.back().delivered, 62);
    EXPECT_EQ(history.hours[22].delivered, 120);
    EXPECT_EQ(history.hours[22].lags.records(), 120);
    EXPECT_EQ(history.hours.back().waiting, 7);
    EXPECT_FALSE(history.hours[21].known);
    EXPECT_EQ(history.backlog.size(), 10U);
    // A peak is not lost between the points of the chart, nor what is now.
    auto const peak =
        sync_history({sample_at(now, 3), sample_at(now + 1min, 99), sample_at(now + 2min, 7)}, now).backlog;
    ASSERT_EQ(peak.size(), 2U);
    EXPECT_EQ(peak[0].waiting, 99);
    EXPECT_EQ(peak[1].waiting, 7);
    EXPECT_FALSE(history.empty_at.has_value());
    EXPECT_FALSE(history.growing);
}

TEST(SyncHistory, ForetellsWhenNothingWaits)
{
    auto const now = outbox_start + 12h;
    std::vector<Sample> falling;
    std::vector<Sample> growing;
    for (int i = 0; i <= 30; ++i) {
        falling.push_back(sample_at(now - 30min + i * 1min, 1300 - 10 * i));
        growing.push_back(sample_at(now - 30min + i * 1min, 10 * i));
    }
    auto const history = sync_history(falling, now);
    ASSERT_TRUE(history.empty_at.has_value());
    EXPECT_EQ(*history.empty_at, now + 100min); // 1,000 are left, 10 a minute
    EXPECT_TRUE(sync_history(growing, now).growing);
    EXPECT_FALSE(sync_history(growing, now).empty_at.has_value());
    EXPECT_FALSE(sync_history(falling, now + 1h).empty_at.has_value()); // old news
    auto few = falling;
    for (auto& sample : few) sample.waiting = sample.waiting / 100; // some wait for what will never come
    EXPECT_FALSE(sync_history(few, now).empty_at.has_value());
    falling.back().waiting = 0;
    EXPECT_FALSE(sync_history(falling, now).empty_at.has_value());
    EXPECT_FALSE(sync_history({}, now).empty_at.has_value());
    EXPECT_EQ(sync_history({}, now).hours.size(), 24U);
}

class SyncSamples : public nguon::testing::StorageTest {};

NGUON_ON_BOTH_ENGINES(SyncSamples);

TEST_P(SyncSamples, CountWhatTheLogHasGrownBy)
{
    auto const deliver = [](db::Connection& c, std::int64_t seq, std::chrono::seconds lag) {
        c.execute("UPDATE delivery SET state = 'delivered' WHERE outbox_seq = $1", {seq});
        c.execute("INSERT INTO receipt (target, outbox_seq, accepted_at, payload_sha256, body, received_at)"
                  " SELECT target, outbox_seq, created_at, '', $1, created_at + $2 FROM delivery WHERE outbox_seq = $3",
                  {db::Blob{"x"}, std::chrono::microseconds{lag}.count(), seq});
        db::delivery_log::append(c, "quoc-gia", seq);
    };
    auto const take = [](db::Connection& c, std::string_view target, Instant now) {
        db::sync_samples::insert(c, target, db::sync_samples::measure(c, target, now));
    };
    ASSERT_TRUE(write([&](db::Connection& c) {
                    nguon::testing::add_installation(c);
                    nguon::testing::add_target(c, "quoc-gia");
                    nguon::testing::add_target(c, "khac");
                    nguon::testing::add_history(c, "org", 0, 2, 3);
                    deliver(c, 1, 1s);
                    take(c, "quoc-gia", outbox_start + 1min);
                    deliver(c, 2, 4s);
                    deliver(c, 3, 1h);
                    take(c, "quoc-gia", outbox_start + 2min);
                    take(c, "khac", outbox_start + 2min);
                    take(c, "quoc-gia", outbox_start + 3min);
                }).ok());
    auto const list = [&](std::string const& target, Instant since) {
        return *read([&](db::Connection& c) { return db::sync_samples::list(c, target, since); });
    };
    auto const samples = list("quoc-gia", outbox_start);
    ASSERT_EQ(samples.size(), 3U);
    EXPECT_EQ(samples[0].delivered, 0); // where counting begins
    EXPECT_EQ(samples[1].delivered, 2);
    EXPECT_EQ(samples[1].lags.records(), 2);
    EXPECT_GT(samples[1].lags.percentile(99), 30min);
    EXPECT_LT(samples[1].lags.percentile(50), 10s);
    EXPECT_EQ(samples[2].delivered, 0);
    EXPECT_EQ(samples[2].waiting, samples[1].waiting);
    EXPECT_GT(samples[2].waiting, 0);
    EXPECT_EQ(list("quoc-gia", outbox_start + 2min).size(), 1U);
    EXPECT_EQ(list("khac", outbox_start).size(), 1U);
    EXPECT_TRUE(write([](db::Connection& c) { db::sync_samples::forget(c, outbox_start + 3min); }).ok());
    EXPECT_EQ(list("quoc-gia", outbox_start).size(), 1U);
}

} // namespace
} // namespace nguon::server::app
