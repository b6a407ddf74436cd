#pragma once

#include "core/result.hpp"

#include <string>
#include <vector>

namespace nguon::cli {

/// Runs a program of the system (found by PATH) and waits. Errors: "child.missing" {program} when there is none,
/// "child.failed" {program, exit status}; what it says goes to standard error.
Status run_child(std::vector<std::string> const& command);

} // namespace nguon::cli
