#include "db/sync_desk.hpp"

#include <algorithm>
#include <limits>

namespace nguon::db::sync_desk {
namespace {

constexpr std::int64_t lag_records_max = 200;

constexpr char line_columns[] =
    "d.target, d.outbox_seq, d.org_id, d.aggregate_type, d.aggregate_id, d.version, b.op, d.state, d.hold, d.attempts,"
    " d.not_before, d.error_class, d.error_code, d.error_text, b.sha256, b.created_at, d.changed_at,"
    " coalesce(o.name, ''), coalesce(o.commune_code, ''), coalesce(CASE d.aggregate_type"
    " WHEN 'organization' THEN o.name"
    " WHEN 'product' THEN (SELECT p.name FROM product p WHERE p.id = d.aggregate_id)"
    " WHEN 'batch' THEN (SELECT t.lot FROM batch t WHERE t.id = d.aggregate_id)"
    " WHEN 'place' THEN (SELECT l.name FROM place l WHERE l.id = d.aggregate_id)"
    " WHEN 'certificate' THEN (SELECT k.number FROM certificate k WHERE k.id = d.aggregate_id) END, ''),"
    " CASE WHEN d.state = 'pending' AND EXISTS (SELECT 1 FROM outbox_parent q WHERE q.outbox_seq = d.outbox_seq"
    " AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.target = d.target AND e.aggregate_type = q.parent_type"
    " AND e.aggregate_id = q.parent_id AND e.state IN ('delivered', 'excluded'))) THEN 1 ELSE 0 END";

constexpr char line_tables[] =
    "delivery d JOIN outbox b ON b.seq = d.outbox_seq LEFT JOIN organization o ON o.id = d.org_id";

void read_line(Row const& row, RecordLine& line)
{
    line.target = row.text(0);
    line.seq = row.integer(1);
    line.org = row.id<OrganizationId>(2);
    line.type = row.text(3);
    line.id = row.text(4);
    line.version = row.integer(5);
    line.op = row.text(6);
    line.state = deliveries::read_state(row.text(7)).value_or(deliveries::State::pending);
    line.hold = row.text(8);
    line.attempts = row.integer(9);
    line.not_before = row.instant(10);
    line.error_class = row.text(11);
    line.error_code = row.text(12);
    line.error_text = row.text(13);
    line.payload_sha256 = row.text(14);
    line.created_at = row.instant(15);
    line.changed_at = row.instant(16);
    line.org_name = row.text(17);
    line.commune_code = row.text(18);
    line.name = row.text(19);
    line.waits_for_parent = row.flag(20);
}

void add_receipt(Connection& c, RecordLine& line)
{
    if (auto receipt = receipts::find(c, line.org, line.target, line.seq)) line.receipt = *std::move(receipt);
}

} // namespace

std::vector<OrganizationLine> organizations(Connection& c, Areas const& areas, std::string_view target,
                                            std::optional<std::vector<std::string>> const& only, std::int64_t offset,
                                            std::int64_t count)
{
    if (only && only->empty()) return {};
    auto const sql =
        std::string{"SELECT o.id, o.name, count(*) FILTER (WHERE d.state = 'held'), count(*) FILTER (WHERE d.state = "
                    "'pending'),"
                    " count(*) FILTER (WHERE d.state = 'in_flight'), count(*) FILTER (WHERE d.state = 'delivered'),"
                    " count(*) FILTER (WHERE d.state = 'refused'), count(*) FILTER (WHERE d.state = 'parked'),"
                    " count(*) FILTER (WHERE d.state = 'superseded'), count(*) FILTER (WHERE d.state = 'excluded'),"
                    " min(d.created_at) FILTER (WHERE d.state IN ('pending', 'in_flight')),"
                    " max(d.changed_at) FILTER (WHERE d.state = 'delivered')"
                    " FROM delivery d JOIN organization o ON o.id = d.org_id WHERE d.target = $2"
                    " AND ($3 = '' OR replace($3, ',' || o.id || ',', '') <> $3) AND"} +
        within_areas +
        " GROUP BY o.id, o.name, o.sort_key ORDER BY count(*) FILTER (WHERE d.state IN ('refused', 'parked')) DESC,"
        " count(*) FILTER (WHERE d.state IN ('pending', 'in_flight')) DESC, o.sort_key, o.id LIMIT $4 OFFSET $5";
    std::vector<OrganizationLine> out;
    for (auto const& row : c.query(sql, {listed(areas), target, only ? listed(*only) : std::string{}, count, offset})) {
        deliveries::Counts const counts{row.integer(2), row.integer(3), row.integer(4), row.integer(5),
                                        row.integer(6), row.integer(7), row.integer(8), row.integer(9)};
        out.push_back(
            {row.id<OrganizationId>(0), row.text(1), counts, row.optional_instant(10), row.optional_instant(11)});
    }
    return out;
}

Lag lag(Connection& c, std::string_view target)
{
    std::vector<std::int64_t> times;
    for (auto const& row :
         c.query("SELECT r.received_at - d.created_at FROM delivery d JOIN receipt r ON r.target = d.target"
                 " AND r.outbox_seq = d.outbox_seq"
                 " WHERE d.target = $1 AND d.state = 'delivered' ORDER BY d.outbox_seq DESC LIMIT $2",
                 {target, lag_records_max}))
        times.push_back(std::max<std::int64_t>(row.integer(0), 0));
    if (times.empty()) return {};
    std::ranges::sort(times);
    auto const at = [&](std::size_t percent) {
        return std::chrono::microseconds{times[(times.size() - 1) * percent / 100]};
    };
    return {static_cast<std::int64_t>(times.size()), at(50), at(95)};
}

Stopped stopped(Connection& c, std::string_view target, Instant since)
{
    auto const rows = c.query("SELECT count(*) FILTER (WHERE state = 'parked' AND error_class = 'suspect'),"
                              " count(*) FILTER (WHERE state = 'refused' AND changed_at >= $2)"
                              " FROM delivery WHERE target = $1 AND state IN ('parked', 'refused')",
                              {target, since});
    return {rows.front().integer(0), rows.front().integer(1)};
}

std::vector<RecordLine> records(Connection& c, RecordFilter const& filter)
{
    auto const newest = filter.before > 0 ? filter.before : std::numeric_limits<std::int64_t>::max();
    auto const sql = std::string{"SELECT "} + line_columns + " FROM " + line_tables +
                     " WHERE d.target = $2 AND ($3 = '' OR d.state = $3) AND ($4 = '' OR d.org_id = $4)"
                     " AND d.outbox_seq < $5 AND" +
                     within_areas + " ORDER BY d.outbox_seq DESC LIMIT $6";
    std::vector<RecordLine> out;
    for (auto const& row :
         c.query(sql, {listed(filter.areas), filter.target, filter.state, filter.org, newest, filter.count}))
        read_line(row, out.emplace_back());
    return out;
}

Result<Record> find(Connection& c, std::string_view target, std::int64_t seq)
{
    auto const sql = std::string{"SELECT "} + line_columns + ", b.payload, b.idempotency_key, d.wire_sha256 FROM " +
                     line_tables + " WHERE d.target = $1 AND d.outbox_seq = $2";
    auto const rows = c.query(sql, {target, seq});
    if (rows.empty()) return not_found("delivery.unknown");
    Record record;
    read_line(rows.front(), record);
    record.payload = rows.front().text(21);
    record.key = rows.front().text(22);
    record.wire_sha256 = rows.front().text(23);
    add_receipt(c, record);
    return record;
}

std::vector<RecordLine> of_record(Connection& c, std::string_view type, std::string_view id)
{
    auto const sql = std::string{"SELECT "} + line_columns + " FROM " + line_tables +
                     " WHERE d.aggregate_type = $1 AND d.aggregate_id = $2 ORDER BY d.version DESC, d.target";
    std::vector<RecordLine> out;
    for (auto const& row : c.query(sql, {type, id})) {
        read_line(row, out.emplace_back());
        add_receipt(c, out.back());
    }
    return out;
}

} // namespace nguon::db::sync_desk
