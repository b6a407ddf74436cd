#pragma once

#include "server/app/seed/world.hpp"

/// What the province's desk is busy with: inspections, a display that was stopped, requests.
namespace nguon::server::app::seed {

/// Inspections planned, under way, finished and late; a suspension that was lifted; people and an authority who ask.
void plan_desk_cases(World& world);

} // namespace nguon::server::app::seed
