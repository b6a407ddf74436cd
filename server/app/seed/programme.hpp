#pragma once

#include "server/app/seed/seed.hpp"
#include "server/app/seed/world.hpp"

/// The illustrative programme: one of the shipped plans with evidence, and a province around it.
namespace nguon::server::app::seed {

/// Provinces that can be seeded, by the name of their plan; "lai_chau" first.
std::vector<std::string> seeded_provinces();

/// Loads the plan into the installation, with the communes that its evidence needs. Not within a plan of deeds, because
/// firms are registered in these communes. Errors: those of `load_plan`.
Status load_programme(db::Connection& c, Actor const& actor, std::string const& name);

/// Records the evidence and needs that ship with the plan, up to the day of seeding, at the end of the told time.
void plan_programme(World& world, std::string const& name);

/// Adds authority and firms of the plan's evidence to a world that has only goods yet.
void add_programme_firms(World& world, std::string const& name);

} // namespace nguon::server::app::seed
