#pragma once

#include "db/recalls.hpp"
#include "server/app/seed/world.hpp"

namespace nguon::server::app::seed {

/// A recall or drill of the illustrative province, from its opening by one officer to its end.
struct SeedRecall {
    bool drill = false;
    int days = 0; // before today
    std::string reason = {};
    std::string notice = {};
    db::recalls::Figures figures = {}; // what the firm says of the lot
    std::string unit = {};
    std::string conclusion = {}; // "" for one that is under way
};
/// The other officer publishes it, the firm answers the next day.
void plan_recall(World& world, Lot& lot, SeedRecall const& wanted);

/// The program's own drill on a lot.
void plan_monthly_drill(World& world, Lot& lot, int days);

} // namespace nguon::server::app::seed
