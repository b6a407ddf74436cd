#pragma once

#include "db/writer.hpp"
#include "tests/db/crash_checks.hpp"

namespace nguon::testing {

/// `db::Writer` on a simulated disk. It is held up while a group is made, so that each group is one transaction.
class GroupWriter {
public:
    GroupWriter(CrashVfs& vfs, std::unique_ptr<db::SqliteConnection> connection, Defect defect = Defect::none);

    /// Writes the entries in one transaction, behind `before`, and fills in what was answered. `meanwhile` runs when
    /// the writer is held up. Nothing happens after a fatal failure.
    void write(std::vector<LedgerEntry>& group, std::vector<Work> const& before = {},
               std::function<void()> const& meanwhile = {});

    /// Empties the log and ends the thread.
    void close() { writer_.close(); }

    /// More transactions than groups: the machine was so slow that the writer divided one.
    bool has_split_a_group() const { return writer_.commits() > transactions_; }
    /// Why the program would have ended. To be asked after a group or `close`.
    std::string const& fatal() const { return fatal_; }

private:
    db::Job job_of(LedgerEntry& entry);

    CrashVfs& vfs_;
    Defect defect_;
    std::uint64_t transactions_ = 0;
    std::string fatal_;
    db::Writer writer_;
};

/// What happened between a start and an end of the process.
struct Life {
    Disk start = {};
    std::vector<DiskOperation> operations = {};
    Ledger ledger = {};
    std::string fault = {}; // an answer that should not have been
};

/// How a life ended: on which disk, and what of it the next start finds.
struct Ending {
    Disk disk = {};
    std::size_t operations = 0; // that were done by then
    std::vector<bool> is_there = {};
    bool is_durable = true; // false after a kill: the system still holds what was not synced
};

/// Seeded lives of one installation, one after the other, each with group commits, checkpoints and a reader.
class History {
public:
    History(std::uint64_t seed, Defect defect);

    /// The next life, from where the last one was left. The same seed and endings give the same.
    Life live();
    void leave(Life const& life, Ending ending);

private:
    bool try_to_live(Life& life);
    std::vector<LedgerEntry> next_group(int index);
    void keep_answers(std::vector<LedgerEntry>& group, std::vector<LedgerEntry> const& before, Life& life);

    std::uint64_t seed_;
    Defect defect_;
    Chance chance_;
    ServiceWrites writes_;
    Disk disk_;
    Ledger ledger_;
    std::vector<LedgerEntry> unanswered_; // clients ask again
    std::uint64_t lives_ = 0;
};

} // namespace nguon::testing
