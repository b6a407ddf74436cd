#pragma once

#include "core/runtime/disk_watch.hpp"
#include "core/time.hpp"
#include "db/connection.hpp"

#include <string>
#include <vector>

/// How much room each server of the installation has. Serves the province.
namespace nguon::db::server_disks {

struct ServerDisk {
    std::string server = {}; // as people know it
    DiskSpace space = {};
    Instant measured_at = {};
};

/// Takes the place of what this server wrote before.
void put(Connection& c, ServerDisk const& disk);

/// Of the servers that measured since then, by name.
std::vector<ServerDisk> list(Connection& c, Instant since);

/// Servers that are no more.
void forget(Connection& c, Instant before);

} // namespace nguon::db::server_disks
