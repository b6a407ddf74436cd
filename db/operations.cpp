#include "db/operations.hpp"

#include "core/limits.hpp"
#include "db/locks.hpp"

namespace nguon::db::operations {

Result<std::optional<OperationAnswer>> begin(Connection& c, Operation const& operation)
{
    if (!locks::try_until_commit(c, "operation " + operation.org.text() + " " + operation.key)) {
        return conflict("operation.running");
    }
    auto const rows =
        c.query("SELECT request_sha256, status, location, body FROM operation WHERE org_id = $1 AND key = $2",
                {operation.org, operation.key});
    if (rows.empty()) return std::optional<OperationAnswer>{};
    auto const& row = rows.front();
    if (row.text(0) != operation.request_sha256) return invalid("operation.key_reused");
    return std::optional{
        OperationAnswer{static_cast<int>(row.integer(1)), row.text_or_empty(2), row.text_or_empty(3), true}};
}

Status finish(Connection& c, Operation const& operation, OperationAnswer const& answer)
{
    auto const kept =
        c.execute("INSERT INTO operation (org_id, key, request_sha256, status, location, body, created_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, key) DO NOTHING",
                  {operation.org, operation.key, operation.request_sha256, answer.status, answer.location, answer.body,
                   operation.asked_at});
    if (kept == 0) return conflict("operation.running");
    return Done{};
}

std::int64_t forget_old(Connection& c, Instant now)
{
    return c.execute("DELETE FROM operation WHERE created_at < $1", {now - limits::operation_kept_time});
}

} // namespace nguon::db::operations
