#include "db/audit_log.hpp"

#include "db/counters.hpp"

namespace nguon::db::audit_log {

void append(Connection& c, versions::Change const& change, Entry const& entry)
{
    c.execute("INSERT INTO audit (seq, at, actor_id, org_id, action, entity_kind, entity_id, detail, request_id)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
              {counters::take(c, "audit"), change.at, change.by, or_null(entry.org.text()), entry.action,
               entry.entity_kind, entry.entity_id, entry.detail, change.request_id});
}

} // namespace nguon::db::audit_log
