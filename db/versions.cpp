#include "db/versions.hpp"

#include "core/bytes.hpp"
#include "core/json.hpp"

#include <nlohmann/json.hpp>

namespace nguon::db::versions {
namespace {

constexpr char columns[] =
    "v.record_id, v.version, v.kind, v.org_id, v.fields, v.marks, v.recorded_at, v.recorded_by, v.reason";
constexpr char first_publication[] = ", (SELECT min(p.published_at) FROM publication p"
                                     " WHERE p.record_id = v.record_id AND p.version = v.version)"
                                     " FROM record_version v";

Version from_row(Row const& row)
{
    return {row.text(0),    row.integer(1),
            row.text(2),    row.id<OrganizationId>(3),
            row.text(4),    read_marks(nlohmann::json::parse(row.text(5))),
            row.instant(6), row.text(7),
            row.text(8),    row.optional_instant(9)};
}

Result<Version> one(Rows const& rows)
{
    if (rows.empty()) return not_found("record.unknown");
    return from_row(rows.front());
}

} // namespace

Status append(Connection& c, std::string_view record_id, std::int64_t version, std::string_view kind,
              OrganizationId const& org, nlohmann::json const& fields, Marks const& marks, Change const& change)
{
    auto const text = canonical_json(fields);
    auto const written =
        c.execute("INSERT INTO record_version (record_id, version, kind, org_id, fields, marks, sha256, recorded_at,"
                  " recorded_by, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                  " ON CONFLICT (record_id, version) DO NOTHING",
                  {record_id, version, kind, org, text, canonical_json(to_json(marks)), sha256_hex(text), change.at,
                   change.by, change.reason});
    if (written == 0) return conflict("record.changed_meanwhile");
    return Done{};
}

void publish(Connection& c, std::string_view record_id, std::int64_t version, Change const& change)
{
    c.execute("INSERT INTO publication (record_id, published_at, version, decided_by) VALUES ($1, $2, $3, $4)"
              " ON CONFLICT (record_id, published_at) DO UPDATE SET version = $3, decided_by = $4",
              {record_id, change.at, version, change.by});
}

Result<Version> find(Connection& c, std::string_view record_id, std::int64_t version)
{
    return one(
        c.query(std::string{"SELECT "} + columns + first_publication + " WHERE v.record_id = $1 AND v.version = $2",
                {record_id, version}));
}

Result<Version> find_public_at(Connection& c, std::string_view record_id, Instant at)
{
    return one(c.query(std::string{"SELECT "} + columns +
                           ", p.published_at FROM publication p"
                           " JOIN record_version v ON v.record_id = p.record_id AND v.version = p.version"
                           " WHERE p.record_id = $1 AND p.published_at <= $2 ORDER BY p.published_at DESC LIMIT 1",
                       {record_id, at}));
}

std::int64_t count(Connection& c) { return c.query("SELECT count(*) FROM record_version").front().integer(0); }

std::vector<Version> history(Connection& c, std::string_view record_id)
{
    std::vector<Version> out;
    for (auto const& row : c.query(std::string{"SELECT "} + columns + first_publication +
                                       " WHERE v.record_id = $1 ORDER BY v.version DESC",
                                   {record_id}))
        out.push_back(from_row(row));
    return out;
}

} // namespace nguon::db::versions
