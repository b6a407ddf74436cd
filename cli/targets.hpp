#pragma once

#include "connector/connector.hpp"
#include "core/runtime/config.hpp"
#include "core/sealed.hpp"

#include <vector>

namespace nguon::cli {

/// Writes the configured portals into the database, so that deliveries are made for them.
Status register_targets(db::Database& database, Settings const& settings, Instant now);

/// The same, and builds what the connector needs to reach them. Errors: those of connector::make_target.
Result<std::vector<connector::ConnectorTarget>> make_targets(db::Database& database, Settings const& settings,
                                                             std::string const& public_url, Instant now);

/// The connections that administrators make in the browser, beside the configured portals. `database`, `clock` must
/// outlive it.
std::shared_ptr<connector::TargetSource> make_target_source(db::Database& database, Clock const& clock,
                                                            std::shared_ptr<Sealer const> sealer,
                                                            Settings const& settings, std::string const& public_url);

/// Who countersigns the delivery log, as the settings say; null without one. Errors: those of
/// connector::make_witness_settings.
Result<std::shared_ptr<connector::WitnessSettings const>> make_witness(ConnectorSettings const& settings);

} // namespace nguon::cli
