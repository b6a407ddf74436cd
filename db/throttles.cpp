#include "db/throttles.hpp"

namespace nguon::db::throttles {

std::int64_t add_try(Connection& c, std::string_view bucket, Instant now, std::chrono::seconds window)
{
    // One statement, so that tries at once are all counted.
    auto const rows = c.query("INSERT INTO throttle (bucket, window_start, tries) VALUES ($1, $2, 1)"
                              " ON CONFLICT (bucket) DO UPDATE SET"
                              " tries = CASE WHEN throttle.window_start <= $3 THEN 1 ELSE throttle.tries + 1 END,"
                              " window_start = CASE WHEN throttle.window_start <= $3 THEN $2"
                              " ELSE throttle.window_start END"
                              " RETURNING tries",
                              {bucket, now, Instant{now - window}});
    return rows.front().integer(0);
}

void clear(Connection& c, std::string_view bucket) { c.execute("DELETE FROM throttle WHERE bucket = $1", {bucket}); }

std::int64_t remove_old(Connection& c, Instant before)
{
    return c.execute("DELETE FROM throttle WHERE window_start < $1", {before});
}

} // namespace nguon::db::throttles
