#include "connector/file_keeper.hpp"

#include "connector/sleep.hpp"
#include "core/runtime/log.hpp"
#include "db/deliveries.hpp"

#include <utility>
#include <vector>

namespace nguon::connector {

namespace {

constexpr std::chrono::seconds interval{3600};
constexpr std::chrono::milliseconds rest{10}; // between two looks, for those who deliver
constexpr std::size_t bundles_at_once = 20;

} // namespace

FileKeeper::FileKeeper(std::string target, FileDrop& files, Duration retention, db::Database& database,
                       Clock const& clock, Metrics* metrics)
    : target_{std::move(target)}, files_{files}, retention_{retention}, database_{database}, clock_{clock}, metrics_{
                                                                                                                metrics}
{
}

net::awaitable<void> FileKeeper::run(net::steady_timer& timer)
{
    while (!stopping_) {
        co_await clear(timer);
        if (!stopping_) co_await sleep_on(timer, interval);
    }
}

net::awaitable<void> FileKeeper::clear(net::steady_timer& timer)
{
    auto const before = clock_.now() - retention_;
    std::string after;
    while (!stopping_) {
        auto const kept = co_await files_.kept_before(before, after, bundles_at_once);
        if (kept.empty()) co_return;
        after = kept.back().name;
        auto work = [target = target_, kept, before](db::Connection& c) -> Result<std::vector<std::string>> {
            std::vector<std::string> done;
            for (auto const& bundle : kept)
                if (db::deliveries::all_receipted_before(c, target, bundle.keys, before)) done.push_back(bundle.name);
            return done;
        };
        auto const done = co_await database_.read(std::move(work));
        if (!done) {
            log::warning("old bundles cannot be looked up", {{"target", target_}, {"error", done.error().key}});
            co_return;
        }
        auto const cleared = co_await files_.forget(*done);
        if (metrics_ != nullptr && cleared > 0)
            metrics_->counter("bundles_cleared_total", "Bundles whose receipts are old enough.", {{"target", target_}})
                .add(cleared);
        if (cleared < done->size())
            log::warning("old bundles cannot be cleared", {{"target", target_}, {"first", done->front()}});
        co_await sleep_on(timer, rest);
    }
}

} // namespace nguon::connector
