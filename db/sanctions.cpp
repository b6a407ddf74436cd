#include "db/sanctions.hpp"

namespace nguon::db::sanctions {
namespace {

constexpr char select_sanction[] =
    "SELECT s.id, s.kind, s.subject_kind, s.subject_id, s.org_id, s.inspection_id, s.reason, s.imposed_at,"
    " s.imposed_by, s.explain_due_at, s.explanation, s.explained_at, s.lifted_at, s.lifted_by, s.lift_reason,"
    " coalesce(p.name, o.name, ''), coalesce(o.name, '') FROM sanction s"
    " LEFT JOIN organization o ON o.id = s.org_id LEFT JOIN product p ON p.id = s.subject_id";

Sanction from_row(Row const& row)
{
    Sanction out;
    out.id = row.text(0);
    out.kind = row.text(1);
    out.subject_kind = row.text(2);
    out.subject_id = row.text(3);
    out.org = row.id<OrganizationId>(4);
    out.inspection = row.text_or_empty(5);
    out.reason = row.text(6);
    out.imposed_at = row.instant(7);
    out.imposed_by = row.text(8);
    out.explain_due_at = row.instant(9);
    out.explanation = row.text(10);
    out.explained_at = row.optional_instant(11);
    out.lifted_at = row.optional_instant(12);
    out.lifted_by = row.text_or_empty(13);
    out.lift_reason = row.text(14);
    out.subject_name = row.text(15);
    out.org_name = row.text(16);
    return out;
}

std::vector<Sanction> all_of(Rows const& rows)
{
    std::vector<Sanction> out;
    for (auto const& row : rows) out.push_back(from_row(row));
    return out;
}

Result<Sanction> one(Rows const& rows)
{
    if (rows.empty()) return not_found("sanction.unknown");
    return from_row(rows.front());
}

} // namespace

void insert(Connection& c, Sanction const& sanction)
{
    c.execute("INSERT INTO sanction (id, kind, subject_kind, subject_id, org_id, inspection_id, reason, imposed_at,"
              " imposed_by, explain_due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
              {sanction.id, sanction.kind, sanction.subject_kind, sanction.subject_id, sanction.org,
               or_null(sanction.inspection), sanction.reason, sanction.imposed_at, sanction.imposed_by,
               sanction.explain_due_at});
}

Result<Sanction> standing(Connection& c, std::string_view subject_id)
{
    return one(c.query(std::string{select_sanction} + " WHERE s.subject_id = $1 AND s.lifted_at IS NULL"
                                                      " ORDER BY s.imposed_at DESC, s.id",
                       {subject_id}));
}

Result<Sanction> find(Connection& c, std::string_view id)
{
    return one(c.query(std::string{select_sanction} + " WHERE s.id = $1", {id}));
}

Result<Sanction> find(Connection& c, OrganizationId const& org, std::string_view id)
{
    return one(c.query(std::string{select_sanction} + " WHERE s.org_id = $1 AND s.id = $2", {org, id}));
}

void qualify(Connection& c, std::string_view id, std::string_view kind, std::string_view inspection)
{
    c.execute("UPDATE sanction SET kind = $2, inspection_id = $3 WHERE id = $1",
              {id, kind, or_null(std::string{inspection})});
}

void explain(Connection& c, std::string_view id, std::string_view text, Instant at)
{
    c.execute("UPDATE sanction SET explanation = $2, explained_at = $3 WHERE id = $1", {id, text, at});
}

void lift(Connection& c, std::string_view id, std::string_view by, std::string_view reason, Instant at)
{
    c.execute("UPDATE sanction SET lifted_at = $4, lifted_by = $2, lift_reason = $3 WHERE id = $1"
              " AND lifted_at IS NULL",
              {id, by, reason, at});
}

std::vector<Sanction> list(Connection& c, Areas const& areas, std::int64_t offset, std::int64_t count)
{
    return all_of(c.query(std::string{select_sanction} + " WHERE" + within_areas +
                              " ORDER BY CASE WHEN s.lifted_at IS NULL THEN s.imposed_at"
                              " ELSE 9000000000000000 - s.imposed_at END, s.id LIMIT $2 OFFSET $3",
                          {listed(areas), count, offset}));
}

std::vector<Sanction> of_organization(Connection& c, OrganizationId const& org)
{
    return all_of(c.query(std::string{select_sanction} + " WHERE s.org_id = $1"
                                                         " ORDER BY CASE WHEN s.lifted_at IS NULL THEN 0 ELSE 1 END,"
                                                         " s.imposed_at DESC, s.id LIMIT 100",
                          {org}));
}

} // namespace nguon::db::sanctions
