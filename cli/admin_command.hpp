#pragma once

#include "cli/installation.hpp"

#include <nlohmann/json_fwd.hpp>

namespace nguon::cli {

/// Runs one of cli/admin's commands: in the serving process when there is one, else on the installation itself. Prints
/// the answer as one JSON line; returns the exit code.
int run_admin_command(InstallationOptions const& options, nlohmann::json const& request);

} // namespace nguon::cli
