// The power fails while the service writes. A history of writes is recorded once with everything the disk was asked to
// do, and the power is cut at many of its moments; what the next start finds is compared with what clients were told.
// TESTS_SEED=N repeats the history N alone. TESTS_NIGHTLY=1 cuts twenty-five times as often.

#include "db/migrator.hpp"
#include "tests/db/crash_life.hpp"
#include "tests/db/small_schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <set>

#include <fmt/format.h>

namespace nguon::testing {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t slowness = 40;
#else
constexpr std::size_t slowness = 1;
#endif

constexpr std::size_t shards = 4;
constexpr std::size_t cuts_a_shard = 5000;
constexpr std::size_t cuts_of_a_mutant = 1000;
constexpr std::size_t nightly_factor = 25;
constexpr std::size_t lives = 3;
constexpr std::size_t cuts_a_life = 48;

std::size_t cuts_to_do()
{
    auto const factor = std::getenv("TESTS_NIGHTLY") != nullptr && slowness == 1 ? nightly_factor : 1;
    return cuts_a_shard * factor / slowness;
}

/// The moments of a life at which the power is cut, in order: any, and more often around what makes writes durable.
std::vector<std::size_t> moments_of(Life const& life, Chance& chance)
{
    std::vector<std::size_t> barriers;
    for (std::size_t index = 0; index < life.operations.size(); ++index) {
        if (life.operations[index].kind != DiskOperation::Kind::write) barriers.push_back(index);
    }
    std::vector<std::size_t> moments;
    while (moments.size() < cuts_a_life) {
        auto const any = chance.below(life.operations.size() + 1);
        auto const near = barriers.empty() ? any : barriers[chance.below(barriers.size())] + chance.below(4);
        moments.push_back(
            std::min(chance.one_in(2) ? any : std::max<std::size_t>(near, 2) - 2, life.operations.size()));
    }
    std::ranges::sort(moments);
    return moments;
}

/// Cuts the power at many moments of the lives of seeded histories.
class PowerCuts {
public:
    explicit PowerCuts(Defect defect) : defect_{defect} {}

    /// Of the history of one seed, until a fault is found or this many are done. Empty when all was well.
    std::string cut_history(std::uint64_t seed, std::size_t cuts)
    {
        History history{seed, defect_};
        Chance chance{~seed};
        for (std::size_t number = 0; number < lives && done_ < cuts; ++number) {
            auto const life = history.live();
            operations_ += life.operations.size();
            Ending ending;
            auto fault = life.fault.empty() ? cut_life(life, chance, cuts, ending) : life.fault;
            if (!fault.empty()) return fmt::format("TESTS_SEED={}, life {}: {}", seed, number, fault);
            history.leave(life, std::move(ending));
        }
        return {};
    }

    std::size_t done() const { return done_; }
    std::size_t operations() const { return operations_; }

private:
    std::string cut_life(Life const& life, Chance& chance, std::size_t cuts, Ending& ending)
    {
        auto disk = life.start;
        std::size_t operations = 0;
        auto const moments = moments_of(life, chance);
        auto const last = chance.below(moments.size());
        for (std::size_t index = 0; index < moments.size() && done_ < cuts; ++index) {
            while (operations < moments[index]) disk.apply(life.operations[operations++]);
            auto const damage = Disk::damages[chance.below(std::size(Disk::damages))];
            auto left = disk.after_power_cut(damage, chance);
            bool const is_killed = index == last && chance.one_in(3);
            if (is_killed) left = disk;
            auto const found = find_faults(left, life.ledger, operations);
            ++done_;
            if (!found.fault.empty()) return describe(life, operations, damage, found.fault);
            if (index == last || ending.is_there.empty())
                ending = {std::move(left), operations, found.is_there, !is_killed};
        }
        return {};
    }

    static std::string describe(Life const& life, std::size_t operations, Disk::Damage damage, std::string const& fault)
    {
        auto const before = operations == 0 ? "start" : to_text(life.operations[operations - 1]);
        return fmt::format("cut after operation {} of {} ({}), {}: {}", operations, life.operations.size(), before,
                           to_text(damage), fault);
    }

    Defect defect_;
    std::size_t done_ = 0;
    std::size_t operations_ = 0;
};

Disk with_file(bool directory_synced)
{
    Disk disk;
    disk.apply({DiskOperation::Kind::create, 0, 0, {}, "a"});
    if (directory_synced) disk.apply({DiskOperation::Kind::sync_directory, 0, 0, {}, {}});
    return disk;
}

TEST(CrashDisk, LosesNamesThatWereNotSynced)
{
    Chance chance{1};
    EXPECT_FALSE(with_file(false).after_power_cut(Disk::Damage::none_kept, chance).find("a"));
    EXPECT_TRUE(with_file(false).after_power_cut(Disk::Damage::all_kept, chance).find("a"));
    auto disk = with_file(true);
    disk.apply({DiskOperation::Kind::remove, 0, 0, {}, "a"});
    EXPECT_FALSE(disk.find("a"));
    EXPECT_TRUE(disk.after_power_cut(Disk::Damage::none_kept, chance).find("a")) << "it comes back";
}

TEST(CrashDisk, KeepsWhatWasSyncedAndAnySectorsOfTheRest)
{
    Chance chance{1};
    auto disk = with_file(true);
    disk.apply({DiskOperation::Kind::write, 0, 0, std::string(1024, 'a'), {}});
    disk.apply({DiskOperation::Kind::sync, 0, 0, {}, {}});
    disk.apply({DiskOperation::Kind::write, 0, 256, std::string(1024, 'b'), {}}); // parts of three sectors
    std::set<std::string> seen;
    for (auto const damage : {Disk::Damage::none_kept, Disk::Damage::all_kept, Disk::Damage::some_kept}) {
        for (int trial = 0; trial < 200; ++trial) {
            auto const left = disk.after_power_cut(damage, chance);
            std::string found(left.content(0).size(), '\0');
            left.content(0).read(0, found.data(), found.size());
            EXPECT_EQ(found.substr(0, 256), std::string(256, 'a')) << "nobody wrote there";
            seen.insert(found);
        }
    }
    EXPECT_EQ(seen.size(), 8U) << "each of the three parts is kept or not";
}

class PowerCutShard : public ::testing::TestWithParam<std::size_t> {};

TEST_P(PowerCutShard, LosesNothingThatWasAcknowledged)
{
    PowerCuts cuts{Defect::none};
    auto const* const only = std::getenv("TESTS_SEED");
    if (only != nullptr) {
        EXPECT_EQ(cuts.cut_history(std::strtoull(only, nullptr, 10), never), "");
        return;
    }
    auto const wanted = cuts_to_do();
    auto const start = std::chrono::steady_clock::now();
    std::size_t histories = 0;
    while (cuts.done() < wanted) {
        auto const seed = 1 + GetParam() + shards * histories++;
        ASSERT_EQ(cuts.cut_history(seed, wanted), "");
    }
    std::chrono::duration<double> const seconds = std::chrono::steady_clock::now() - start;
    std::cout << fmt::format("{} cuts in {} histories of {} disk operations, {:.0f} cuts/s\n", cuts.done(), histories,
                             cuts.operations(), static_cast<double>(cuts.done()) / seconds.count());
}

INSTANTIATE_TEST_SUITE_P(PowerCut, PowerCutShard, ::testing::Range<std::size_t>(0, shards));

struct Mutant {
    char const* name;
    Defect defect;

    friend std::ostream& operator<<(std::ostream& out, Mutant const& mutant) { return out << mutant.name; }
};

class PowerCutMutant : public ::testing::TestWithParam<Mutant> {};

TEST_P(PowerCutMutant, IsNoticed)
{
    PowerCuts cuts{GetParam().defect};
    std::string fault;
    for (std::uint64_t seed = 1; fault.empty() && cuts.done() < cuts_of_a_mutant; ++seed)
        fault = cuts.cut_history(seed, cuts_of_a_mutant);
    EXPECT_NE(fault, "") << "not noticed in " << cuts.done() << " cuts";
    std::cout << fmt::format("{} was noticed at cut {}: {}\n", GetParam().name, cuts.done(), fault);
}

TEST_P(PowerCutMutant, SeemsSoundUntilThePowerFails)
{
    History history{1, GetParam().defect};
    auto const life = history.live();
    EXPECT_EQ(life.fault, "");
    auto disk = life.start;
    for (auto const& operation : life.operations) disk.apply(operation);
    EXPECT_EQ(find_faults(disk, life.ledger, life.operations.size()).fault, "");
}

INSTANTIATE_TEST_SUITE_P(PowerCut, PowerCutMutant,
                         ::testing::Values(Mutant{"SynchronousNormal", Defect::sync_normal},
                                           Mutant{"SynchronousOff", Defect::sync_off},
                                           Mutant{"SyncThatLies", Defect::sync_lies},
                                           Mutant{"AnswerBeforeCommit", Defect::early_answer},
                                           Mutant{"OutboxInASecondTransaction", Defect::outbox_apart}),
                         [](auto const& made) { return std::string{made.param.name}; });

TEST(PowerCut, RepeatsAHistoryExactly)
{
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        auto const first = History{seed, Defect::none}.live();
        auto const again = History{seed, Defect::none}.live();
        EXPECT_EQ(first.fault, "");
        ASSERT_EQ(first.operations.size(), again.operations.size());
        EXPECT_TRUE(first.operations == again.operations) << "seed " << seed;
    }
}

/// The first start of an installation on an empty disk.
std::vector<DiskOperation> first_start()
{
    repeat_from(1);
    CrashVfs vfs;
    auto const writer = open_writer(vfs);
    EXPECT_TRUE(db::migrate(*writer, small_schema(), Instant{}).ok());
    return vfs.history();
}

TEST(PowerCut, LeavesAnOldOrANewSchemaAtTheFirstStartAndCompletesItLater)
{
    auto const operations = first_start();
    Chance chance{1};
    Disk disk;
    for (std::size_t done = 0; done <= operations.size(); ++done) {
        for (auto const damage : Disk::damages) {
            CrashVfs vfs{disk.after_power_cut(damage, chance)};
            auto const where = fmt::format("operation {}, {}", done, to_text(damage));
            auto const writer = open_writer(vfs);
            ASSERT_TRUE(db::check_integrity(*writer, true).empty()) << where;
            auto const version = writer->query("PRAGMA user_version").front().integer(0);
            auto const tables = writer->query("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN"
                                              " ('item', 'note', 'operation', 'schema_version')");
            constexpr std::int64_t tables_at_version[] = {0, 2, 4};
            ASSERT_EQ(tables.front().integer(0), tables_at_version[version]) << where;
            ASSERT_TRUE(db::migrate(*writer, small_schema(), Instant{}).ok()) << where;
            ASSERT_TRUE(db::check_integrity(*writer, true).empty()) << where;
        }
        if (done < operations.size()) disk.apply(operations[done]);
    }
}

// A killed process leaves commits that the system has not brought to the disk. The next process reads them as
// committed, so it must not answer for them before they are durable.
TEST(PowerCut, KeepsWhatAKilledProcessWroteOnceItIsAnswered)
{
    constexpr std::size_t seeds = slowness > 1 ? 2 : 20;
    constexpr std::size_t moments = 8; // of the next life: it starts with what clients ask again
    Chance chance{1};
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        History history{seed, Defect::none};
        auto const life = history.live();
        auto disk = life.start;
        // Killed when a commit stands in the log and its sync is still to come.
        std::size_t done = life.operations.size() / 2;
        while (life.operations[done].kind != DiskOperation::Kind::sync) ++done;
        for (std::size_t index = 0; index < done; ++index) disk.apply(life.operations[index]);
        auto found = find_faults(disk, life.ledger, done);
        ASSERT_EQ(found.fault, "");
        history.leave(life, {disk, done, std::move(found.is_there), false});

        auto const next = history.live();
        ASSERT_EQ(next.fault, "");
        for (std::size_t moment = 0; moment < moments; ++moment) {
            auto const left = disk.after_power_cut(Disk::Damage::none_kept, chance);
            ASSERT_EQ(find_faults(left, next.ledger, moment).fault, "") << "seed " << seed << ", " << moment;
            disk.apply(next.operations[moment]);
        }
    }
}

} // namespace

} // namespace nguon::testing
