#include "connector/lease.hpp"

#include "connector/outbox_store.hpp"
#include "core/runtime/log.hpp"
#include "db/leases.hpp"

#include <utility>

namespace nguon::connector {

Lease::Lease(db::Database& database, std::string holder, bool take_over)
    : database_{database}, holder_{std::move(holder)}, take_over_{take_over}
{
}

net::awaitable<std::optional<std::int64_t>> Lease::acquire(Instant now)
{
    db::leases::LeaseRequest const request{std::string{lease_name}, holder_, now, lease_time, take_over_};
    auto work = [request](db::Connection& c) { return db::leases::acquire(c, request); };
    auto const epoch = co_await database_.write_unseen(std::move(work));
    if (epoch) co_return *epoch;
    log::info("waiting for the lease of synchronisation", {{"key", epoch.error().key}});
    co_return std::nullopt;
}

net::awaitable<bool> Lease::renew(std::int64_t epoch, Instant now)
{
    auto work = [epoch, now](db::Connection& c) {
        return db::leases::renew(c, std::string{lease_name}, epoch, now, lease_time);
    };
    auto const renewed = co_await database_.write_unseen(std::move(work));
    // A database that cannot be reached is no reason to stop: every change is checked against the lease anyway.
    co_return renewed.ok() || renewed.error().key != "sync.fenced";
}

net::awaitable<void> Lease::release(std::int64_t epoch, Instant now)
{
    auto work = [epoch, now](db::Connection& c) -> Status {
        db::leases::release(c, std::string{lease_name}, epoch, now);
        return Done{};
    };
    if (auto const released = co_await database_.write_unseen(std::move(work)); !released)
        log::warning("the lease of synchronisation runs out by itself", {{"key", released.error().key}});
}

} // namespace nguon::connector
