#include "db/leases.hpp"

namespace nguon::db::leases {

Result<std::int64_t> acquire(Connection& c, LeaseRequest const& request)
{
    auto const until = request.now + request.time;
    auto const rows = c.query("INSERT INTO lease (name, epoch, holder, expires_at) VALUES ($1, 1, $2, $3)"
                              " ON CONFLICT (name) DO UPDATE SET epoch = lease.epoch + 1, holder = excluded.holder,"
                              " expires_at = excluded.expires_at WHERE lease.expires_at <= $4 OR $5 = 1"
                              " RETURNING epoch",
                              {request.name, request.holder, until, request.now, request.take_over});
    if (!rows.empty()) return rows.front().integer(0);
    auto const held = c.query("SELECT holder FROM lease WHERE name = $1", {request.name});
    return conflict("sync.lease_held", {held.empty() ? std::string{} : held.front().text(0)});
}

Status renew(Connection& c, std::string const& name, std::int64_t epoch, Instant now, std::chrono::seconds time)
{
    auto const changed =
        c.execute("UPDATE lease SET expires_at = $1 WHERE name = $2 AND epoch = $3", {now + time, name, epoch});
    if (changed != 1) return conflict("sync.fenced");
    return Done{};
}

Status check(Connection& c, std::string const& name, std::int64_t epoch)
{
    // FOR SHARE is PostgreSQL's; on SQLite the transaction is the only writer anyway.
    auto const rows = c.dialect() == Dialect::postgres
                          ? c.query("SELECT epoch FROM lease WHERE name = $1 FOR SHARE", {name})
                          : c.query("SELECT epoch FROM lease WHERE name = $1", {name});
    if (rows.empty() || rows.front().integer(0) != epoch) return conflict("sync.fenced");
    return Done{};
}

std::optional<Lease> find(Connection& c, std::string const& name)
{
    auto const rows = c.query("SELECT holder, expires_at FROM lease WHERE name = $1", {name});
    if (rows.empty()) return std::nullopt;
    return Lease{rows.front().text(0), rows.front().instant(1)};
}

void release(Connection& c, std::string const& name, std::int64_t epoch, Instant now)
{
    c.execute("UPDATE lease SET expires_at = $1 WHERE name = $2 AND epoch = $3", {now, name, epoch});
}

void remove(Connection& c, std::string const& name, std::int64_t epoch)
{
    c.execute("DELETE FROM lease WHERE name = $1 AND epoch = $2", {name, epoch});
}

void release_all(Connection& c, std::string const& prefix, Instant now)
{
    c.execute("UPDATE lease SET expires_at = $2 WHERE substr(name, 1, length($1)) = $1", {prefix, now});
}

} // namespace nguon::db::leases
