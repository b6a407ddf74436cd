#pragma once

#include "connector/connector.hpp"
#include "core/runtime/config.hpp"

#include <vector>

namespace nguon::cli {

/// Writes the configured portals into the database, so that deliveries are made for them.
Status register_targets(db::Database& database, Settings const& settings, Instant now);

/// The same, and builds what the connector needs to reach them. Errors: those of connector::make_target.
Result<std::vector<connector::ConnectorTarget>> make_targets(db::Database& database, Settings const& settings,
                                                             std::string const& public_url, Instant now);

} // namespace nguon::cli
