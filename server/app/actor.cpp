#include "server/app/actor.hpp"

#include "db/audit_log.hpp"
#include "db/outbox.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {

void announce(db::Connection& c, Actor const& actor, Announcement const& announcement, nlohmann::json const& fields,
              std::string const& action)
{
    db::outbox::Message message;
    message.org = actor.org;
    message.product = announcement.product;
    message.aggregate_type = announcement.kind;
    message.aggregate_id = announcement.id;
    message.version = announcement.version;
    message.op = announcement.op;
    for (auto const& [type, id] : announcement.parents) message.parents.push_back({type, id});
    message.at = actor.at;
    db::outbox::enqueue(c, message, fields);

    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = action;
    entry.entity_kind = announcement.kind;
    entry.entity_id = announcement.id;
    entry.detail = nlohmann::json{{"version", announcement.version}}.dump();
    db::audit_log::append(c, actor.change(), entry);
}

} // namespace nguon::server::app
