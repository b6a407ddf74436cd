#include "db/reconciliations.hpp"

#include "core/bytes.hpp"
#include "db/counters.hpp"

#include <algorithm>
#include <map>

namespace nguon::db::reconciliations {
namespace {

constexpr std::int64_t runs_kept = 50; // of a kind
constexpr std::int64_t rows_at_once = 5'000;
constexpr char select_run[] = "SELECT id, target, kind, reason, asked_at, state, ended_at, compared, requests,"
                              " findings, fault FROM reconciliation";
constexpr char select_finding[] = "SELECT target, idempotency_key, kind, outbox_seq, org_id, detail, found_at,"
                                  " seen_at, closed_at, closed_because FROM reconciliation_finding";
/// By the newest receipt: what a portal forgot and took again, it accepted when it took it again.
constexpr char from_accepted[] =
    " FROM receipt r JOIN outbox o ON o.seq = r.outbox_seq JOIN delivery d ON d.target = r.target"
    " AND d.outbox_seq = r.outbox_seq WHERE r.target = $1 AND d.state = 'delivered'"
    " AND COALESCE(r.accepted_again_at, r.accepted_at) >= $2 AND COALESCE(r.accepted_again_at, r.accepted_at) < $3";
constexpr char accepted_columns[] = "SELECT r.outbox_seq, o.org_id, o.aggregate_type, o.aggregate_id, o.version,"
                                    " o.idempotency_key, d.wire_sha256, COALESCE(r.accepted_again_at, r.accepted_at)";
constexpr char behind[] = " AND (COALESCE(r.accepted_again_at, r.accepted_at) > $2 OR r.outbox_seq > $4)";
constexpr char in_order[] = " ORDER BY COALESCE(r.accepted_again_at, r.accepted_at), r.outbox_seq";

Run run_from(Row const& row)
{
    return {row.integer(0),          row.text(1),    row.text(2),    row.text(3),    row.instant(4), row.text(5),
            row.optional_instant(6), row.integer(7), row.integer(8), row.integer(9), row.text(10)};
}

std::optional<Run> first_of(Rows const& rows)
{
    if (rows.empty()) return std::nullopt;
    return run_from(rows.front());
}

Finding finding_from(Row const& row)
{
    Finding finding;
    finding.target = row.text(0);
    finding.key = row.text(1);
    finding.kind = row.text(2);
    finding.seq = row.optional_integer(3).value_or(0);
    finding.org = OrganizationId{row.text_or_empty(4)};
    finding.detail = row.text(5);
    finding.found_at = row.instant(6);
    finding.seen_at = row.instant(7);
    finding.closed_at = row.optional_instant(8);
    finding.closed_because = row.text(9);
    return finding;
}

Accepted accepted_from(Row const& row)
{
    Accepted record;
    record.seq = row.integer(0);
    record.org = row.id<OrganizationId>(1);
    record.type = row.text(2);
    record.id = row.text(3);
    record.version = row.integer(4);
    record.key = row.text(5);
    record.sha256 = row.text(6);
    record.accepted_at = row.instant(7);
    if (row.size() > 8 && !row.is_null(8)) record.wire = row.blob(8);
    return record;
}

void add_to(std::string& sum, std::string const& key, std::string const& digest)
{
    auto const one = sha256(key + ":" + digest);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = static_cast<char>(sum[i] ^ one[i]);
}

/// Somebody has dealt with exactly this.
bool stays_closed(Connection& c, Finding const& finding)
{
    if (finding.kind == "missing" || finding.kind == "stopped") return false;
    return !c.query("SELECT 1 FROM reconciliation_finding WHERE target = $1 AND idempotency_key = $2 AND kind = $3"
                    " AND detail = $4 AND closed_at IS NOT NULL AND closed_because NOT IN ('gone', 'delivered_again')",
                    {finding.target, finding.key, finding.kind, finding.detail})
                .empty();
}

/// It goes to the portal once more, with its key and bytes; false when it is on its way already.
bool send_again(Connection& c, std::string const& target, std::int64_t seq, std::string_view state, Instant now)
{
    return c.execute("UPDATE delivery SET state = 'pending', attempts = 0, not_before = 0, error_class = 'reconciled',"
                     " error_code = '', error_text = '', created_at = $1, changed_at = $1"
                     " WHERE target = $2 AND outbox_seq = $3 AND (state = $4 OR ($4 = 'stopped'"
                     " AND state IN ('refused', 'parked')))",
                     {now, target, seq, state}) == 1;
}

} // namespace

std::int64_t ask(Connection& c, std::string const& target, std::string const& kind, std::string const& reason,
                 Instant now)
{
    auto const open = c.query("SELECT id FROM reconciliation WHERE target = $1 AND kind = $2"
                              " AND state IN ('asked', 'running') ORDER BY id LIMIT 1",
                              {target, kind});
    if (!open.empty()) return open.front().integer(0);
    auto const id = counters::take(c, "reconciliation");
    c.execute("INSERT INTO reconciliation (id, target, kind, reason, asked_at, state)"
              " VALUES ($1, $2, $3, $4, $5, 'asked')",
              {id, target, kind, reason, now});
    return id;
}

std::optional<Run> next(Connection& c, std::string const& target)
{
    static auto const sql = std::string{select_run} + " WHERE target = $1 AND state IN ('asked', 'running')"
                                                      " ORDER BY CASE kind WHEN 'full' THEN 0 WHEN 'daily' THEN 1"
                                                      " ELSE 2 END, id LIMIT 1";
    return first_of(c.query(sql, {target}));
}

void put(Connection& c, Run const& run)
{
    c.execute("UPDATE reconciliation SET state = $1, ended_at = $2, compared = $3, requests = $4, findings = $5,"
              " fault = $6 WHERE id = $7",
              {run.state, run.ended_at, run.compared, run.requests, run.findings, run.fault, run.id});
    if (!run.is_over()) return;
    c.execute("DELETE FROM reconciliation WHERE target = $1 AND kind = $2 AND id < (SELECT COALESCE(MIN(id), 0) FROM"
              " (SELECT id FROM reconciliation WHERE target = $1 AND kind = $2 ORDER BY id DESC LIMIT $3) newest)",
              {run.target, run.kind, runs_kept});
}

std::vector<Run> list(Connection& c, std::string const& target, std::int64_t count)
{
    static auto const sql = std::string{select_run} + " WHERE target = $1 ORDER BY id DESC LIMIT $2";
    std::vector<Run> runs;
    for (auto const& row : c.query(sql, {target, count})) runs.push_back(run_from(row));
    return runs;
}

std::optional<Run> latest(Connection& c, std::string const& target, std::string const& kind)
{
    static auto const sql = std::string{select_run} + " WHERE target = $1 AND kind = $2"
                                                      " AND state NOT IN ('asked', 'running')"
                                                      " ORDER BY id DESC LIMIT 1";
    return first_of(c.query(sql, {target, kind}));
}

bool is_restore_open(Connection& c)
{
    return !c.query("SELECT r.id FROM reconciliation r JOIN target t ON t.name = r.target WHERE t.enabled = 1"
                    " AND r.reason = 'restore' AND r.state IN ('asked', 'running') LIMIT 1")
                .empty();
}

std::vector<Accepted> accepted(Connection& c, std::string const& target, Instant from, Instant to)
{
    static auto const sql = std::string{accepted_columns} + from_accepted + in_order;
    std::vector<Accepted> records;
    for (auto const& row : c.query(sql, {target, from, to})) records.push_back(accepted_from(row));
    return records;
}

std::vector<Mark> marks(Connection& c, std::string const& target, Instant from, Instant to)
{
    static auto const sql = std::string{"SELECT r.outbox_seq, COALESCE(r.accepted_again_at, r.accepted_at),"
                                        " o.idempotency_key, d.wire_sha256"} +
                            from_accepted + behind + in_order + " LIMIT $5";
    std::map<Instant, Mark> hours;
    std::int64_t after_seq = 0;
    while (true) {
        auto const rows = c.query(sql, {target, from, to, after_seq, rows_at_once});
        for (auto const& row : rows) {
            after_seq = row.integer(0);
            from = row.instant(1);
            auto const hour = std::chrono::floor<std::chrono::hours>(from);
            auto& mark = hours.try_emplace(hour, Mark{hour, 0, std::string(32, '\0')}).first->second;
            ++mark.count;
            add_to(mark.digest, row.text(2), row.text(3));
        }
        if (std::ssize(rows) < rows_at_once) break;
    }
    std::vector<Mark> marks;
    for (auto const& [hour, mark] : hours) marks.push_back({hour, mark.count, to_hex(mark.digest)});
    return marks;
}

std::vector<Accepted> accepted_wires(Connection& c, std::string const& target, Instant from, std::int64_t after_seq,
                                     Instant to, std::int64_t count)
{
    static auto const sql =
        std::string{accepted_columns} + ", d.wire" + from_accepted + behind + in_order + " LIMIT $5";
    std::vector<Accepted> records;
    for (auto const& row : c.query(sql, {target, from, to, after_seq, count})) records.push_back(accepted_from(row));
    return records;
}

std::optional<Instant> first_acceptance(Connection& c, std::string const& target)
{
    // In the words of the index receipt_by_acceptance; MIN would read every receipt.
    auto const rows = c.query("SELECT COALESCE(accepted_again_at, accepted_at) FROM receipt WHERE target = $1"
                              " ORDER BY COALESCE(accepted_again_at, accepted_at) LIMIT 1",
                              {target});
    if (rows.empty()) return std::nullopt;
    return rows.front().instant(0);
}

std::vector<Known> known_keys(Connection& c, std::string const& target, std::vector<std::string> const& keys)
{
    std::vector<Known> known;
    for (auto const& key : keys)
        for (auto const& row : c.query("SELECT o.seq, o.org_id, d.state, d.wire_sha256 FROM outbox o JOIN delivery d"
                                       " ON d.outbox_seq = o.seq AND d.target = $1 WHERE o.idempotency_key = $2",
                                       {target, key}))
            known.push_back({key, row.integer(0), row.id<OrganizationId>(1), row.text(2), row.text_or_empty(3)});
    return known;
}

bool report(Connection& c, Finding const& finding, Instant now)
{
    if (stays_closed(c, finding)) return false;
    Value const seq = finding.seq == 0 ? Value{} : Value{finding.seq};
    c.execute("INSERT INTO reconciliation_finding (target, idempotency_key, kind, outbox_seq, org_id, detail, found_at,"
              " seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (target, idempotency_key, kind)"
              " DO UPDATE SET seen_at = excluded.seen_at, detail = excluded.detail, closed_at = NULL,"
              " found_at = CASE WHEN reconciliation_finding.closed_at IS NULL THEN reconciliation_finding.found_at"
              " ELSE excluded.found_at END, closed_because = ''",
              {finding.target, finding.key, finding.kind, seq, or_null(finding.org.text()), finding.detail, now});
    if (finding.kind == "missing") return send_again(c, finding.target, finding.seq, "delivered", now);
    if (finding.kind == "stopped") return send_again(c, finding.target, finding.seq, "stopped", now);
    return true;
}

std::vector<Finding> open_findings(Connection& c, std::string const& target, std::int64_t count)
{
    static auto const sql = std::string{select_finding} + " WHERE target = $1 AND closed_at IS NULL"
                                                          " ORDER BY found_at DESC, idempotency_key LIMIT $2";
    std::vector<Finding> findings;
    for (auto const& row : c.query(sql, {target, count})) findings.push_back(finding_from(row));
    return findings;
}

std::int64_t count_open(Connection& c, std::string const& target)
{
    return c.query("SELECT COUNT(*) FROM reconciliation_finding WHERE target = $1 AND closed_at IS NULL", {target})
        .front()
        .integer(0);
}

void close_unseen(Connection& c, std::string const& target, Instant run_began, Instant now)
{
    c.execute("UPDATE reconciliation_finding SET closed_at = $1, closed_because = 'gone' WHERE target = $2"
              " AND closed_at IS NULL AND seen_at < $3 AND kind NOT IN ('missing', 'stopped')",
              {now, target, run_began});
}

Status close(Connection& c, std::string const& target, std::string const& key, std::string const& kind,
             std::string const& because, Instant now)
{
    auto const changed = c.execute("UPDATE reconciliation_finding SET closed_at = $1, closed_because = $2"
                                   " WHERE target = $3 AND idempotency_key = $4 AND kind = $5 AND closed_at IS NULL",
                                   {now, because, target, key, kind});
    if (changed == 0) return not_found("finding.unknown");
    return Done{};
}

void close_delivered(Connection& c, std::string const& target, std::set<std::int64_t> const& seqs, Instant now)
{
    if (seqs.empty()) return;
    for (auto const& row : c.query("SELECT DISTINCT outbox_seq FROM reconciliation_finding WHERE target = $1"
                                   " AND outbox_seq >= $2 AND outbox_seq <= $3 AND closed_at IS NULL"
                                   " AND kind IN ('missing', 'stopped')",
                                   {target, *seqs.begin(), *seqs.rbegin()}))
        if (auto const seq = row.integer(0); seqs.contains(seq))
            c.execute("UPDATE reconciliation_finding SET closed_at = $1, closed_because = 'delivered_again'"
                      " WHERE target = $2 AND outbox_seq = $3 AND closed_at IS NULL AND kind IN ('missing', 'stopped')",
                      {now, target, seq});
}

} // namespace nguon::db::reconciliations
