#include "db/printed_codes.hpp"

#include <algorithm>
#include <cassert>

namespace nguon::db::printed_codes {
namespace {

constexpr std::string_view select_code =
    "SELECT code, kind, org_id, batch_id, label_job_id, status, status_reason, created_at, changed_at"
    " FROM printed_code";
constexpr std::size_t block_codes = 1000;

Code code_from_row(Row const& row)
{
    Code code;
    code.code = row.text(0);
    code.kind = row.text(1);
    code.org = row.id<OrganizationId>(2);
    code.batch = row.id<BatchId>(3);
    code.job = row.text_or_empty(4);
    code.status = row.text(5);
    code.reason = row.text(6);
    code.created_at = row.instant(7);
    code.changed_at = row.optional_instant(8);
    return code;
}

} // namespace

Result<Code> find(Connection& c, std::string_view code)
{
    auto const rows = c.query(std::string{select_code} + " WHERE code = $1", {code});
    if (rows.empty()) return Error{ErrorCode::not_found, "code.unknown", {std::string{code}}, {}, {}};
    return code_from_row(rows.front());
}

std::int64_t insert_units(Connection& c, OrganizationId const& org, BatchId const& batch, std::string_view job,
                          std::vector<std::string> codes, Instant at)
{
    // Two who want the same codes take them in the same order, so that neither waits for the other in a circle.
    std::ranges::sort(codes);
    std::int64_t added = 0;
    for (std::size_t from = 0; from < codes.size(); from += block_codes) {
        auto const count = std::min(block_codes, codes.size() - from);
        std::string joined;
        for (auto const& code : std::span{codes}.subspan(from, count)) joined += code;
        assert(joined.size() == count * 12);
        added += c.execute("WITH RECURSIVE place (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place"
                           " WHERE n + 1 < CAST($6 AS INTEGER))"
                           " INSERT INTO printed_code (code, kind, org_id, batch_id, label_job_id, status, created_at)"
                           " SELECT substr(CAST($1 AS TEXT), n * 12 + 1, 12), 'unit', $2, $3, $4, 'printed',"
                           " CAST($5 AS BIGINT) FROM place"
                           " WHERE n >= 0 ON CONFLICT (code) DO NOTHING",
                           {joined, org, batch, job, at, static_cast<std::int64_t>(count)});
    }
    return added;
}

std::vector<std::string> codes_of_job(Connection& c, OrganizationId const& org, std::string_view job)
{
    std::vector<std::string> out;
    for (auto const& row : c.query("SELECT code FROM printed_code WHERE label_job_id = $2 AND org_id = $1"
                                   " ORDER BY code",
                                   {org, job}))
        out.push_back(row.text(0));
    return out;
}

std::int64_t count_of_job(Connection& c, OrganizationId const& org, std::string_view job)
{
    return c.query("SELECT count(*) FROM printed_code WHERE label_job_id = $2 AND org_id = $1", {org, job})
        .front()
        .integer(0);
}

CountByState count(Connection& c, OrganizationId const& org, Range const& range)
{
    CountByState out;
    for (auto const& row : c.query("SELECT status, count(*) FROM printed_code WHERE label_job_id = $2 AND org_id = $1"
                                   " AND code >= $3 AND code <= $4 GROUP BY status",
                                   {org, range.job, range.first, range.last}))
        out.emplace(row.text(0), row.integer(1));
    return out;
}

Range range_of_job(Connection& c, OrganizationId const& org, std::string_view job)
{
    auto const rows =
        c.query("SELECT min(code), max(code) FROM printed_code WHERE label_job_id = $2 AND org_id = $1", {org, job});
    return {std::string{job}, rows.front().text_or_empty(0), rows.front().text_or_empty(1)};
}

std::int64_t change_state(Connection& c, OrganizationId const& org, Range const& range, StateChange const& change)
{
    assert(!change.from.empty() && change.from.size() <= unit_states.size());
    auto const from = [&](std::size_t i) { return change.from[std::min(i, change.from.size() - 1)]; };
    return c.execute("UPDATE printed_code SET status = $5, status_reason = $6, changed_at = $7"
                     " WHERE label_job_id = $2 AND org_id = $1 AND kind = 'unit' AND code >= $3 AND code <= $4"
                     " AND status IN ($8, $9, $10, $11, $12)",
                     {org, range.job, range.first, range.last, change.to, change.reason, change.at, from(0), from(1),
                      from(2), from(3), from(4)});
}

std::vector<Code> list(Connection& c, OrganizationId const& org, std::string_view job, std::string_view state,
                       std::int64_t offset, std::int64_t limit)
{
    std::vector<Code> out;
    for (auto const& row : c.query(std::string{select_code} + " WHERE org_id = $1 AND label_job_id = $2"
                                                              " AND ($3 = '' OR status = $3)"
                                                              " ORDER BY code LIMIT $4 OFFSET $5",
                                   {org, job, state, limit, offset}))
        out.push_back(code_from_row(row));
    return out;
}

std::vector<Waiting> never_activated(Connection& c, OrganizationId const& org, Instant before, std::int64_t offset,
                                     std::int64_t limit)
{
    std::vector<Waiting> out;
    for (auto const& row :
         c.query("SELECT j.id, j.batch_id, b.lot, p.name, j.created_at, w.units, w.first_code, w.last_code"
                 " FROM (SELECT label_job_id, count(*) AS units, min(code) AS first_code,"
                 " max(code) AS last_code FROM printed_code"
                 " WHERE org_id = $1 AND status = 'printed' GROUP BY label_job_id) w"
                 " JOIN label_job j ON j.id = w.label_job_id JOIN batch b ON b.id = j.batch_id"
                 " JOIN product p ON p.id = b.product_id WHERE j.created_at <= $2"
                 " ORDER BY j.created_at, j.id LIMIT $3 OFFSET $4",
                 {org, before, limit, offset}))
        out.push_back({row.text(0), row.id<BatchId>(1), row.text(2), row.text(3), row.instant(4), row.integer(5),
                       row.text(6), row.text(7)});
    return out;
}

std::int64_t count_never_activated(Connection& c, OrganizationId const& org, Instant before)
{
    return c
        .query("SELECT count(*) FROM printed_code u JOIN label_job j ON j.id = u.label_job_id"
               " WHERE u.org_id = $1 AND u.status = 'printed' AND j.created_at <= $2",
               {org, before})
        .front()
        .integer(0);
}

} // namespace nguon::db::printed_codes
