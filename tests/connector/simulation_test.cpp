#include "tests/connector/simulation.hpp"

#include "tests/support/nightly.hpp"

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
constexpr std::array<std::uint64_t, 2> found_something{1, 7945};

/// A sample, or what TESTS_SEEDS says.
std::uint64_t seed_count()
{
    constexpr std::uint64_t sample = 40;
    constexpr std::uint64_t nightly = 10'000;
    if (auto const* const wanted = std::getenv("TESTS_SEEDS")) return std::strtoull(wanted, nullptr, 10);
    return nguon::testing::is_nightly() ? nightly : sample;
}

/// Where to begin, so that several machines or evenings can divide the seeds: 1, or what TESTS_FIRST_SEED says.
std::uint64_t first_seed()
{
    auto const* const wanted = std::getenv("TESTS_FIRST_SEED");
    return wanted == nullptr ? 1 : std::strtoull(wanted, nullptr, 10);
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
        std::uint64_t fenced = 0;
    } totals;
    std::mutex mutex;
    std::atomic<std::uint64_t> next = 0;
    auto const count = seed_count();
    auto const first = first_seed();
    auto const begin = std::chrono::steady_clock::now();
    auto const work = [&] {
        for (auto number = next++; number < count + found_something.size(); number = next++) {
            auto const seed = number < count ? first + number : found_something[number - count];
            auto const report = simulate({.seed = seed});
            std::lock_guard const lock{mutex};
            EXPECT_TRUE(report.violations.empty()) << "seed " << seed << violations_of(report);
            totals.hours += report.virtual_hours;
            totals.requests += report.requests;
            totals.troubles += report.troubles;
            totals.records += report.records;
            totals.leaders += report.leaders;
            totals.fenced += report.fenced;
        }
    };
    {
        std::vector<std::jthread> workers;
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) workers.emplace_back(work);
    }
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begin;
    std::printf("%llu histories, %.0f virtual hours, %.0f virtual hours a second; %lld records, %llu requests, "
                "%llu troubles, %lld leaders, %llu of them fenced off\n",
                static_cast<unsigned long long>(count), totals.hours, totals.hours / took.count(),
                static_cast<long long>(totals.records), static_cast<unsigned long long>(totals.requests),
                static_cast<unsigned long long>(totals.troubles), static_cast<long long>(totals.leaders),
                static_cast<unsigned long long>(totals.fenced));
    EXPECT_GT(totals.troubles, count);
    EXPECT_GT(totals.leaders, static_cast<std::int64_t>(count));
    EXPECT_GT(totals.fenced, 0U) << "no stale leader tried to write";
}

TEST(Simulation, RefusesThePoisonAndDeliversTheRestThroughEveryFault)
{
    auto const count = std::max<std::uint64_t>(1, seed_count() / 4);
    for (std::uint64_t seed = 1001; seed <= 1000 + count; ++seed) {
        auto const report = simulate({.seed = seed, .poisoned = 3});
        EXPECT_TRUE(report.violations.empty()) << "seed " << seed << violations_of(report);
        EXPECT_EQ(report.counts.refused, 3) << "seed " << seed;
        EXPECT_EQ(report.counts.delivered + report.counts.superseded, report.records - 3) << "seed " << seed;
    }
}

TEST(Simulation, DrainsWithinAnHourWhatAnOutageOfThreeDaysLeft)
{
    using std::chrono::hours;
    auto const report =
        simulate({.troubled = hours{72}, .quiet_max = hours{1}, .calm = true, .rest = Rest::portal_away});
    EXPECT_TRUE(report.violations.empty()) << violations_of(report);
    EXPECT_EQ(report.counts.delivered, report.records);
    EXPECT_EQ(report.parked, 0U);
    EXPECT_EQ(report.attempts, 0) << "the portal's absence is no record's fault";
    EXPECT_LT(report.requests, 3 * static_cast<std::uint64_t>(report.records)) << "nobody hammers at a closed door";
}

/// Until nine tenths are out of what sixty organizations wrote in three days in which nothing was delivered.
double drain_seconds_after(Rest rest, std::uint64_t seed)
{
    auto const report = simulate({.seed = seed,
                                  .troubled = std::chrono::hours{73},
                                  .quiet_max = std::chrono::hours{1},
                                  .calm = true,
                                  .organizations = 60,
                                  .rest = rest});
    EXPECT_TRUE(report.violations.empty()) << violations_of(report);
    return report.drain_seconds;
}

TEST(Simulation, DrainsAfterAnOutageNearlyAsSoonAsAfterAPause)
{
    // Each probe of the outage left another organization's oldest record half sent; a pause leaves none. To begin with
    // one conversation, then two, four and eight, takes a few seconds.
    double after_pause = 0;
    double after_outage = 0;
    // Of one world alone, a single late answer at the end would say how long it took.
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        after_pause += drain_seconds_after(Rest::paused, seed) / 4;
        after_outage += drain_seconds_after(Rest::portal_away, seed) / 4;
    }
    std::printf("drained %.1f s after a pause, %.1f s after an outage\n", after_pause, after_outage);
    EXPECT_LT(after_outage, after_pause + 10);
}

TEST(Simulation, LetsNoOrganizationWaitForASecondTurnOfAnother)
{
    constexpr std::size_t organizations = 8;
    auto const report = simulate(
        {.troubled = std::chrono::hours{1}, .calm = true, .watches_turns = true, .organizations = organizations});
    EXPECT_TRUE(report.violations.empty()) << violations_of(report);
    EXPECT_GT(report.worst_turn, 1U) << "nobody ever had to wait";
    EXPECT_LE(report.worst_turn, organizations + 1);
}

TEST(Simulation, RepeatsOneHistoryFromOneSeed)
{
    auto const first = simulate({.seed = 7});
    auto const second = simulate({.seed = 7});
    EXPECT_EQ(first.trace, second.trace);
    EXPECT_NE(first.trace, simulate({.seed = 8}).trace);
}

/// A mutant, and the words of the check that is there for it. Another check that notices it first proves nothing.
struct Suspect {
    Mutant mutant = Mutant::none;
    std::string violation = {};
};

class SimulatedMutant : public ::testing::TestWithParam<Suspect> {};

TEST_P(SimulatedMutant, IsCaughtForWhatItDoes)
{
    constexpr std::uint64_t seeds_max = 1000;
    auto const name = std::string{to_text(GetParam().mutant)};
    SimulationReport report;
    std::uint64_t seed = 0;
    while (report.violations.empty() && ++seed <= seeds_max)
        report = simulate({.seed = seed, .mutant = GetParam().mutant});
    ASSERT_FALSE(report.violations.empty()) << name << " lives";
    auto const& first = report.violations.front();
    EXPECT_NE(first.find(GetParam().violation), std::string::npos) << name << " is taken for something else: " << first;
    std::printf("%s was caught by seed %llu: %s\n", name.c_str(), static_cast<unsigned long long>(seed), first.c_str());
}

INSTANTIATE_TEST_SUITE_P(
    All, SimulatedMutant,
    ::testing::Values(Suspect{Mutant::new_key_on_retry, "created twice"},
                      Suspect{Mutant::other_bytes_on_retry, "other bytes under"},
                      Suspect{Mutant::receipt_not_verified, "no valid receipt"},
                      Suspect{Mutant::missing_is_delivered, "no valid receipt"},
                      Suspect{Mutant::dead_letter_on_503, "refused, though the portal never said so"},
                      Suspect{Mutant::cursor_instead_of_state, "have not arrived though all was well"},
                      Suspect{Mutant::drop_on_full, "is not in the outbox"}),
    [](auto const& test) { return std::string{to_text(test.param.mutant)}; });

} // namespace
} // namespace nguon::connector::testing
