#pragma once

#include "connector/engine.hpp"
#include "db/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace nguon::connector {

namespace net = boost::asio;

inline constexpr std::string_view lease_name = "connector";
inline constexpr std::chrono::seconds lease_time{15};

/// The engine's store for one target, on the database. Each call is one short transaction that first makes sure the
/// lease is still ours: "sync.fenced" means another connector has taken over and nothing was changed.
class OutboxStore {
public:
    OutboxStore(db::Database& database, std::string target, std::int64_t epoch);

    net::awaitable<Result<std::vector<Record>>> claim(ClaimAction action, Instant now);
    net::awaitable<Status> freeze(Freeze freeze, Instant now);
    net::awaitable<Status> settle(SettleAction action, Instant now);
    /// What an older epoch left in flight is pending again; its number.
    net::awaitable<Result<std::int64_t>> recover(Instant now);

private:
    /// `work` in a transaction of this epoch.
    template <typename Work>
    auto write(Work work);

    db::Database& database_;
    std::string target_;
    std::int64_t epoch_;
};

} // namespace nguon::connector
