#pragma once

#include "db/connection.hpp"

namespace nguon::db::health {

/// Asks the engine for an answer; throws `DbError` when there is none. Touches no records.
void check(Connection& c);

} // namespace nguon::db::health
