#include "connector/catalogue_keeper.hpp"

#include "connector/outbox_store.hpp"
#include "connector/sleep.hpp"
#include "core/runtime/log.hpp"
#include "db/leases.hpp"

#include <utility>

namespace nguon::connector {

namespace {

constexpr std::chrono::seconds look_time{1};
constexpr Duration interval = std::chrono::hours{24};
constexpr Duration gap_interval = std::chrono::hours{1}; // while records wait for an entry
constexpr Duration retry_interval = std::chrono::minutes{10};

} // namespace

net::awaitable<CatalogueFetch::End> fetch_catalogues(CatalogueFetch& fetch, Transport& transport, Clock const& clock)
{
    for (;;) {
        auto step = fetch.next(clock.now());
        if (auto* const end = std::get_if<CatalogueFetch::End>(&step)) co_return std::move(*end);
        auto const answer = co_await transport.send(std::get<Request>(std::move(step)));
        fetch.take(answer, clock.now());
    }
}

CatalogueKeeper::CatalogueKeeper(Target& target, Transport& transport, db::Database& database, Clock const& clock,
                                 std::int64_t epoch)
    : target_{target}, transport_{transport}, database_{database}, clock_{clock}, epoch_{epoch}, name_{target.name()}
{
}

net::awaitable<Status> CatalogueKeeper::load()
{
    if (target_.catalogues() == nullptr) co_return Done{};
    auto work = [name = name_](db::Connection& c) -> Result<db::portal_catalogues::Known> {
        return db::portal_catalogues::load(c, name);
    };
    auto known = co_await database_.read(std::move(work));
    if (!known) co_return known.error();
    target_.catalogues()->load(*std::move(known));
    co_return Done{};
}

bool CatalogueKeeper::is_due(db::portal_catalogues::Sync const& sync, std::int64_t gaps) const
{
    if (sync.asked_at) return true;
    if (!portal_works_) return false;
    auto const now = clock_.now();
    if (sync.failed_at && now - *sync.failed_at < retry_interval) return false;
    return !sync.synced_at || now - *sync.synced_at >= (gaps > 0 ? gap_interval : interval);
}

net::awaitable<void> CatalogueKeeper::run(net::steady_timer& timer)
{
    if (target_.catalogues() == nullptr) co_return;
    while (!stopping_) {
        struct Seen {
            db::portal_catalogues::Sync sync = {};
            std::int64_t gaps = 0;
        };
        auto work = [name = name_](db::Connection& c) -> Result<Seen> {
            return Seen{db::portal_catalogues::sync_of(c, name), db::portal_catalogues::count_gaps(c, name)};
        };
        auto const seen = co_await database_.read(std::move(work));
        if (seen && seen->sync.revision != target_.catalogues()->revision()) co_await load();
        if (seen && clock_.now() >= not_before_ && is_due(seen->sync, seen->gaps)) co_await fetch();
        if (!stopping_) co_await sleep_on(timer, look_time);
    }
}

net::awaitable<void> CatalogueKeeper::fetch()
{
    auto const asking = target_.fetch_catalogues();
    auto const end = co_await fetch_catalogues(*asking, transport_, clock_);
    auto work = [name = name_, end, now = clock_.now()](db::Connection& c) -> Status {
        for (auto const& fetched : end.catalogues) db::portal_catalogues::store(c, name, fetched, now);
        db::portal_catalogues::finish(c, name, now, end.fault);
        return Done{};
    };
    auto fenced = db::leases::under(std::string{lease_name}, epoch_, std::move(work));
    auto const stored = co_await database_.write_unseen(std::move(fenced));
    // While the store does not answer, the portal must not be asked each second.
    if (!stored) not_before_ = clock_.now() + retry_interval;
    log::info("catalogues of a portal were fetched", {{"target", name_},
                                                      {"catalogues", std::to_string(end.catalogues.size())},
                                                      {"fault", stored ? end.fault : stored.error().key}});
}

} // namespace nguon::connector
