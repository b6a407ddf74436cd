#pragma once

#include "core/programme/plan.hpp"
#include "db/programme.hpp"
#include "server/app/actor.hpp"

#include <string_view>
#include <vector>

/// The programme's plans: files that are loaded into the installation.
namespace nguon::server::app {

/// The file of a plan that ships with the program ("lai_chau"); "" when there is none of that name.
std::string_view shipped_plan(std::string_view name);
/// Names of the plans that ship with the program.
std::vector<std::string> shipped_plans();

/// Loads a plan's file; a plan of that id becomes a newer version. The communes of its area are added to the catalogue.
/// Errors: those of `programme::read_plan`, "programme.too_many_plans" {max}, invalid "programme.other_province" {code}
/// when it is not a plan of this installation's province.
Result<programme::Plan> load_plan(db::Connection& c, Actor const& actor, std::string_view content);

/// Errors: "programme.plan_unknown".
Result<programme::Plan> find_plan(db::Connection& c, std::string_view id);
std::vector<programme::Plan> list_plans(db::Connection& c);

} // namespace nguon::server::app
