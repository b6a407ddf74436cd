#include "db/scans.hpp"

namespace nguon::db::scans {

void append(Connection& c, std::span<Scan const> scans)
{
    for (auto const& scan : scans) {
        c.execute("INSERT INTO scan (subject, at, device) VALUES ($1, $2, $3)", {scan.subject, scan.at, scan.device});
        c.execute("INSERT INTO scan_total (subject, count, first_at, last_at) VALUES ($1, 1, $2, $2)"
                  " ON CONFLICT (subject) DO UPDATE SET count = scan_total.count + 1,"
                  " last_at = CASE WHEN scan_total.last_at > $2 THEN scan_total.last_at ELSE $2 END",
                  {scan.subject, scan.at});
    }
}

std::optional<Total> total(Connection& c, std::string_view subject)
{
    auto const rows = c.query("SELECT count, first_at, last_at FROM scan_total WHERE subject = $1", {subject});
    if (rows.empty()) return std::nullopt;
    return Total{rows.front().integer(0), rows.front().instant(1), rows.front().instant(2)};
}

std::int64_t forget(Connection& c, Instant before) { return c.execute("DELETE FROM scan WHERE at < $1", {before}); }

} // namespace nguon::db::scans
