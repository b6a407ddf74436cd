#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

/// One active connector per installation, one that watches for alarms. Each acquisition raises the epoch, and what an
/// older holder still tries to write is refused by it.
namespace nguon::db::leases {

struct LeaseRequest {
    std::string name = {};
    std::string holder = {}; // who, for the administrators: host and process
    Instant now = {};
    std::chrono::seconds time{15};
    bool take_over = false; // the caller knows that the former holder is gone (SQLite: the data-directory lock)
};

/// The new epoch, from 1. Errors: conflict "sync.lease_held" {holder} while another holds it.
Result<std::int64_t> acquire(Connection& c, LeaseRequest const& request);

/// Errors: conflict "sync.fenced" when the lease has gone to another.
Status renew(Connection& c, std::string const& name, std::int64_t epoch, Instant now, std::chrono::seconds time);

/// Locks the lease row for the rest of the transaction, so that no new holder can begin in between. Errors: conflict
/// "sync.fenced".
Status check(Connection& c, std::string const& name, std::int64_t epoch);

/// `work` of a transaction as only the holder of `epoch` may do it. Errors: those of `check`.
template <typename Work>
auto under(std::string name, std::int64_t epoch, Work work)
{
    return [name = std::move(name), epoch,
            work = std::move(work)](Connection& c) mutable -> std::invoke_result_t<Work&, Connection&> {
        if (auto const ours = check(c, name, epoch); !ours) return ours.error();
        return work(c);
    };
}

struct Lease {
    std::string holder = {};
    Instant expires_at = {};
};
/// Nothing when nobody ever had it.
std::optional<Lease> find(Connection& c, std::string const& name);

/// Lets another take it at once; nothing when it is not ours.
void release(Connection& c, std::string const& name, std::int64_t epoch, Instant now);

/// Nobody will want it again; nothing when it is not ours.
void remove(Connection& c, std::string const& name, std::int64_t epoch);

/// Ends every lease whose name begins so; only for a process that knows that nobody else can hold one.
void release_all(Connection& c, std::string const& prefix, Instant now);

} // namespace nguon::db::leases
