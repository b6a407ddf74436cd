#pragma once

#include "connector/reconciliation.hpp"
#include "connector/transport.hpp"
#include "core/runtime/metrics.hpp"
#include "db/database.hpp"

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace nguon::connector {

/// Compares one portal with the receipts when somebody asked for it or the time has come: fast every five minutes,
/// daily and (each month) full at night. What is found is written down; what is missing there goes again.
class Reconciler {
public:
    /// Everything referred to outlives it. `metrics` may be null.
    Reconciler(Target& target, Transport& transport, db::Database& database, Clock const& clock, Metrics* metrics,
               std::int64_t epoch);

    /// Until `stop`. `timer` is cancelled to look at once.
    net::awaitable<void> run(net::steady_timer& timer);
    void stop() { stopping_ = true; }
    /// Scheduled comparisons wait while deliveries fail.
    void set_portal_works(bool works) { portal_works_ = works; }

private:
    using Run = db::reconciliations::Run;

    net::awaitable<std::optional<Run>> take_next();
    net::awaitable<bool> compare(Run run, net::steady_timer& timer);
    net::awaitable<bool> step(Reconciliation& work, Run& run, net::steady_timer& timer);
    net::awaitable<bool> ask_portal(Reconciliation& work, Run& run, Request request, net::steady_timer& timer);
    net::awaitable<bool> read_marks(Reconciliation& work, AskMarks marks);
    template <typename Read, typename Take>
    net::awaitable<bool> read_into(Read read, Take take);
    net::awaitable<bool> report(Run& run, ReportFindings found);
    net::awaitable<bool> finish(Run run, Instant began);
    /// `work` in a transaction of this epoch.
    template <typename Work>
    auto write(Work work);
    ReconcileRange range_of(Run const& run, std::optional<Instant> first) const;
    void count(std::string const& name, std::string const& help, std::pair<std::string, std::string> const& label,
               std::uint64_t number);

    Target& target_;
    Transport& transport_;
    db::Database& database_;
    Clock const& clock_;
    Metrics* metrics_;
    std::int64_t epoch_;
    std::string name_;
    bool stopping_ = false;
    bool portal_works_ = false;
    Instant not_before_ = {}; // after a comparison that is to be tried again
};

/// Which kind is due by the clock, "" for none. `latest` as db::reconciliations::latest tells for fast, daily and full.
struct LatestRuns {
    std::optional<db::reconciliations::Run> fast = {};
    std::optional<db::reconciliations::Run> daily = {};
    std::optional<db::reconciliations::Run> full = {};
};
std::string due_kind(LatestRuns const& latest, ReconcileReach reach, Instant now);

} // namespace nguon::connector
