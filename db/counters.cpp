#include "db/counters.hpp"

namespace nguon::db::counters {

std::int64_t take(Connection& c, std::string_view name, std::int64_t count)
{
    auto const rows = c.query("INSERT INTO counter (name, value) VALUES ($1, $2)"
                              " ON CONFLICT (name) DO UPDATE SET value = counter.value + $2 RETURNING value",
                              {name, count});
    return rows.front().integer(0) - count + 1;
}

} // namespace nguon::db::counters
