#include "db/links.hpp"

#include "core/limits.hpp"

namespace nguon::db::links {
namespace {

constexpr std::string_view select_link =
    "SELECT l.id, l.org_id, l.link_key, l.anchor, l.type, l.language, l.media_type, l.context, l.href, l.title,"
    " l.is_default, l.fwqs, l.version, l.created_at, l.changed_at FROM code_link l";

Link from_row(Row const& row)
{
    Link link;
    link.id = row.id<LinkId>(0);
    link.org = row.id<OrganizationId>(1);
    link.key = row.text(2);
    link.anchor = row.text(3);
    link.type = row.text(4);
    link.language = row.text(5);
    link.media_type = row.text(6);
    link.context = row.text(7);
    link.href = row.text(8);
    link.title = row.text(9);
    link.is_default = row.flag(10);
    link.fwqs = row.flag(11);
    link.version = row.integer(12);
    link.created_at = row.instant(13);
    link.changed_at = row.instant(14);
    return link;
}

std::vector<Link> from_rows(Rows const& rows)
{
    std::vector<Link> out;
    for (auto const& row : rows) out.push_back(from_row(row));
    return out;
}

/// One default for each anchor.
void clear_default(Connection& c, Link const& link)
{
    if (!link.is_default) return;
    c.execute("UPDATE code_link SET is_default = 0 WHERE anchor = $1 AND org_id = $2 AND id <> $3",
              {link.anchor, link.org, link.id});
}

} // namespace

Status claim_key(Connection& c, std::string const& key, OrganizationId const& org, bool owned, Instant at)
{
    auto const rows = c.query("INSERT INTO link_key (link_key, org_id, claimed_at) VALUES ($1, $2, $3)"
                              " ON CONFLICT (link_key) DO UPDATE SET org_id ="
                              " CASE WHEN $4 = 1 THEN excluded.org_id ELSE link_key.org_id END RETURNING org_id",
                              {key, org, at, owned});
    if (rows.front().text(0) != org.text()) return conflict("link.key_taken");
    return Done{};
}

Status insert(Connection& c, Link const& link)
{
    auto const counts =
        c.query("SELECT (SELECT count(*) FROM code_link WHERE anchor = $1 AND org_id = $2),"
                " (SELECT count(*) FROM (SELECT 1 AS one FROM code_link WHERE org_id = $2 LIMIT $3) AS kept)",
                {link.anchor, link.org, limits::links_per_organization_max});
    if (counts.front().integer(0) >= limits::links_per_anchor_max)
        return conflict("link.too_many", {std::to_string(limits::links_per_anchor_max)});
    if (counts.front().integer(1) >= limits::links_per_organization_max)
        return conflict("link.too_many_in_all", {std::to_string(limits::links_per_organization_max)});
    c.execute("INSERT INTO code_link (id, org_id, link_key, anchor, type, language, media_type, context, href, title,"
              " is_default, fwqs, version, created_at, changed_at)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $13)",
              {link.id, link.org, link.key, link.anchor, link.type, link.language, link.media_type, link.context,
               link.href, link.title, link.is_default, link.fwqs, link.created_at});
    clear_default(c, link);
    return Done{};
}

Status update(Connection& c, Link const& link)
{
    auto const changed =
        c.execute("UPDATE code_link SET type = $3, language = $4, media_type = $5, context = $6, href = $7,"
                  " title = $8, is_default = $9, fwqs = $10, version = version + 1, changed_at = $11"
                  " WHERE org_id = $1 AND id = $2",
                  {link.org, link.id, link.type, link.language, link.media_type, link.context, link.href, link.title,
                   link.is_default, link.fwqs, link.changed_at});
    if (changed == 0) return not_found("link.unknown");
    clear_default(c, link);
    return Done{};
}

Status remove(Connection& c, Link const& link)
{
    // Whoever adds a link to this key meanwhile waits here, so that the key is not taken away below it.
    c.execute("UPDATE link_key SET claimed_at = claimed_at WHERE link_key = $1", {link.key});
    if (c.execute("DELETE FROM code_link WHERE org_id = $1 AND id = $2", {link.org, link.id}) == 0)
        return not_found("link.unknown");
    c.execute("DELETE FROM link_key WHERE link_key = $1"
              " AND NOT EXISTS (SELECT 1 FROM code_link WHERE code_link.link_key = $1)",
              {link.key});
    return Done{};
}

Result<Link> find(Connection& c, OrganizationId const& org, LinkId const& id)
{
    auto const rows = c.query(std::string{select_link} + " WHERE l.org_id = $1 AND l.id = $2", {org, id});
    if (rows.empty()) return not_found("link.unknown");
    return from_row(rows.front());
}

std::vector<Link> list(Connection& c, OrganizationId const& org, std::string_view key, std::int64_t offset,
                       std::int64_t count)
{
    return from_rows(c.query(std::string{select_link} + " WHERE l.org_id = $1 AND ($2 = '' OR l.link_key = $2)"
                                                        " ORDER BY l.anchor, l.created_at, l.id LIMIT $4 OFFSET $3",
                             {org, key, offset, count}));
}

std::vector<Link> list_of_other_keys(Connection& c, OrganizationId const& org, std::int64_t offset, std::int64_t count)
{
    // What begins with "/01/" lies between these two.
    return from_rows(c.query(std::string{select_link} +
                                 " WHERE l.org_id = $1 AND (l.anchor < '/01/' OR l.anchor >= '/010')"
                                 " ORDER BY l.anchor, l.created_at, l.id LIMIT $3 OFFSET $2",
                             {org, offset, count}));
}

std::vector<Link> of_anchor(Connection& c, std::string_view anchor)
{
    return from_rows(c.query(std::string{select_link} +
                                 " JOIN link_key k ON k.link_key = l.link_key AND k.org_id = l.org_id"
                                 " WHERE l.anchor = $1 ORDER BY l.is_default DESC, l.created_at, l.id",
                             {anchor}));
}

} // namespace nguon::db::links
