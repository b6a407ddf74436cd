#include "db/delivery_log.hpp"

#include "core/bytes.hpp"
#include "core/json.hpp"
#include "core/merkle.hpp"
#include "db/counters.hpp"

#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

namespace nguon::db::delivery_log {
namespace {

constexpr char counter_name[] = "delivery_log";
constexpr char select_entry[] = "SELECT seq, target, outbox_seq, entry FROM delivery_log";
constexpr char select_checkpoint[] = "SELECT size, root, note, signed_at FROM delivery_log_checkpoint";

Entry entry_from(Row const& row)
{
    return {static_cast<std::uint64_t>(row.integer(0)), row.text(1), row.integer(2), row.text(3)};
}

/// Smaller subtrees are not stored: the few entries beneath say what their hashes are, and rows that nobody writes are
/// most of what a delivery would cost here.
constexpr unsigned stored_level_min = 4;

std::string hash_by_entries(Connection& c, merkle::Place place)
{
    auto const count = std::int64_t{1} << place.level;
    std::vector<std::string> leaves;
    for (auto const& entry : list(c, place.index << place.level, count))
        leaves.push_back(merkle::leaf_hash(entry.text));
    if (std::ssize(leaves) != count) throw std::out_of_range{"entries of the delivery log are missing"};
    return merkle::subtree_hash(std::move(leaves));
}

merkle::Stored stored_in(Connection& c)
{
    return [&c](merkle::Place place) {
        if (place.level < stored_level_min) return hash_by_entries(c, place);
        return c
            .query("SELECT hash FROM delivery_log_node WHERE level = $1 AND position = $2",
                   {static_cast<std::int64_t>(place.level), static_cast<std::int64_t>(place.index)})
            .at(0)
            .blob(0);
    };
}

Checkpoint checkpoint_from(Row const& row)
{
    return {static_cast<std::uint64_t>(row.integer(0)), row.blob(1), row.text(2), row.instant(3)};
}

std::optional<Checkpoint> first_of(Rows const& rows)
{
    if (rows.empty()) return std::nullopt;
    return checkpoint_from(rows.front());
}

} // namespace

std::string entry_text(std::string const& target, Delivered const& delivered, receipts::Receipt const& receipt)
{
    // Canonical JSON, written down in its order: to build a value first takes longer than all the hashing here.
    std::string out;
    auto const add = [&out](std::string_view name, nlohmann::json const& value) {
        (out += out.empty() ? "{\"" : ",\"").append(name) += "\":";
        out += canonical_json(value);
    };
    add("accepted_at", to_iso(receipt.accepted_at));
    add("id", delivered.id);
    add("key", delivered.key);
    add("peer_certificate_sha256", receipt.peer_certificate_sha256);
    add("portal_id", receipt.portal_id);
    add("receipt_sha256", sha256_hex(receipt.body));
    add("received_at", to_iso(receipt.received_at));
    add("record_sha256", delivered.record_sha256);
    add("sent_sha256", delivered.sent_sha256);
    add("target", target);
    add("type", delivered.type);
    add("version", delivered.version);
    return out += '}';
}

std::string entry_by_records(Connection& c, std::string const& target, std::int64_t outbox_seq)
{
    auto const rows = c.query("SELECT o.aggregate_type, o.aggregate_id, o.version, o.idempotency_key, o.payload,"
                              " d.wire, d.wire_sha256, r.portal_id, r.accepted_at, r.body, r.peer_certificate_sha256,"
                              " r.received_at FROM receipt r JOIN outbox o ON o.seq = r.outbox_seq"
                              " JOIN delivery d ON d.target = r.target AND d.outbox_seq = r.outbox_seq"
                              " WHERE r.target = $1 AND r.outbox_seq = $2",
                              {target, outbox_seq});
    if (rows.empty()) return {};
    auto const& row = rows.front();
    // Digests of what is there now. Sent bytes may have been erased; their digest stays.
    auto const sent_sha256 = row.is_null(5) ? row.text(6) : sha256_hex(row.blob(5));
    Delivered const delivered{row.text(0), row.text(1), row.integer(2), row.text(3), sha256_hex(row.text(4)),
                              sent_sha256};
    receipts::Receipt receipt;
    receipt.portal_id = row.text(7);
    receipt.accepted_at = row.instant(8);
    receipt.body = row.blob(9);
    receipt.peer_certificate_sha256 = row.text(10);
    receipt.received_at = row.instant(11);
    return entry_text(target, delivered, receipt);
}

void append(Connection& c, std::vector<NewEntry> const& entries)
{
    if (entries.empty()) return;
    auto const before = stored_in(c);
    std::map<std::pair<unsigned, std::uint64_t>, std::string> nodes;
    merkle::Stored const stored = [&](merkle::Place place) {
        auto const known = nodes.find({place.level, place.index});
        return known == nodes.end() ? before(place) : known->second;
    };
    auto index = counters::take(c, counter_name, static_cast<std::int64_t>(entries.size())) - 1;
    for (auto const& entry : entries) {
        c.execute("INSERT INTO delivery_log (seq, target, outbox_seq, entry) VALUES ($1, $2, $3, $4)",
                  {index, entry.target, entry.outbox_seq, entry.text});
        for (auto& [place, hash] :
             merkle::append(static_cast<std::uint64_t>(index++), merkle::leaf_hash(entry.text), stored)) {
            if (place.level >= stored_level_min)
                c.execute("INSERT INTO delivery_log_node (level, position, hash) VALUES ($1, $2, $3)",
                          {static_cast<std::int64_t>(place.level), static_cast<std::int64_t>(place.index), Blob{hash}});
            nodes.emplace(std::pair{place.level, place.index}, std::move(hash));
        }
    }
}

void append(Connection& c, std::string const& target, std::int64_t outbox_seq)
{
    append(c, {NewEntry{target, outbox_seq, entry_by_records(c, target, outbox_seq)}});
}

std::int64_t append_missing(Connection& c, std::int64_t count)
{
    auto const receipts = c.query("SELECT COUNT(*) FROM receipt", {}).front().integer(0);
    if (static_cast<std::uint64_t>(receipts) == size(c)) return 0;
    auto const rows = c.query("SELECT r.target, r.outbox_seq FROM receipt r WHERE NOT EXISTS (SELECT 1"
                              " FROM delivery_log l WHERE l.target = r.target AND l.outbox_seq = r.outbox_seq)"
                              " ORDER BY r.received_at, r.target, r.outbox_seq LIMIT $1",
                              {count});
    std::vector<NewEntry> entries;
    for (auto const& row : rows)
        entries.push_back({row.text(0), row.integer(1), entry_by_records(c, row.text(0), row.integer(1))});
    append(c, entries);
    return static_cast<std::int64_t>(rows.size());
}

std::uint64_t size(Connection& c)
{
    auto const rows = c.query("SELECT value FROM counter WHERE name = $1", {counter_name});
    return rows.empty() ? 0 : static_cast<std::uint64_t>(rows.front().integer(0));
}

std::string root(Connection& c, std::uint64_t size) { return merkle::root(size, stored_in(c)); }

std::optional<Entry> find(Connection& c, std::string const& target, std::int64_t outbox_seq)
{
    auto const rows =
        c.query(std::string{select_entry} + " WHERE target = $1 AND outbox_seq = $2", {target, outbox_seq});
    if (rows.empty()) return std::nullopt;
    return entry_from(rows.front());
}

std::vector<Entry> list(Connection& c, std::uint64_t index, std::int64_t count)
{
    std::vector<Entry> out;
    for (auto const& row : c.query(std::string{select_entry} + " WHERE seq >= $1 ORDER BY seq LIMIT $2",
                                   {static_cast<std::int64_t>(index), count}))
        out.push_back(entry_from(row));
    return out;
}

std::vector<std::string> inclusion_proof(Connection& c, std::uint64_t index, std::uint64_t size)
{
    return merkle::inclusion_proof(index, size, stored_in(c));
}

std::vector<std::string> consistency_proof(Connection& c, std::uint64_t old_size, std::uint64_t size)
{
    return merkle::consistency_proof(old_size, size, stored_in(c));
}

void put(Connection& c, Checkpoint const& checkpoint)
{
    c.execute(
        "INSERT INTO delivery_log_checkpoint (size, root, note, signed_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (size) DO UPDATE SET note = excluded.note",
        {static_cast<std::int64_t>(checkpoint.size), Blob{checkpoint.root}, checkpoint.note, checkpoint.signed_at});
}

Status cosign(Connection& c, std::uint64_t size, std::string const& note)
{
    auto const changed = c.execute("UPDATE delivery_log_checkpoint SET note = $1 WHERE size = $2",
                                   {note, static_cast<std::int64_t>(size)});
    if (changed == 0) return not_found("checkpoint.format");
    return Done{};
}

std::optional<Instant> unwitnessed_since(Connection& c)
{
    constexpr char witnessed[] = "note LIKE '%' || $1 || '%' || $1 || '%'";
    static auto const sql = std::string{"SELECT MIN(signed_at) FROM delivery_log_checkpoint WHERE size >"
                                        " (SELECT MAX(size) FROM delivery_log_checkpoint WHERE "} +
                            witnessed + ")";
    // How each signature's line begins.
    return c.query(sql, {"\n\xE2\x80\x94 "}).front().optional_instant(0);
}

std::optional<Instant> unsigned_since(Connection& c)
{
    auto const rows = c.query("SELECT r.received_at FROM delivery_log l JOIN receipt r ON r.target = l.target"
                              " AND r.outbox_seq = l.outbox_seq"
                              " WHERE l.seq = (SELECT coalesce(max(size), 0) FROM delivery_log_checkpoint)");
    if (rows.empty()) return std::nullopt;
    return rows.front().instant(0);
}

std::optional<Checkpoint> newest_checkpoint(Connection& c)
{
    return first_of(c.query(std::string{select_checkpoint} + " ORDER BY size DESC LIMIT 1", {}));
}

std::optional<Checkpoint> checkpoint_of(Connection& c, std::uint64_t index)
{
    return first_of(c.query(std::string{select_checkpoint} + " WHERE size > $1 ORDER BY size LIMIT 1",
                            {static_cast<std::int64_t>(index)}));
}

std::vector<Checkpoint> checkpoints(Connection& c)
{
    std::vector<Checkpoint> out;
    for (auto const& row : c.query(std::string{select_checkpoint} + " ORDER BY size", {}))
        out.push_back(checkpoint_from(row));
    return out;
}

} // namespace nguon::db::delivery_log
