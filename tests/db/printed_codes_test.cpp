#include "tests/support/label_storage_test.hpp"

#include <atomic>
#include <random>
#include <set>
#include <thread>

namespace nguon::db::printed_codes {
namespace {

using namespace std::string_view_literals;
using testing::outbox_start;

constexpr std::array from_printed{"printed"sv};
constexpr std::array from_living{"printed"sv, "activated"sv, "shipped"sv, "sold"sv};

class UnitStorage : public testing::LabelStorageTest {
protected:
    std::int64_t give(std::string const& job, std::vector<std::string> const& codes)
    {
        return write([&](Connection& c) { return Result{insert_units(c, tea, lot, job, codes, outbox_start)}; })
            .value_or(-1);
    }

    std::int64_t change(Range const& range, std::span<std::string_view const> from, std::string_view to,
                        OrganizationId const& org)
    {
        StateChange const wanted{from, to, "lý do", outbox_start + std::chrono::hours{1}};
        return write([&](Connection& c) { return Result{change_state(c, org, range, wanted)}; }).value_or(-1);
    }

    CountByState counts(Range const& range)
    {
        return *read([&](Connection& c) { return Result{count(c, tea, range)}; });
    }
};

TEST_P(UnitStorage, GivesEveryCodeToOneOfManyWriters)
{
    constexpr int writers = 4;
    auto const pool = new_codes(3'500); // several blocks; the writers want the same codes on purpose
    for (int i = 0; i < writers; ++i) insert(a_job("job-" + std::to_string(i), 3'000, "unit"));
    std::atomic<std::int64_t> added = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < writers; ++i)
        threads.emplace_back([&, i] {
            std::mt19937 chance{static_cast<unsigned>(i)};
            auto wanted = pool;
            std::shuffle(wanted.begin(), wanted.end(), chance);
            wanted.resize(3'000);
            for (std::size_t from = 0; from < wanted.size(); from += 500)
                added += give("job-" + std::to_string(i), {wanted.begin() + static_cast<std::ptrdiff_t>(from),
                                                           wanted.begin() + static_cast<std::ptrdiff_t>(from) + 500});
        });
    for (auto& thread : threads) thread.join();

    std::set<std::string> given;
    std::size_t sum = 0;
    for (int i = 0; i < writers; ++i) {
        auto const codes = codes_of("job-" + std::to_string(i));
        sum += codes.size();
        given.insert(codes.begin(), codes.end());
    }
    EXPECT_EQ(given.size(), sum) << "a code was given twice";
    EXPECT_EQ(added.load(), static_cast<std::int64_t>(sum)) << "the writers were told something else";
    EXPECT_GE(sum, 3'000U);
}

TEST_P(UnitStorage, LeavesCodesThatExistToThoseWhoHaveThem)
{
    insert(a_job("one", 3, "unit"));
    insert(a_job("two", 3, "unit"));
    auto const codes = new_codes(3);
    EXPECT_EQ(give("one", {codes[0], codes[1]}), 2);
    EXPECT_EQ(give("two", {codes[1], codes[2], codes[2]}), 1);
    EXPECT_EQ(codes_of("one").size(), 2U);
    EXPECT_EQ(codes_of("two"), (std::vector{codes[2]}));
}

TEST_P(UnitStorage, ChangesARangeOfOneJobInTheOrderOfItsLabels)
{
    insert(a_job("one", 1'000, "unit"));
    insert(a_job("two", 1'000, "unit"));
    give("one", new_codes(1'000));
    give("two", new_codes(1'000));
    auto const labels = codes_of("one");
    Range const all{"one", labels.front(), labels.back()};
    Range const roll{"one", labels[100], labels[299]};
    EXPECT_EQ(change(roll, from_printed, "activated", rice), 0) << "another organization's";
    EXPECT_EQ(change(roll, from_printed, "activated", tea), 200);
    EXPECT_EQ(change(roll, from_printed, "activated", tea), 0) << "they are active already";
    EXPECT_EQ(counts(all), (CountByState{{"printed", 800}, {"activated", 200}}));
    EXPECT_EQ(counts({"two", "0", "~"}), (CountByState{{"printed", 1'000}})) << "codes of another job lie in between";
    EXPECT_EQ(change({"one", labels[150], labels[150]}, from_living, "void", tea), 1);
    auto const gone = *read([&](Connection& c) { return find(c, labels[150]); });
    EXPECT_EQ(gone.status, "void");
    EXPECT_EQ(gone.reason, "lý do");
    EXPECT_EQ(gone.changed_at, outbox_start + std::chrono::hours{1});
    auto const first = *read([&](Connection& c) { return Result{list(c, tea, "one", "activated", 0, 2)}; });
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].code, labels[100]);
    EXPECT_EQ(first[1].code, labels[101]);
}

TEST_P(UnitStorage, ReportsWhatNobodyActivated)
{
    auto old = a_job("old", 10, "unit");
    auto young = a_job("young", 10, "unit");
    young.created_at = outbox_start + std::chrono::hours{48};
    insert(old);
    insert(young);
    give("old", new_codes(10));
    give("young", new_codes(10));
    auto const labels = codes_of("old");
    change({"old", labels[0], labels[3]}, from_printed, "activated", tea);

    auto const before = outbox_start + std::chrono::hours{24};
    auto const waiting = *read([&](Connection& c) { return Result{never_activated(c, tea, before, 0, 10)}; });
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_EQ(waiting[0].job, "old");
    EXPECT_EQ(waiting[0].lot, "L1");
    EXPECT_EQ(waiting[0].count, 6);
    EXPECT_EQ(waiting[0].first, labels[4]);
    EXPECT_EQ(waiting[0].last, labels[9]);
    EXPECT_EQ(*read([&](Connection& c) { return Result{count_never_activated(c, tea, before)}; }), 6);
    EXPECT_EQ(*read([&](Connection& c) { return Result{count_never_activated(c, rice, before)}; }), 0);
}

NGUON_ON_BOTH_ENGINES(UnitStorage);

} // namespace
} // namespace nguon::db::printed_codes
