#pragma once

#include "core/runtime/clock.hpp"
#include "db/database.hpp"
#include "server/app/actor.hpp"

namespace nguon::server::app {

namespace net = boost::asio;

/// Publishes the lots of a case beyond the first thousand, a transaction for each thousand. What fails here is done by
/// `RecallWatch`.
net::awaitable<void> publish_rest(db::Database& database, Clock const& clock, Actor actor, std::string id);

} // namespace nguon::server::app
