#include "tests/db/crash_checks.hpp"

#include "core/bytes.hpp"
#include "db/migrator.hpp"
#include "tests/support/temp_dir.hpp"

#include <map>
#include <stdexcept>

#include <fmt/format.h>

namespace nguon::testing {

namespace {

std::filesystem::path const& database_file()
{
    // The connection makes an empty file of this name on the real disk; everything else happens in memory.
    static TempDir const dir;
    static auto const file = dir.path() / "nguon.db";
    return file;
}

Disk prepare_disk(bool with_log)
{
    repeat_from(1);
    CrashVfs vfs;
    {
        auto const writer = open_writer(vfs);
        auto const migrated = db::migrate(*writer, embedded::migrations(), Instant{});
        if (!migrated) throw std::runtime_error{migrated.error().log_text};
        db::Transaction ground{*writer, db::Transaction::Kind::write};
        add_ground(*writer);
        ground.commit();
        writer->checkpoint(db::SqliteConnection::Checkpoint::truncate);
    }
    auto disk = vfs.disk();
    auto const log = database_file().string() + "-wal";
    if (!with_log) disk.apply({DiskOperation::Kind::remove, *disk.find(log), 0, {}, log});
    Chance chance{1};
    return disk.after_power_cut(Disk::Damage::all_kept, chance);
}

/// Statements that count what must not be.
struct Law {
    char const* what;
    char const* sql;
};
constexpr Law laws[] = {
    {"versions without a message",
     "SELECT count(*) FROM record_version v LEFT JOIN outbox o ON o.aggregate_type = v.kind"
     " AND o.aggregate_id = v.record_id AND o.version = v.version WHERE o.seq IS NULL"},
    {"events without a message", "SELECT count(*) FROM event e LEFT JOIN outbox o ON o.aggregate_type = 'event'"
                                 " AND o.aggregate_id = e.id AND o.version = 1 WHERE o.seq IS NULL"},
    {"messages without a version", "SELECT count(*) FROM outbox o LEFT JOIN record_version v ON v.kind = 'batch'"
                                   " AND v.record_id = o.aggregate_id AND v.version = o.version"
                                   " WHERE o.aggregate_type = 'batch' AND v.record_id IS NULL"},
    {"messages without an event", "SELECT count(*) FROM outbox o LEFT JOIN event e ON e.id = o.aggregate_id"
                                  " WHERE o.aggregate_type = 'event' AND e.id IS NULL"},
    {"messages without a delivery to each portal",
     "SELECT count(*) FROM outbox o WHERE (SELECT count(*) FROM delivery d WHERE d.outbox_seq = o.seq"
     " AND d.target IN ('most', 'file')) <> 2"},
    {"heads that are not the latest version",
     "SELECT count(*) FROM batch b WHERE b.latest_version <> (SELECT max(v.version) FROM record_version v"
     " WHERE v.record_id = b.id)"},
    {"events out of number", "SELECT count(*) - coalesce(max(seq), 0) FROM event"},
    {"messages out of number", "SELECT count(*) - max(seq) FROM outbox"},
    {"counters that do not agree",
     "SELECT count(*) FROM counter WHERE value <> CASE name WHEN 'event' THEN (SELECT count(*) FROM event)"
     " WHEN 'outbox' THEN (SELECT count(*) FROM outbox) WHEN 'audit' THEN (SELECT count(*) FROM audit)"
     " ELSE value END"},
    {"receipts of nothing delivered",
     "SELECT count(*) FROM receipt r LEFT JOIN delivery d ON d.target = r.target AND d.outbox_seq = r.outbox_seq"
     " AND d.state = 'delivered' WHERE d.target IS NULL"},
};

/// Compares one state of the tables with the ledger.
class Checker {
public:
    Checker(db::Connection& c, Ledger const& ledger, std::size_t operations)
        : c_{c}, ledger_{ledger}, operations_{operations}
    {
    }

    Findings check()
    {
        match_operations();
        check_order();
        check_messages();
        for (auto const& law : laws) {
            if (auto const count = number(law.sql); count != 0) complain(fmt::format("{} {}", count, law.what));
        }
        check_deliveries();
        check_photos();
        return std::move(found_);
    }

private:
    void complain(std::string const& what) { found_.fault += (found_.fault.empty() ? "" : "; ") + what; }
    std::int64_t number(char const* sql) { return c_.query(sql).front().integer(0); }

    void match_operations()
    {
        std::map<std::string, db::OperationAnswer> stored;
        for (auto const& row : c_.query("SELECT key, request_sha256, status, location, body FROM operation")) {
            stored[row.text(0) + " " + row.text(1)] = {static_cast<int>(row.integer(2)), row.text(3), row.text(4)};
        }
        for (auto const& entry : ledger_) {
            auto const found = stored.find(entry.operation.key + " " + entry.operation.request_sha256);
            found_.is_there.push_back(found != stored.end());
            if (found == stored.end()) {
                if (entry.succeeded_by(operations_)) complain("acknowledged " + entry.operation.key + " is lost");
                continue;
            }
            if (found->second.body != entry.answer.body || found->second.location != entry.answer.location)
                complain(entry.operation.key + " would be answered otherwise than before");
            stored.erase(found);
        }
        for (auto const& [key, answer] : stored) complain("nobody asked for " + key);
    }

    /// Transactions survive in their order. One that failed may have reached the disk all the same, but only as long
    /// as no other was committed after it.
    void check_order()
    {
        std::string lost;
        std::string failed;
        for (std::size_t index = 0; index < ledger_.size(); ++index) {
            auto const& entry = ledger_[index];
            if (!found_.is_there[index]) {
                if (entry.error.empty() && lost.empty()) lost = entry.operation.key;
                continue;
            }
            if (!lost.empty()) complain(entry.operation.key + " is there, and " + lost + " before it is lost");
            if (!entry.error.empty()) {
                failed = entry.operation.key;
            } else if (!failed.empty()) {
                complain(failed + " is there though it failed before " + entry.operation.key);
            }
        }
    }

    void check_messages()
    {
        std::vector<std::string> expected;
        for (std::size_t index = 0; index < ledger_.size(); ++index) {
            auto const& messages = ledger_[index].messages;
            if (found_.is_there[index]) expected.insert(expected.end(), messages.begin(), messages.end());
        }
        std::vector<std::string> stored;
        for (auto const& row : c_.query("SELECT aggregate_type, aggregate_id, version, payload, sha256 FROM outbox"
                                        " WHERE seq > $1 ORDER BY seq",
                                        {ground_messages})) {
            stored.push_back(row.text(0) + " " + row.text(1) + " " + std::to_string(row.integer(2)));
            if (sha256_hex(row.text(3)) != row.text(4)) complain("the payload of " + stored.back() + " is damaged");
        }
        if (stored != expected)
            complain(fmt::format("{} messages instead of {}, or others", stored.size(), expected.size()));
    }

    void check_deliveries()
    {
        std::int64_t delivered = 0;
        for (std::size_t index = 0; index < ledger_.size(); ++index) {
            if (found_.is_there[index]) delivered += ledger_[index].delivered;
        }
        for (auto const* const portal : portals) {
            auto const law = db::deliveries::conservation(c_, portal);
            if (!law.holds()) complain(fmt::format("what goes to {} is not all there", portal));
            if (portal == portals[0] && law.counts.delivered != delivered)
                complain(fmt::format("{} delivered instead of {}", law.counts.delivered, delivered));
        }
    }

    void check_photos()
    {
        for (auto const& row : c_.query("SELECT sha256, bytes FROM blob")) {
            if (sha256_hex(row.blob(1)) != row.text(0)) complain("a photograph is damaged");
        }
    }

    db::Connection& c_;
    Ledger const& ledger_;
    std::size_t operations_;
    Findings found_;
};

} // namespace

Disk const& prepared_disk(bool with_log)
{
    static auto const disk = prepare_disk(true);
    static auto const disk_without = prepare_disk(false);
    return with_log ? disk : disk_without;
}

std::unique_ptr<db::SqliteConnection> open_writer(CrashVfs& vfs)
{
    if (!vfs.disk().find(database_file())) vfs.create_file(database_file());
    return std::make_unique<db::SqliteConnection>(database_file(), db::SqliteConnection::Mode::writer, vfs.name());
}

std::unique_ptr<db::SqliteConnection> open_reader(CrashVfs& vfs)
{
    return std::make_unique<db::SqliteConnection>(database_file(), db::SqliteConnection::Mode::reader, vfs.name());
}

Findings find_faults(Disk disk, Ledger const& ledger, std::size_t operations)
{
    CrashVfs vfs{std::move(disk)};
    try {
        auto const writer = open_writer(vfs);
        if (auto const damage = db::check_integrity(*writer, true); !damage.empty()) return {damage.front(), {}};
        // Opening another connection takes its time, so that it is done for some.
        auto const reader = operations % 4 == 0 ? open_reader(vfs) : nullptr;
        auto& connection = reader == nullptr ? *writer : *reader;
        db::Transaction const state{connection, db::Transaction::Kind::read};
        return Checker{connection, ledger, operations}.check();
    } catch (db::DbError const& fault) {
        return {fault.what(), {}};
    }
}

} // namespace nguon::testing
