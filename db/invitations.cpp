#include "db/invitations.hpp"

namespace nguon::db::invitations {
namespace {

Result<Invitation> first(Rows const& rows)
{
    if (rows.empty()) return not_found("slip.unknown");
    auto const& row = rows.front();
    Invitation invitation;
    invitation.code_sha256 = row.text(0);
    invitation.kind = row.text(1);
    if (!row.is_null(2)) invitation.org = row.id<OrganizationId>(2);
    if (!row.is_null(3)) invitation.person = row.id<PersonId>(3);
    invitation.role = row.text(4);
    invitation.issued_by = row.text(5);
    invitation.issued_at = row.instant(6);
    invitation.expires_at = row.instant(7);
    invitation.used_at = row.optional_instant(8);
    invitation.area = row.optional_text(9);
    return invitation;
}

} // namespace

void insert(Connection& c, Invitation const& invitation)
{
    c.execute("INSERT INTO invitation (code_sha256, kind, org_id, person_id, role, area, issued_by, issued_at,"
              " expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
              {invitation.code_sha256, invitation.kind, invitation.org, invitation.person, invitation.role,
               invitation.area, invitation.issued_by, invitation.issued_at, invitation.expires_at});
}

Result<Invitation> find_open(Connection& c, std::string_view code_sha256, Instant now)
{
    return first(
        c.query("SELECT code_sha256, kind, org_id, person_id, role, issued_by, issued_at, expires_at, used_at, area"
                " FROM invitation WHERE code_sha256 = $1 AND used_at IS NULL AND expires_at > $2",
                {code_sha256, now}));
}

Result<Invitation> use(Connection& c, std::string_view code_sha256, Instant now)
{
    return first(c.query(
        "UPDATE invitation SET used_at = $2"
        " WHERE code_sha256 = $1 AND used_at IS NULL AND expires_at > $2"
        " RETURNING code_sha256, kind, org_id, person_id, role, issued_by, issued_at, expires_at, used_at, area",
        {code_sha256, now}));
}

std::int64_t withdraw(Connection& c, PersonId const& person, Instant now)
{
    return c.execute("UPDATE invitation SET expires_at = $2"
                     " WHERE person_id = $1 AND used_at IS NULL AND expires_at > $2",
                     {person, now});
}

} // namespace nguon::db::invitations
