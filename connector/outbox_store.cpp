#include "connector/outbox_store.hpp"

#include "db/leases.hpp"

namespace nguon::connector {

OutboxStore::OutboxStore(db::Database& database, std::string target, std::int64_t epoch)
    : database_{database}, target_{std::move(target)}, epoch_{epoch}
{
}

template <typename Work>
auto OutboxStore::write(Work work)
{
    return database_.write_unseen(db::leases::under(std::string{lease_name}, epoch_, std::move(work)));
}

net::awaitable<Result<std::vector<Record>>> OutboxStore::claim(ClaimAction action, Instant now)
{
    db::deliveries::ClaimRequest request;
    request.target = target_;
    request.epoch = epoch_;
    request.now = now;
    request.after_org = std::move(action.after_org);
    request.records_max = action.records_max;
    request.bytes_max = action.bytes_max;
    request.org_limits = std::move(action.org_limits);
    request.busy_orgs = std::move(action.busy_orgs);
    request.created_since = action.created_since;
    request.first_time_only = action.first_time_only;
    // An idle connector looks every second; it must not make the writer sync for nothing.
    auto look = [request](db::Connection& c) -> Result<bool> { return db::deliveries::has_eligible(c, request); };
    auto const any = co_await database_.read(std::move(look));
    if (!any) co_return any.error();
    if (!*any) co_return std::vector<Record>{};
    auto work = [request](db::Connection& c) -> Result<std::vector<Record>> {
        return db::deliveries::claim(c, request);
    };
    co_return co_await write(std::move(work));
}

net::awaitable<Status> OutboxStore::freeze(Freeze freeze, Instant now)
{
    auto work = [target = target_, epoch = epoch_, freeze = std::move(freeze), now](db::Connection& c) -> Status {
        for (auto const& fetched : freeze.catalogues) db::portal_catalogues::store(c, target, fetched, now);
        return db::deliveries::freeze(c, target, epoch, freeze.wires, freeze.links, now);
    };
    co_return co_await write(std::move(work));
}

net::awaitable<Status> OutboxStore::settle(SettleAction action, Instant now)
{
    auto work = [target = target_, epoch = epoch_, action = std::move(action), now](db::Connection& c) -> Status {
        return db::deliveries::settle(c, target, epoch, action.settlements, now);
    };
    co_return co_await write(std::move(work));
}

net::awaitable<Result<std::int64_t>> OutboxStore::recover(Instant now)
{
    auto work = [target = target_, epoch = epoch_, now](db::Connection& c) -> Result<std::int64_t> {
        return db::deliveries::recover(c, target, epoch, now);
    };
    co_return co_await write(std::move(work));
}

} // namespace nguon::connector
