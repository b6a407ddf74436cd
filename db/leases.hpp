#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

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

struct Lease {
    std::string holder = {};
    Instant expires_at = {};
};
/// Nothing when nobody ever had it.
std::optional<Lease> find(Connection& c, std::string const& name);

/// Lets another take it at once; nothing when it is not ours.
void release(Connection& c, std::string const& name, std::int64_t epoch, Instant now);

} // namespace nguon::db::leases
