#include "db/province_desk.hpp"

#include <limits>

namespace nguon::db::province_desk {
namespace {

/// What `queue` reads and `totals` counts.
constexpr char waiting_sql[] =
    "(SELECT 'organization' AS kind, o.id AS id, o.id AS org_id, o.name AS name, o.name AS org_name,"
    " o.commune_code AS commune_code, o.submitted_at AS submitted_at,"
    " CASE WHEN o.public_version IS NULL THEN 0 ELSE 1 END AS is_change, '' AS missing FROM organization o"
    " WHERE o.kind <> 'authority'"
    " AND (o.status = 'pending' OR (o.status = 'approved' AND o.latest_version > o.public_version))"
    " UNION ALL SELECT 'product', p.id, p.org_id, p.name, o.name, o.commune_code, p.submitted_at,"
    " CASE WHEN p.public_version IS NULL THEN 0 ELSE 1 END, p.missing"
    " FROM product p JOIN organization o ON o.id = p.org_id WHERE p.status = 'pending') w";

/// The end of the clock that runs of an open complaint.
constexpr char complaint_due[] = " CASE WHEN k.taken_up_at IS NULL THEN k.answer_due_at ELSE k.settle_due_at END";

std::int64_t count(Connection& c, std::string const& sql, Areas const& areas)
{
    return c.query(sql, {listed(areas)}).front().integer(0);
}

/// Events are numbered without gaps, so counting all of them needs no scan.
std::int64_t count_events(Connection& c, Areas const& areas)
{
    if (!areas.empty())
        return count(
            c, std::string{"SELECT count(*) FROM event t JOIN organization o ON o.id = t.org_id WHERE"} + within_areas,
            areas);
    return c.query("SELECT coalesce(max(seq), 0) FROM event").front().integer(0);
}

} // namespace

Totals totals(Connection& c, Areas const& areas, Instant now)
{
    Totals out;
    out.organizations = count(
        c, std::string{"SELECT count(*) FROM organization o WHERE o.kind <> 'authority' AND"} + within_areas, areas);
    out.products = count(
        c, std::string{"SELECT count(*) FROM product t JOIN organization o ON o.id = t.org_id WHERE"} + within_areas,
        areas);
    out.batches = count(
        c, std::string{"SELECT count(*) FROM batch t JOIN organization o ON o.id = t.org_id WHERE"} + within_areas,
        areas);
    out.events = count_events(c, areas);
    auto const open = c.query(std::string{"SELECT count(*), count(CASE WHEN"} + complaint_due +
                                  " <= $2 THEN 1 END) FROM complaint k LEFT JOIN organization o ON o.id = k.org_id"
                                  " WHERE k.settled_at IS NULL AND k.main_code IS NULL AND" +
                                  within_areas,
                              {listed(areas), now});
    out.open_complaints = open.front().integer(0);
    out.late_complaints = open.front().integer(1);
    auto const waiting = c.query(std::string{"SELECT count(*), min(w.submitted_at) FROM "} + waiting_sql + " WHERE" +
                                     waiting_within_areas,
                                 {listed(areas)});
    out.waiting = waiting.front().integer(0);
    out.oldest_submission = waiting.front().optional_instant(1);
    return out;
}

std::vector<Waiting> queue(Connection& c, Areas const& areas, std::string_view kind, std::int64_t offset,
                           std::int64_t count)
{
    auto const sql = std::string{"SELECT w.kind, w.id, w.org_id, w.name, w.org_name, w.commune_code, w.submitted_at,"
                                 " w.is_change, w.missing FROM "} +
                     waiting_sql + " WHERE ($2 = '' OR w.kind = $2) AND" + waiting_within_areas +
                     " ORDER BY w.submitted_at, w.id LIMIT $3 OFFSET $4";
    std::vector<Waiting> out;
    for (auto const& row : c.query(sql, {listed(areas), kind, count, offset}))
        out.push_back({row.text(0), row.text(1), row.id<OrganizationId>(2), row.text(3), row.text(4), row.text(5),
                       row.instant(6), row.flag(7), row.text(8)});
    return out;
}

std::vector<OrganizationLine> organizations(Connection& c, Areas const& areas, std::string_view status,
                                            std::optional<std::vector<std::string>> const& only, std::int64_t offset,
                                            std::int64_t count)
{
    if (only && only->empty()) return {};
    auto const sql = std::string{"SELECT o.id, o.name, o.kind, o.status, o.tax_code, o.commune_code,"
                                 " (SELECT count(*) FROM product p WHERE p.org_id = o.id),"
                                 " (SELECT count(*) FROM batch b WHERE b.org_id = o.id) FROM organization o"
                                 " WHERE o.kind <> 'authority' AND ($2 = '' OR o.status = $2)"
                                 " AND ($3 = '' OR replace($3, ',' || o.id || ',', '') <> $3) AND"} +
                     within_areas + " ORDER BY o.sort_key, o.id LIMIT $4 OFFSET $5";
    std::vector<OrganizationLine> out;
    for (auto const& row : c.query(sql, {listed(areas), status, only ? listed(*only) : std::string{}, count, offset}))
        out.push_back({row.id<OrganizationId>(0), row.text(1), row.text(2), row.text(3), row.text_or_empty(4),
                       row.text(5), row.integer(6), row.integer(7)});
    return out;
}

std::vector<ComplaintLine> complaint_lines(Connection& c, Areas const& areas, std::string_view status, Instant now,
                                           std::int64_t offset, std::int64_t count)
{
    auto const sql = std::string{"SELECT "} + complaints::columns +
                     ", coalesce(o.name, '') FROM complaint k"
                     " LEFT JOIN organization o ON o.id = k.org_id WHERE ($2 = '' OR k.status = $2"
                     " OR ($2 = 'open' AND k.settled_at IS NULL AND k.main_code IS NULL)"
                     " OR ($2 = 'late' AND k.settled_at IS NULL AND k.main_code IS NULL AND" +
                     complaint_due + " <= $5)) AND" + within_areas + " ORDER BY CASE WHEN k.settled_at IS NULL THEN" +
                     complaint_due + " ELSE 9000000000000000 - k.created_at END, k.code LIMIT $3 OFFSET $4";
    std::vector<ComplaintLine> out;
    for (auto const& row : c.query(sql, {listed(areas), status, count, offset, now})) {
        ComplaintLine line{complaints::from_row(row), row.text(complaints::column_count)};
        out.push_back(std::move(line));
    }
    return out;
}

std::vector<ComplaintCount> complaint_counts(Connection& c, Areas const& areas, Instant from, Instant to, Instant now)
{
    auto const sql = std::string{"SELECT k.topic, count(*),"
                                 " count(CASE WHEN k.settled_at IS NOT NULL THEN 1 END),"
                                 " count(CASE WHEN k.outcome = 'upheld' THEN 1 END),"
                                 " count(CASE WHEN coalesce(k.taken_up_at, $4) <= k.answer_due_at THEN 1 END),"
                                 " count(CASE WHEN coalesce(k.settled_at, $4) <= k.settle_due_at THEN 1 END),"
                                 " CAST(coalesce(sum(k.settled_at - k.created_at), 0) AS BIGINT)"
                                 " FROM complaint k LEFT JOIN organization o ON o.id = k.org_id"
                                 " WHERE k.created_at >= $2 AND k.created_at < $3 AND"} +
                     within_areas + " GROUP BY k.topic ORDER BY k.topic";
    std::vector<ComplaintCount> out;
    for (auto const& row : c.query(sql, {listed(areas), from, to, now}))
        out.push_back({row.text(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5),
                       std::chrono::microseconds{row.integer(6)}});
    return out;
}

std::vector<CertificateLine> certificates_ending(Connection& c, Areas const& areas, std::string_view from,
                                                 std::string_view to, std::int64_t offset, std::int64_t count)
{
    auto const sql = std::string{"SELECT "} + certificates::columns +
                     ", o.name, coalesce(p.name, '') FROM certificate h"
                     " JOIN record_version v ON v.record_id = h.id AND v.version = h.latest_version"
                     " JOIN organization o ON o.id = h.org_id LEFT JOIN product p ON p.id = h.product_id"
                     " WHERE h.status = 'active' AND h.valid_to >= $2 AND h.valid_to <= $3 AND" +
                     within_areas + " ORDER BY h.valid_to, h.id LIMIT $4 OFFSET $5";
    std::vector<CertificateLine> out;
    for (auto const& row : c.query(sql, {listed(areas), from, to, count, offset})) {
        CertificateLine line{certificates::from_row(row), row.text(9), row.text(10)};
        out.push_back(std::move(line));
    }
    return out;
}

std::vector<AuditLine> audit(Connection& c, AuditFilter const& filter)
{
    auto const newest = filter.before > 0 ? filter.before : std::numeric_limits<std::int64_t>::max();
    auto const sql = std::string{"SELECT a.seq, a.at, a.actor_id, a.org_id, a.action, a.entity_kind, a.entity_id,"
                                 " a.detail, a.request_id, coalesce(d.name, k.name, ''), coalesce(o.name, '')"
                                 " FROM audit a LEFT JOIN person_detail d ON d.person_id = a.actor_id"
                                 " LEFT JOIN api_key k ON k.id = a.actor_id LEFT JOIN organization o ON o.id = a.org_id"
                                 " WHERE ($2 = '' OR a.org_id = $2) AND a.seq < $3 AND a.at >= $4 AND a.at < $5 AND"} +
                     within_areas + " ORDER BY a.seq DESC LIMIT $6";
    std::vector<AuditLine> out;
    for (auto const& row :
         c.query(sql, {listed(filter.areas), filter.org, newest, filter.from, filter.to, filter.count})) {
        AuditLine line;
        line.seq = row.integer(0);
        line.at = row.instant(1);
        line.actor = row.text(2);
        line.org = OrganizationId{row.text_or_empty(3)};
        line.action = row.text(4);
        line.entity_kind = row.text(5);
        line.entity_id = row.text(6);
        line.detail = row.text(7);
        line.request_id = row.text(8);
        line.actor_name = row.text(9);
        line.org_name = row.text(10);
        out.push_back(std::move(line));
    }
    return out;
}

} // namespace nguon::db::province_desk
