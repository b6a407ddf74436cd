#pragma once

#include "core/limits.hpp"
#include "core/runtime/clock.hpp"
#include "core/runtime/metrics.hpp"
#include "db/database.hpp"
#include "server/app/sync_status.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace nguon::server::app {

namespace net = boost::asio;

/// What changes on the page of synchronisation from one second to the next.
struct SyncFigures {
    struct Target {
        std::string target = {};
        std::string state = {}; // as TargetStatus::state
        db::deliveries::Counts counts = {};
        std::optional<Instant> oldest_waiting = {};
        std::optional<Instant> succeeded_at = {};

        bool operator==(Target const&) const = default;
    };
    std::vector<Target> targets = {};
    std::uint64_t number = 0; // grows with every change

    /// The state of the target that needs most attention; "off" without any.
    std::string worst() const;
};

/// Reads the figures once a second while somebody listens, for all who do. Any thread may ask.
class LiveFigures {
public:
    /// `executor` runs the reading; `database`, `clock` and `metrics` outlive the io_context's run.
    LiveFigures(net::any_io_executor executor, db::Database& database, Clock const& clock, Metrics& metrics,
                std::size_t listeners_max = limits::live_streams_max);
    ~LiveFigures();
    LiveFigures(LiveFigures const&) = delete;
    LiveFigures& operator=(LiveFigures const&) = delete;

    using Figures = std::shared_ptr<SyncFigures const>;

    /// One who listens, until it is gone.
    class Listener {
    public:
        ~Listener();
        Listener(Listener const&) = delete;
        Listener& operator=(Listener const&) = delete;

        /// The newest figures; null until they were read for the first time.
        Figures get() const;
        /// The service stops.
        bool is_over() const;

    private:
        friend class LiveFigures;
        struct Shared;
        explicit Listener(std::shared_ptr<Shared> shared) : shared_{std::move(shared)} {}
        std::shared_ptr<Shared> shared_;
    };

    /// Null when `listeners_max` listen already, which is counted, or the service stops.
    std::shared_ptr<Listener> listen();

    /// Everybody's stream ends at once.
    void close();

private:
    std::shared_ptr<Listener::Shared> shared_;
};

} // namespace nguon::server::app
