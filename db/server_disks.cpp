#include "db/server_disks.hpp"

namespace nguon::db::server_disks {

void put(Connection& c, ServerDisk const& disk)
{
    c.execute("INSERT INTO server_disk (server, free_bytes, capacity_bytes, measured_at) VALUES ($1, $2, $3, $4)"
              " ON CONFLICT (server) DO UPDATE SET free_bytes = excluded.free_bytes,"
              " capacity_bytes = excluded.capacity_bytes, measured_at = excluded.measured_at",
              {disk.server, static_cast<std::int64_t>(disk.space.free), static_cast<std::int64_t>(disk.space.capacity),
               disk.measured_at});
}

std::vector<ServerDisk> list(Connection& c, Instant since)
{
    std::vector<ServerDisk> out;
    for (auto const& row : c.query("SELECT server, free_bytes, capacity_bytes, measured_at FROM server_disk"
                                   " WHERE measured_at >= $1 ORDER BY server",
                                   {since})) {
        DiskSpace const space{static_cast<std::uint64_t>(row.integer(1)), static_cast<std::uint64_t>(row.integer(2))};
        out.push_back({row.text(0), space, row.instant(3)});
    }
    return out;
}

void forget(Connection& c, Instant before) { c.execute("DELETE FROM server_disk WHERE measured_at < $1", {before}); }

} // namespace nguon::db::server_disks
