#include "db/locks.hpp"

namespace nguon::db::locks {

// PostgreSQL's advisory locks belong to the whole database, so the schema is part of the name: two installations in
// one database do not wait for each other.

void hold_until_commit(Connection& c, std::string_view name)
{
    if (c.dialect() == Dialect::sqlite) return;
    c.query("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' ' || $1, 0))", {name});
}

bool try_until_commit(Connection& c, std::string_view name)
{
    if (c.dialect() == Dialect::sqlite) return true;
    return c.query("SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || ' ' || $1, 0))", {name})
        .front()
        .flag(0);
}

} // namespace nguon::db::locks
