#include "db/scans.hpp"

#include <algorithm>
#include <map>

namespace nguon::db::scans {

void append(Connection& c, std::span<Scan const> scans)
{
    std::map<std::string_view, Total> totals; // in one order, so that two writers cannot wait for each other
    for (auto const& scan : scans) {
        c.execute("INSERT INTO scan (subject, at, device) VALUES ($1, $2, $3)", {scan.subject, scan.at, scan.device});
        auto& total = totals.try_emplace(scan.subject, Total{0, scan.at, scan.at}).first->second;
        ++total.count;
        total.first_at = std::min(total.first_at, scan.at);
        total.last_at = std::max(total.last_at, scan.at);
    }
    for (auto const& [subject, total] : totals)
        c.execute("INSERT INTO scan_total (subject, count, first_at, last_at) VALUES ($1, $2, $3, $4)"
                  " ON CONFLICT (subject) DO UPDATE SET count = scan_total.count + $2,"
                  " last_at = CASE WHEN scan_total.last_at > $4 THEN scan_total.last_at ELSE $4 END",
                  {subject, total.count, total.first_at, total.last_at});
}

std::optional<Total> total(Connection& c, std::string_view subject)
{
    auto const rows = c.query("SELECT count, first_at, last_at FROM scan_total WHERE subject = $1", {subject});
    if (rows.empty()) return std::nullopt;
    return Total{rows.front().integer(0), rows.front().instant(1), rows.front().instant(2)};
}

std::int64_t forget(Connection& c, Instant before) { return c.execute("DELETE FROM scan WHERE at < $1", {before}); }

} // namespace nguon::db::scans
