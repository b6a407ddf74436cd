#pragma once

#include "db/connection.hpp"

namespace nguon::db::counters {

/// Takes `count` numbers and returns the first. The row stays locked until the transaction ends, so that numbers are
/// gap-free and in commit order on both engines.
std::int64_t take(Connection& c, std::string_view name, std::int64_t count = 1);

} // namespace nguon::db::counters
