#pragma once

#include "db/connections.hpp"
#include "server/app/actor.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

/// What the use cases of connections share.
namespace nguon::server::app {

/// Errors: not_found "connection.unknown", conflict "connection.configured" for a portal of the configuration.
Result<db::connections::PortalConnection> editable_connection(db::Connection& c, std::string const& target);

/// Writes "connection.ACTION" to the audit.
void note_connection(db::Connection& c, Actor const& actor, std::string const& action, std::string const& target,
                     nlohmann::json const& detail);

/// Stores the changed connection and notes it. Errors: conflict "connection.changed_meanwhile".
Status save_connection(db::Connection& c, Actor const& actor, db::connections::PortalConnection connection,
                       std::string const& action, nlohmann::json const& detail);

/// What was tried and looked at says nothing any more.
void begin_anew(db::Connection& c, db::connections::PortalConnection& connection);

/// Nothing is sent any more: the stage is "draft" or "stopped".
void set_aside(db::Connection& c, db::connections::PortalConnection& connection, std::string const& stage);

} // namespace nguon::server::app
