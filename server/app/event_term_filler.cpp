#include "server/app/event_term_filler.hpp"

#include "core/limits/epcis_query.hpp"
#include "core/runtime/log.hpp"
#include "db/event_terms.hpp"

namespace nguon::server::app {

void EventTermFiller::serve()
{
    std::unique_lock lock{mutex_};
    bool more = true;
    while (more && !changed_.wait_for(lock, limits::event_terms_rest, [this] { return stopping_; })) {
        lock.unlock();
        auto work = [](db::Connection& c) -> Result<bool> {
            return db::event_terms::fill_gap(c, limits::event_terms_slice);
        };
        auto const done = database_.write_unseen_now(std::move(work));
        if (!done) log::warning("earlier events wait to be indexed", {{"key", done.error().key}});
        more = !done || *done;
        lock.lock();
    }
}

void EventTermFiller::start()
{
    thread_ = std::thread{[this] { serve(); }};
}

void EventTermFiller::stop()
{
    {
        std::scoped_lock const lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

} // namespace nguon::server::app
