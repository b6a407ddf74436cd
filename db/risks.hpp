#pragma once

#include "core/risk.hpp"
#include "core/time.hpp"
#include "db/areas.hpp"

namespace nguon::db::risks {

/// A firm and what makes a look at it urgent.
struct Line {
    OrganizationId org = {};
    RiskFacts facts = {};
};

/// Serves the province: every firm within the areas, as of `now`; what happened counts for twelve months.
std::vector<Line> of_area(Connection& c, Areas const& areas, Instant now);

} // namespace nguon::db::risks
