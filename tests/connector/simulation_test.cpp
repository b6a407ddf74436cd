#include "tests/connector/simulation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace nguon::connector::testing {
namespace {

/// Seeds that once found something stay here for ever.
constexpr std::array<std::uint64_t, 1> found_something{1};

/// A sample, or what TESTS_SEEDS says.
std::uint64_t seed_count()
{
    constexpr std::uint64_t sample = 40;
    constexpr std::uint64_t nightly = 10'000;
    if (auto const* const wanted = std::getenv("TESTS_SEEDS")) return std::strtoull(wanted, nullptr, 10);
    return std::getenv("TESTS_NIGHTLY") != nullptr ? nightly : sample;
}

std::string violations_of(SimulationReport const& report)
{
    std::string out;
    for (auto const& violation : report.violations) out += "\n  " + violation;
    return out;
}

TEST(Simulation, KeepsEveryInvariantThroughADayOfEveryFault)
{
    struct Totals {
        double hours = 0;
        std::uint64_t requests = 0;
        std::uint64_t troubles = 0;
        std::int64_t records = 0;
        std::int64_t leaders = 0;
    } totals;
    std::mutex mutex;
    std::atomic<std::uint64_t> next = 0;
    auto const count = seed_count();
    auto const begin = std::chrono::steady_clock::now();
    auto const work = [&] {
        for (auto number = next++; number < count + found_something.size(); number = next++) {
            auto const seed = number < count ? number + 1 : found_something[number - count];
            auto const report = simulate({.seed = seed});
            std::lock_guard const lock{mutex};
            EXPECT_TRUE(report.violations.empty()) << "seed " << seed << violations_of(report);
            totals.hours += report.virtual_hours;
            totals.requests += report.requests;
            totals.troubles += report.troubles;
            totals.records += report.records;
            totals.leaders += report.leaders;
        }
    };
    {
        std::vector<std::jthread> workers;
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) workers.emplace_back(work);
    }
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begin;
    std::printf("%llu histories, %.0f virtual hours, %.0f virtual hours a second; %lld records, %llu requests, "
                "%llu troubles, %lld leaders\n",
                static_cast<unsigned long long>(count), totals.hours, totals.hours / took.count(),
                static_cast<long long>(totals.records), static_cast<unsigned long long>(totals.requests),
                static_cast<unsigned long long>(totals.troubles), static_cast<long long>(totals.leaders));
    EXPECT_GT(totals.troubles, count);
    EXPECT_GT(totals.leaders, static_cast<std::int64_t>(count));
}

TEST(Simulation, RepeatsOneHistoryFromOneSeed)
{
    auto const first = simulate({.seed = 7});
    auto const second = simulate({.seed = 7});
    EXPECT_EQ(first.trace, second.trace);
    EXPECT_NE(first.trace, simulate({.seed = 8}).trace);
}

class SimulatedMutant : public ::testing::TestWithParam<Mutant> {};

TEST_P(SimulatedMutant, IsCaught)
{
    constexpr std::uint64_t seeds_max = 1000;
    std::uint64_t seed = 1;
    while (seed <= seeds_max && simulate({.seed = seed, .mutant = GetParam()}).violations.empty()) ++seed;
    EXPECT_LE(seed, seeds_max) << to_text(GetParam()) << " lives";
    std::printf("%s was caught by seed %llu\n", std::string{to_text(GetParam())}.c_str(),
                static_cast<unsigned long long>(seed));
}

INSTANTIATE_TEST_SUITE_P(All, SimulatedMutant,
                         ::testing::Values(Mutant::new_key_on_retry, Mutant::other_bytes_on_retry,
                                           Mutant::receipt_not_verified, Mutant::missing_is_delivered,
                                           Mutant::dead_letter_on_503, Mutant::cursor_instead_of_state,
                                           Mutant::drop_on_full),
                         [](auto const& test) { return std::string{to_text(test.param)}; });

} // namespace
} // namespace nguon::connector::testing
