#include "db/grants.hpp"

namespace nguon::db::grants {
namespace {

constexpr std::string_view select_grant =
    "SELECT id, subject_id, role, org_id, area, scopes, valid_from, valid_to, granted_by FROM role_grant";

std::vector<Grant> list(Rows const& rows)
{
    std::vector<Grant> out;
    for (auto const& row : rows) {
        Grant grant;
        grant.id = row.text(0);
        grant.subject = row.text(1);
        grant.role = row.text(2);
        if (!row.is_null(3)) grant.org = row.id<OrganizationId>(3);
        grant.area = row.optional_text(4);
        grant.scopes = row.text(5);
        grant.valid_from = row.instant(6);
        grant.valid_to = row.optional_instant(7);
        grant.granted_by = row.text(8);
        out.push_back(std::move(grant));
    }
    return out;
}

} // namespace

void insert(Connection& c, Grant const& grant)
{
    c.execute("INSERT INTO role_grant (id, subject_id, role, org_id, area, scopes, valid_from, valid_to, granted_by)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
              {grant.id, grant.subject, grant.role, grant.org, grant.area, grant.scopes, grant.valid_from,
               grant.valid_to, grant.granted_by});
}

std::vector<Grant> in_force(Connection& c, std::string_view subject, Instant at)
{
    return list(c.query(std::string{select_grant} +
                            " WHERE subject_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)"
                            " ORDER BY valid_from, id",
                        {subject, at}));
}

std::vector<Grant> of_org(Connection& c, OrganizationId const& org, Instant at)
{
    return list(c.query(std::string{select_grant} +
                            " WHERE org_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)"
                            " ORDER BY valid_from, id",
                        {org, at}));
}

Status end(Connection& c, std::string_view id, Instant at)
{
    auto const ended = c.execute("UPDATE role_grant SET valid_to = $2 WHERE id = $1"
                                 " AND (valid_to IS NULL OR valid_to > $2)",
                                 {id, at});
    if (ended == 0) return not_found("grant.unknown");
    return Done{};
}

} // namespace nguon::db::grants
