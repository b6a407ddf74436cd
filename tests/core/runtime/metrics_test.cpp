#include "core/runtime/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace nguon {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, WritesPrometheusText)
{
    Metrics metrics;
    metrics.counter("scans_total", "Scans.", {{"kind", "page"}}).add(3);
    metrics.gauge("queue", "Waiting.").set(-2);
    metrics.watch("age_seconds", "Age.", [] { return 1.5; });
    auto& times = metrics.histogram("time_seconds", "Time.", {0.1, 1});
    for (double const value : {0.05, 0.1, 0.5, 7.0}) times.observe(value);

    EXPECT_EQ(metrics.text(), "# HELP age_seconds Age.\n# TYPE age_seconds gauge\nage_seconds 1.5\n"
                              "# HELP queue Waiting.\n# TYPE queue gauge\nqueue -2\n"
                              "# HELP scans_total Scans.\n# TYPE scans_total counter\nscans_total{kind=\"page\"} 3\n"
                              "# HELP time_seconds Time.\n# TYPE time_seconds histogram\n"
                              "time_seconds_bucket{le=\"0.1\"} 2\ntime_seconds_bucket{le=\"1\"} 3\n"
                              "time_seconds_bucket{le=\"+Inf\"} 4\ntime_seconds_sum 7.65\ntime_seconds_count 4\n");
}

TEST(Metrics, GivesTheSameNumberForTheSameLabels)
{
    Metrics metrics;
    metrics.counter("a_total", "A.", {{"x", "1"}}).add();
    metrics.counter("a_total", "A.", {{"x", "1"}}).add();
    EXPECT_EQ(metrics.counter("a_total", "A.", {{"x", "1"}}).value(), 2U);
}

TEST(Metrics, EscapesLabelValues)
{
    Metrics metrics;
    metrics.counter("a_total", "A.", {{"x", "q\"b\\n\n"}}).add();
    EXPECT_THAT(metrics.text(), HasSubstr(R"(a_total{x="q\"b\\n\n"} 1)"));
}

TEST(Metrics, BoundsTheSeriesOfOneName)
{
    Metrics metrics;
    for (std::size_t i = 0; i < Metrics::series_max + 10; ++i) {
        metrics.counter("a_total", "A.", {{"path", std::to_string(i)}}).add();
    }
    EXPECT_THAT(metrics.text(), HasSubstr("a_total{path=\"199\"} 1\n"));
    EXPECT_THAT(metrics.text(), Not(HasSubstr("a_total{path=\"200\"}")));
    EXPECT_THAT(metrics.text(), HasSubstr("a_total{path=\"other\"} 10\n"));
}

TEST(Metrics, LosesNothingBetweenThreads)
{
    Metrics metrics;
    auto& counter = metrics.counter("a_total", "A.");
    auto& histogram = metrics.histogram("h", "H.", {1});
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 10'000; ++k) {
                counter.add();
                histogram.observe(1);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(counter.value(), 40'000U);
    EXPECT_EQ(histogram.count(0), 40'000U);
    EXPECT_EQ(histogram.sum(), 40'000);
}

} // namespace
} // namespace nguon
