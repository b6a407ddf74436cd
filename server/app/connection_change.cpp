#include "server/app/connection_change.hpp"

#include "db/audit_log.hpp"
#include "db/targets.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::server::app {

Result<db::connections::PortalConnection> editable_connection(db::Connection& c, std::string const& target)
{
    if (auto connection = db::connections::find(c, target)) return *std::move(connection);
    auto const targets = db::targets::list(c);
    bool const configured =
        std::ranges::any_of(targets, [&target](auto const& one) { return one.enabled && one.name == target; });
    if (configured) return conflict("connection.configured");
    return not_found("connection.unknown");
}

void note_connection(db::Connection& c, Actor const& actor, std::string const& action, std::string const& target,
                     nlohmann::json const& detail)
{
    db::audit_log::Entry entry;
    entry.action = "connection." + action;
    entry.entity_kind = "connection";
    entry.entity_id = target;
    entry.detail = detail.dump();
    db::audit_log::append(c, actor.change(), entry);
}

Status save_connection(db::Connection& c, Actor const& actor, db::connections::PortalConnection connection,
                       std::string const& action, nlohmann::json const& detail)
{
    connection.changed_at = actor.at;
    connection.changed_by = actor.subject;
    if (auto saved = db::connections::save(c, connection); !saved) return saved;
    note_connection(c, actor, action, connection.target, detail);
    return Done{};
}

void begin_anew(db::Connection& c, db::connections::PortalConnection& connection)
{
    db::connections::make_stale(c, connection.target);
    connection.reviewed_at.reset();
    connection.reviewed_by.clear();
}

void set_aside(db::Connection& c, db::connections::PortalConnection& connection, std::string const& stage)
{
    connection.stage = stage;
    db::connections::disable_target(c, connection.target);
}

} // namespace nguon::server::app
