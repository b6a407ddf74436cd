#include "db/health.hpp"

namespace nguon::db::health {

void check(Connection& c) { c.query("SELECT 1"); }

} // namespace nguon::db::health
