// F05: the Nth call to the disk fails, once or for good, while the service writes, for N = 1, 2 … until none does
// (TESTS_NIGHTLY=1; otherwise some of them). The client gets an error or a success that holds, and the next start finds
// a sound file.

#include "tests/db/crash_life.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include <fmt/format.h>

namespace nguon::testing {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_slow = true;
#else
constexpr bool is_slow = false;
#endif

/// From one tried call to the next: all of them at night, some of them otherwise.
int stride()
{
    constexpr int sampled = 7;
    if (is_slow) return sampled * sampled;
    return std::getenv("TESTS_NIGHTLY") != nullptr ? 1 : sampled;
}

constexpr int calls_max = 2000;

struct FaultyWrite {
    char const* name;
    LedgerEntry (*make)(ServiceWrites& writes, Chance& chance);

    friend std::ostream& operator<<(std::ostream& out, FaultyWrite const& write) { return out << write.name; }
};

std::string describe(IoFault const& fault)
{
    static constexpr char const* kinds[] = {"EIO", "ENOSPC", "short write"};
    return fmt::format("{} at call {}{}", kinds[static_cast<std::size_t>(fault.kind)], fault.call,
                       fault.lasting ? " and for good" : "");
}

constexpr IoFault every_fault[] = {
    {IoFault::Kind::io_error, 1, false}, {IoFault::Kind::io_error, 1, true},     {IoFault::Kind::no_space, 1, false},
    {IoFault::Kind::no_space, 1, true},  {IoFault::Kind::short_write, 1, false}, {IoFault::Kind::short_write, 1, true},
};

/// One process on a disk that fails while it writes.
class FaultyProcess {
public:
    FaultyProcess() : chance_{1}
    {
        repeat_from(1);
        vfs_ = std::make_unique<CrashVfs>(prepared_disk(true));
        writer_ = std::make_unique<GroupWriter>(*vfs_, open_writer(*vfs_));
        writes_.restart();
        write({writes_.batch(chance_), writes_.event(chance_), writes_.claim()});
    }

    /// True when a call failed meanwhile.
    bool write_with(IoFault const& fault, FaultyWrite const& what)
    {
        std::vector<LedgerEntry> group{what.make(writes_, chance_), writes_.batch(chance_)};
        vfs_->arm(fault);
        write(std::move(group));
        bool const struck = vfs_->disarm();
        if (writer_->fatal().empty()) write({writes_.batch(chance_), writes_.event(chance_)});
        return struck;
    }

    bool close_with(IoFault const& fault)
    {
        vfs_->arm(fault);
        writer_->close();
        return vfs_->disarm();
    }

    /// What the next start has to complain of, after a kill or a power cut.
    std::string faults_after_end()
    {
        auto const& disk = vfs_->disk();
        auto const operations = vfs_->operations();
        auto const damage = Disk::damages[chance_.below(std::size(Disk::damages))];
        auto fault = find_faults(chance_.one_in(2) ? disk : disk.after_power_cut(damage, chance_), ledger_, operations);
        return std::move(fault.fault);
    }

    Ledger const& ledger() const { return ledger_; }
    bool has_stopped() const { return !writer_->fatal().empty(); }

private:
    void write(std::vector<LedgerEntry> group)
    {
        writer_->write(group);
        ledger_.insert(ledger_.end(), group.begin(), group.end());
    }

    Chance chance_;
    ServiceWrites writes_;
    std::unique_ptr<CrashVfs> vfs_;
    std::unique_ptr<GroupWriter> writer_;
    Ledger ledger_;
};

/// Tries the faults at every call. `attempt` answers whether a call failed; the last one must not.
template <typename Attempt>
void at_every_call(Attempt attempt)
{
    int first = 0;
    for (auto fault : every_fault) {
        int struck = 0;
        for (fault.call = 1 + first++ % stride(); fault.call < calls_max; fault.call += stride()) {
            SCOPED_TRACE(describe(fault));
            if (!attempt(fault)) break;
            ++struck;
            if (::testing::Test::HasFailure()) return;
        }
        EXPECT_GT(struck, 0) << describe(fault) << ": nothing failed at all";
        EXPECT_LT(fault.call, calls_max);
    }
}

class IoFaultTest : public ::testing::TestWithParam<FaultyWrite> {};

TEST_P(IoFaultTest, IsAnErrorOrASuccessThatHolds)
{
    at_every_call([](IoFault const& fault) {
        FaultyProcess process;
        bool const struck = process.write_with(fault, GetParam());
        for (auto const& entry : process.ledger()) {
            EXPECT_TRUE(entry.error.empty() || entry.error.starts_with("storage.")) << entry.error;
            EXPECT_TRUE(entry.error.empty() || struck) << entry.error;
        }
        // A disk that is merely full stops nobody: when there is space again, writing goes on.
        EXPECT_TRUE(process.has_stopped() || process.ledger().back().error.empty());
        EXPECT_EQ(process.faults_after_end(), "");
        return struck;
    });
}

INSTANTIATE_TEST_SUITE_P(
    Disk, IoFaultTest,
    ::testing::Values(FaultyWrite{"Batch", [](auto& writes, auto& chance) { return writes.batch(chance); }},
                      FaultyWrite{"Change", [](auto& writes, auto& chance) { return writes.change(chance); }},
                      FaultyWrite{"Event", [](auto& writes, auto& chance) { return writes.event(chance); }},
                      FaultyWrite{"Photo", [](auto& writes, auto& chance) { return writes.photo(chance); }},
                      FaultyWrite{"Claim", [](auto& writes, auto&) { return writes.claim(); }},
                      FaultyWrite{"Settle", [](auto& writes, auto&) { return writes.settle(); }}),
    [](auto const& made) { return std::string{made.param.name}; });

TEST(IoFault, WhileTheLogIsEmptiedLosesNothing)
{
    at_every_call([](IoFault const& fault) {
        FaultyProcess process;
        bool const struck = process.close_with(fault);
        EXPECT_EQ(process.faults_after_end(), "");
        return struck;
    });
}

/// Two commits that only stand in the log, as a process leaves them that is killed.
Disk disk_with_a_log(Ledger& ledger)
{
    repeat_from(1);
    Chance chance{1};
    ServiceWrites writes;
    CrashVfs vfs{prepared_disk(true)};
    GroupWriter writer{vfs, open_writer(vfs)};
    for (int group = 0; group < 2; ++group) {
        std::vector<LedgerEntry> entries{writes.batch(chance), writes.event(chance)};
        writer.write(entries);
        ledger.insert(ledger.end(), entries.begin(), entries.end());
    }
    return vfs.disk();
}

TEST(IoFault, AtAStartLosesNothing)
{
    Ledger ledger;
    auto const disk = disk_with_a_log(ledger);
    for (auto& entry : ledger) entry.answered_at = 0;
    for (auto fault : every_fault) {
        if (fault.kind == IoFault::Kind::short_write) continue; // a start writes nothing before it recovered
        for (bool struck = true; struck && fault.call < calls_max; fault.call += stride()) {
            SCOPED_TRACE(describe(fault));
            CrashVfs vfs{disk};
            vfs.arm(fault);
            try {
                auto const writer = open_writer(vfs);
                writer->checkpoint(db::SqliteConnection::Checkpoint::truncate);
            } catch (db::DbError const& refusal) {
                EXPECT_NE(refusal.kind(), db::DbErrorKind::corrupt) << refusal.what();
            }
            struck = vfs.disarm();
            ASSERT_EQ(find_faults(vfs.disk(), ledger, 0).fault, "");
        }
        EXPECT_GT(fault.call, 1 + stride());
    }
}

} // namespace

} // namespace nguon::testing
