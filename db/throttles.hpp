#pragma once

#include "core/time.hpp"
#include "db/connection.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

/// Tries per bucket in a window that starts with the first one. Buckets are hashes: no login, no address stands here.
namespace nguon::db::throttles {

/// Counts one more try and returns how many the window has now.
std::int64_t add_try(Connection& c, std::string_view bucket, Instant now, std::chrono::seconds window);

/// Forgets the tries of a bucket, after a success.
void clear(Connection& c, std::string_view bucket);

/// Housekeeping: windows that began before `before`.
std::int64_t remove_old(Connection& c, Instant before);

} // namespace nguon::db::throttles
