#pragma once

#include "core/runtime/clock.hpp"
#include "db/database.hpp"

#include <nlohmann/json.hpp>

/// Commands that change an installation. They run here when nobody serves it, and inside the serving process when
/// somebody does: SQLite has one writer.
namespace nguon::cli {

/// {"command": "user.add", …} → what the command prints. Serves the machine's administrator. Errors: those of the
/// command, "admin.command_unknown" {command}.
Result<nlohmann::json> perform_admin(db::Database& database, Clock const& clock, nlohmann::json const& request);

} // namespace nguon::cli
