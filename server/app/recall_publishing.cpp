#include "server/app/recall_publishing.hpp"

#include "core/runtime/log.hpp"
#include "server/app/recall_cases.hpp"

namespace nguon::server::app {

net::awaitable<void> publish_rest(db::Database& database, Clock const& clock, Actor actor, std::string id)
{
    for (std::int64_t left = 1; left > 0;) {
        actor.at = clock.now();
        auto work = [actor, id](db::Connection& c) { return publish_more(c, actor, id); };
        auto const done = co_await database.write(std::move(work));
        if (!done) log::warning("lots of a recall wait to be published", {{"key", done.error().key}});
        left = done.value_or(0);
    }
}

} // namespace nguon::server::app
