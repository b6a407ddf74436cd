#pragma once

#include "db/database.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace nguon::connector {

namespace net = boost::asio;

/// The right to be the one connector of the installation that works, under an epoch.
class Lease {
public:
    /// `take_over`: no other process can hold it.
    Lease(db::Database& database, std::string holder, bool take_over);

    /// The new epoch; nothing while another connector has it.
    net::awaitable<std::optional<std::int64_t>> acquire(Instant now);
    /// False when the lease has gone.
    net::awaitable<bool> renew(std::int64_t epoch, Instant now);
    net::awaitable<void> release(std::int64_t epoch, Instant now);

private:
    db::Database& database_;
    std::string holder_;
    bool take_over_;
};

} // namespace nguon::connector
