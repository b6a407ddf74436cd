#include "server/app/recall_watch.hpp"

#include "core/bytes.hpp"
#include "core/runtime/log.hpp"
#include "core/runtime/metrics.hpp"
#include "db/leases.hpp"
#include "server/app/recall_cases.hpp"

namespace nguon::server::app {
namespace {

constexpr auto lease_name = "recalls";

/// In [0, 1), from the system's randomness.
double by_chance()
{
    constexpr int bits = 32;
    std::uint64_t number = 0;
    for (auto const byte : random_bytes(bits / 8)) number = number << 8U | static_cast<unsigned char>(byte);
    return static_cast<double>(number) / static_cast<double>(std::uint64_t{1} << bits);
}

} // namespace

RecallWatch::RecallWatch(db::Database& database, Clock const& clock, Metrics& metrics, RecallWatchOptions options)
    : database_{database}, clock_{clock}, metrics_{metrics}, options_{std::move(options)}
{
}

RecallWatch::~RecallWatch() { stop(); }

bool RecallWatch::lead()
{
    auto work = [this, now = clock_.now()](db::Connection& c) -> Result<std::int64_t> {
        if (epoch_ != 0 && db::leases::renew(c, lease_name, epoch_, now, limits::recall_lease_time)) return epoch_;
        return db::leases::acquire(
            c, {lease_name, options_.holder, now, limits::recall_lease_time, options_.take_over && epoch_ == 0});
    };
    epoch_ = database_.write_unseen_now(std::move(work)).value_or(0);
    return epoch_ != 0;
}

void RecallWatch::publish_left()
{
    auto look = [](db::Connection& c) -> Result<std::vector<db::recalls::Case>> { return db::recalls::unfinished(c); };
    auto const cases = database_.read_now(std::move(look));
    if (!cases) return;
    for (auto const& entry : *cases) {
        metrics_.counter("limit_hits_total", "Requests that met a limit.", {{"limit", "recall.lots_published"}}).add();
        for (std::int64_t left = 1; left > 0;) {
            Actor const actor{"program", {}, {}, clock_.now()};
            auto work = [actor, id = entry.id](db::Connection& c) { return publish_more(c, actor, id); };
            auto const done = database_.write_now(db::leases::under(lease_name, epoch_, std::move(work)));
            if (!done) {
                log::warning("lots of a recall wait to be published", {{"key", done.error().key}});
                return;
            }
            left = *done;
        }
    }
}

void RecallWatch::drill_when_due()
{
    auto const now = clock_.now();
    auto look = [now, chance = by_chance()](db::Connection& c) -> Result<std::optional<RecallTracing>> {
        return trace_due_drill(c, now, chance);
    };
    auto const tracing = database_.read_now(std::move(look));
    if (!tracing || !*tracing) return;
    auto work = [now, tracing = **tracing](db::Connection& c) { return keep_drill(c, now, tracing); };
    auto const kept = database_.write_unseen_now(db::leases::under(lease_name, epoch_, std::move(work)));
    if (!kept) log::warning("a drill was not kept", {{"key", kept.error().key}});
}

void RecallWatch::round()
{
    if (!lead()) return;
    publish_left();
    drill_when_due();
}

void RecallWatch::serve()
{
    std::unique_lock lock{mutex_};
    while (!changed_.wait_for(lock, options_.interval, [this] { return stopping_; })) {
        lock.unlock();
        round();
        lock.lock();
    }
}

void RecallWatch::start()
{
    thread_ = std::thread{[this] { serve(); }};
}

void RecallWatch::stop()
{
    {
        std::scoped_lock const lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    if (epoch_ == 0) return;
    auto work = [epoch = epoch_, now = clock_.now()](db::Connection& c) -> Status {
        db::leases::release(c, lease_name, epoch, now);
        return Done{};
    };
    if (!database_.write_unseen_now(std::move(work))) log::warning("the lease of recalls runs out by itself");
    epoch_ = 0;
}

} // namespace nguon::server::app
