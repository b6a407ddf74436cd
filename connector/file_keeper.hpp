#pragma once

#include "connector/file_drop.hpp"
#include "core/runtime/metrics.hpp"
#include "db/database.hpp"

#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace nguon::connector {

/// Clears what a target of files keeps: a bundle and the receipts that were left for it, once every record of it has
/// had its receipt in the database for the retention. What has no receipt stays for ever.
class FileKeeper {
public:
    /// Everything referred to outlives it. `metrics` may be null.
    FileKeeper(std::string target, FileDrop& files, Duration retention, db::Database& database, Clock const& clock,
               Metrics* metrics);

    /// Each hour until `stop`, beginning now. `timer` is cancelled to look at once.
    net::awaitable<void> run(net::steady_timer& timer);
    void stop() { stopping_ = true; }

private:
    net::awaitable<void> clear(net::steady_timer& timer);

    std::string target_;
    FileDrop& files_;
    Duration retention_;
    db::Database& database_;
    Clock const& clock_;
    Metrics* metrics_;
    bool stopping_ = false;
};

} // namespace nguon::connector
