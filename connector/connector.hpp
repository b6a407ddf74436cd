#pragma once

#include "connector/carried_clock.hpp"
#include "connector/cosigner.hpp"
#include "connector/engine.hpp"
#include "connector/target_source.hpp"
#include "connector/transport.hpp"
#include "core/runtime/metrics.hpp"
#include "core/signed_note.hpp"
#include "db/database.hpp"
#include "db/targets.hpp"

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace nguon::connector {

struct ConnectorOptions {
    std::string holder = {}; // host and process, for the administrators
    bool take_over = false;  // no other process can hold the lease (SQLite: the data-directory lock)
    std::chrono::milliseconds drain_time = limits::drain_time;
    SteadyNow steady = &std::chrono::steady_clock::now;
    std::shared_ptr<TargetSource> source = {}; // of portals that come and go while it runs; null: there are none
    std::shared_ptr<NoteSigner const> log_signer = {};   // of the delivery log's roots; null: they are not signed
    std::shared_ptr<WitnessSettings const> witness = {}; // who countersigns them; null: nobody
};

/// Keeps the portals in step for as long as it runs: takes the lease, recovers what an earlier life left in flight, and
/// drives an engine for each target over mutual TLS. Every fault is waited out. It can be killed at any moment: what it
/// knows stands in the database, and what it was doing is done again under the same keys.
class Connector {
public:
    /// `executor` is the io_context's; all work happens on a strand of its own. Everything referred to must outlive the
    /// end of `stop`. `metrics` may be null.
    Connector(net::any_io_executor executor, db::Database& database, Clock const& clock, Random& random,
              Metrics* metrics, std::vector<ConnectorTarget> targets, ConnectorOptions options);
    ~Connector();
    Connector(Connector const&) = delete;
    Connector& operator=(Connector const&) = delete;

    void start();
    /// New work may be there; from any thread. Without it the connector looks every second.
    void wake();
    /// Claims no more, finishes what is under way within the drain time, gives the lease back. Await it before the
    /// executor stops.
    net::awaitable<void> stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace nguon::connector
