#include "db/audit_log.hpp"

#include "db/counters.hpp"

#include <limits>

namespace nguon::db::audit_log {

void append(Connection& c, versions::Change const& change, Entry const& entry)
{
    c.execute("INSERT INTO audit (seq, at, actor_id, org_id, action, entity_kind, entity_id, detail, request_id)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
              {counters::take(c, "audit"), change.at, change.by, entry.org.empty() ? Value{} : Value{entry.org},
               entry.action, entry.entity_kind, entry.entity_id, entry.detail, change.request_id});
}

std::vector<LoggedEntry> page(Connection& c, std::optional<OrganizationId> const& org, std::int64_t before,
                              std::int64_t count)
{
    auto const newest = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
    auto const rows =
        org ? c.query("SELECT seq, at, actor_id, org_id, action, entity_kind, entity_id, detail, request_id FROM audit"
                      " WHERE org_id = $3 AND seq < $1 ORDER BY seq DESC LIMIT $2",
                      {newest, count, *org})
            : c.query("SELECT seq, at, actor_id, org_id, action, entity_kind, entity_id, detail, request_id FROM audit"
                      " WHERE seq < $1 ORDER BY seq DESC LIMIT $2",
                      {newest, count});
    std::vector<LoggedEntry> out;
    for (auto const& row : rows) {
        LoggedEntry entry;
        entry.seq = row.integer(0);
        entry.at = row.instant(1);
        entry.actor = row.text(2);
        entry.org = OrganizationId{row.text_or_empty(3)};
        entry.action = row.text(4);
        entry.entity_kind = row.text(5);
        entry.entity_id = row.text(6);
        entry.detail = row.text(7);
        entry.request_id = row.text(8);
        out.push_back(std::move(entry));
    }
    return out;
}

} // namespace nguon::db::audit_log
