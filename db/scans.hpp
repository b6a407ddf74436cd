#pragma once

#include "db/connection.hpp"

#include <span>

/// How often a code was looked up. Counted through a queue and written in groups; nothing but counts may be lost.
namespace nguon::db::scans {

struct Scan {
    std::string subject = {}; // a unit's code, or a batch's id
    Instant at = {};
    std::string device = {}; // keyed hash of the day, for telling devices apart
};

void append(Connection& c, std::span<Scan const> scans);

struct Total {
    std::int64_t count = 0;
    Instant first_at = {};
    Instant last_at = {};
};

/// Nothing when it was never scanned.
std::optional<Total> total(Connection& c, std::string_view subject);

/// Removes single scans older than `before`; totals stay.
std::int64_t forget(Connection& c, Instant before);

} // namespace nguon::db::scans
