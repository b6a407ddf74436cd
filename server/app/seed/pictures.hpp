#pragma once

#include "server/app/seed/world.hpp"

namespace nguon::server::app::seed {

/// Draws the pack shots and gives them to the products: one of its own to each product in `own`, the others share one
/// for each kind of goods, which shows the kind's name. Uses every processor; the slowest part of seeding.
Status give_pictures(World& world, std::vector<SeedProduct*> const& own);

} // namespace nguon::server::app::seed
