#include "server/app/live_figures.hpp"

#include "core/runtime/log.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nguon::server::app {
namespace {

using namespace std::chrono_literals;

constexpr auto reading_interval = 1s;
constexpr int costs_max = 10; // reading may take a tenth of the time

SyncFigures read_figures(db::Connection& c, Instant now)
{
    SyncFigures out;
    for (auto const& one : sync_states(c, now)) {
        SyncFigures::Target target;
        target.target = one.target;
        target.state = one.state;
        target.counts = db::deliveries::count(c, one.target);
        target.oldest_waiting = one.oldest_waiting;
        target.succeeded_at = one.seen.succeeded_at;
        out.targets.push_back(std::move(target));
    }
    return out;
}

} // namespace

std::string SyncFigures::worst() const
{
    std::vector<std::string> states;
    for (auto const& target : targets) states.push_back(target.state);
    return worst_state(states);
}

struct LiveFigures::Listener::Shared : std::enable_shared_from_this<LiveFigures::Listener::Shared> {
    Shared(net::any_io_executor e, db::Database& d, Clock const& c, Metrics& metrics, std::size_t most)
        : executor{std::move(e)}, database{d}, clock{c},
          listeners_max{most}, open{metrics.gauge("live_streams", "Pages that are kept up to date.")},
          refused{metrics.counter("limit_hits_total", "Requests that met a limit.", {{"limit", "live_streams"}})}
    {
    }

    net::awaitable<void> read_on();

    net::any_io_executor executor;
    db::Database& database;
    Clock const& clock;
    std::size_t const listeners_max;
    Gauge& open;
    Counter& refused;
    std::mutex mutex;
    std::size_t listeners = 0;
    bool reading = false;
    bool over = false;
    Figures figures;
};

/// Until nobody listens any more.
net::awaitable<void> LiveFigures::Listener::Shared::read_on()
{
    net::steady_timer timer{executor};
    while (true) {
        {
            std::lock_guard const lock{mutex};
            if (over || listeners == 0) {
                reading = false;
                figures.reset(); // too old for whoever comes next
                co_return;
            }
        }
        auto const begun = std::chrono::steady_clock::now();
        auto work = [now = clock.now()](db::Connection& c) -> Result<SyncFigures> { return read_figures(c, now); };
        auto fresh = co_await database.read(std::move(work));
        if (fresh) {
            std::lock_guard const lock{mutex};
            if (!figures || figures->targets != fresh->targets) {
                fresh->number = figures ? figures->number + 1 : 1;
                figures = std::make_shared<SyncFigures const>(*std::move(fresh));
            }
        }
        auto const cost = std::chrono::steady_clock::now() - begun;
        timer.expires_after(std::max<std::chrono::steady_clock::duration>(reading_interval, cost * costs_max));
        boost::system::error_code ignored;
        co_await timer.async_wait(net::redirect_error(net::use_awaitable, ignored));
    }
}

LiveFigures::LiveFigures(net::any_io_executor executor, db::Database& database, Clock const& clock, Metrics& metrics,
                         std::size_t listeners_max)
    : shared_{std::make_shared<Listener::Shared>(std::move(executor), database, clock, metrics, listeners_max)}
{
}

LiveFigures::~LiveFigures() { close(); }

std::shared_ptr<LiveFigures::Listener> LiveFigures::listen()
{
    bool begin = false;
    {
        std::lock_guard const lock{shared_->mutex};
        if (shared_->over) return nullptr;
        if (shared_->listeners >= shared_->listeners_max) {
            shared_->refused.add();
            return nullptr;
        }
        ++shared_->listeners;
        begin = !shared_->reading;
        shared_->reading = true;
        shared_->open.add(1);
    }
    if (begin) {
        auto reading = [shared = shared_]() -> net::awaitable<void> { co_await shared->read_on(); };
        net::co_spawn(shared_->executor, std::move(reading), net::detached);
    }
    return std::shared_ptr<Listener>{new Listener{shared_}};
}

void LiveFigures::close()
{
    std::lock_guard const lock{shared_->mutex};
    shared_->over = true;
    shared_->open.set(0);
}

LiveFigures::Listener::~Listener()
{
    std::lock_guard const lock{shared_->mutex};
    --shared_->listeners;
    // The last of a stream may go with the io_context, after the metrics.
    if (!shared_->over) shared_->open.add(-1);
}

LiveFigures::Figures LiveFigures::Listener::get() const
{
    std::lock_guard const lock{shared_->mutex};
    return shared_->figures;
}

bool LiveFigures::Listener::is_over() const
{
    std::lock_guard const lock{shared_->mutex};
    return shared_->over;
}

} // namespace nguon::server::app
