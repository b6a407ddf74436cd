#pragma once

#include "cli/finding.hpp"
#include "db/connection.hpp"

#include <filesystem>
#include <vector>

namespace nguon::cli {

/// Whether the keys that no backup holds are there where something depends on them, readable by their owner alone, and
/// those of this installation: DIR/sealing.key opens what the database holds sealed, DIR/log.key has signed the newest
/// checkpoint. Makes none.
std::vector<Finding> look_at_keys(db::Connection& c, std::filesystem::path const& data);

} // namespace nguon::cli
