#include "db/sessions.hpp"

namespace nguon::db::sessions {

void insert(Connection& c, Session const& session)
{
    c.execute("INSERT INTO session (token_sha256, person_id, csrf_token, created_at, seen_at, expires_at, org_id)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7)",
              {session.token_sha256, session.person, session.csrf_token, session.created_at, session.seen_at,
               session.expires_at, session.acting_for});
}

std::optional<Session> find(Connection& c, std::string_view token_sha256)
{
    auto const rows = c.query("SELECT token_sha256, person_id, csrf_token, created_at, seen_at, expires_at, org_id"
                              " FROM session WHERE token_sha256 = $1",
                              {token_sha256});
    if (rows.empty()) return std::nullopt;
    auto const& row = rows.front();
    Session session{row.text(0), row.id<PersonId>(1), row.text(2), row.instant(3), row.instant(4), row.instant(5), {}};
    if (!row.is_null(6)) session.acting_for = row.id<OrganizationId>(6);
    return session;
}

void touch(Connection& c, std::string_view token_sha256, Instant now)
{
    c.execute("UPDATE session SET seen_at = $2 WHERE token_sha256 = $1 AND seen_at < $2", {token_sha256, now});
}

void act_for(Connection& c, std::string_view token_sha256, OrganizationId const& org, std::string_view csrf_token)
{
    c.execute("UPDATE session SET org_id = $2, csrf_token = $3 WHERE token_sha256 = $1",
              {token_sha256, org, csrf_token});
}

void remove(Connection& c, std::string_view token_sha256)
{
    c.execute("DELETE FROM session WHERE token_sha256 = $1", {token_sha256});
}

std::int64_t remove_all(Connection& c, PersonId const& person, std::string_view except_sha256)
{
    return c.execute("DELETE FROM session WHERE person_id = $1 AND token_sha256 <> $2", {person, except_sha256});
}

std::int64_t remove_expired(Connection& c, Instant now, Instant idle_since)
{
    return c.execute("DELETE FROM session WHERE expires_at <= $1 OR seen_at < $2", {now, idle_since});
}

} // namespace nguon::db::sessions
