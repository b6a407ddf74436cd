#pragma once

#include "connector/catalogues.hpp"
#include "connector/transport.hpp"
#include "db/database.hpp"

#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace nguon::connector {

/// Plays a fetch to its end.
net::awaitable<CatalogueFetch::End> fetch_catalogues(CatalogueFetch& fetch, Transport& transport, Clock const& clock);

/// Keeps one portal's catalogues: fetches them each day, each hour while records wait for
/// an entry, and when somebody asked, and reads anew what people matched.
class CatalogueKeeper {
public:
    /// Everything referred to outlives it.
    CatalogueKeeper(Target& target, Transport& transport, db::Database& database, Clock const& clock,
                    std::int64_t epoch);

    /// Reads what the store knows; before the first record.
    net::awaitable<Status> load();
    /// Until `stop`; at once for a portal without catalogues. `timer` is cancelled to look at once.
    net::awaitable<void> run(net::steady_timer& timer);
    void stop() { stopping_ = true; }
    /// The daily fetch waits while the portal does not answer deliveries.
    void set_portal_works(bool works) { portal_works_ = works; }

private:
    net::awaitable<void> fetch();
    bool is_due(db::portal_catalogues::Sync const& sync, std::int64_t gaps) const;

    Target& target_;
    Transport& transport_;
    db::Database& database_;
    Clock const& clock_;
    std::int64_t epoch_;
    std::string name_;
    bool stopping_ = false;
    bool portal_works_ = false;
    Instant not_before_ = {}; // after what was fetched could not be stored
};

} // namespace nguon::connector
