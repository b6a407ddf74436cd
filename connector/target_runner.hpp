#pragma once

#include "connector/catalogue_keeper.hpp"
#include "connector/connector.hpp"
#include "connector/file_keeper.hpp"
#include "connector/outbox_store.hpp"
#include "connector/reconciler.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace nguon::connector {

/// One portal: its engine and the coroutines that drive it.
class TargetRunner {
public:
    TargetRunner(net::any_io_executor strand, std::shared_ptr<ConnectorTarget> parts, db::Database& database,
                 Clock const& clock, Random& random, Metrics* metrics, std::int64_t epoch)
        : parts_{std::move(parts)}, database_{database}, clock_{clock}, metrics_{metrics},
          name_{parts_->target->name()}, store_{database, name_, epoch},
          transport_{strand, parts_->tls, parts_->files, parts_->limits}, engine_{*parts_->target, random,
                                                                                  parts_->engine},
          reconciler_{*parts_->target, transport_, database, clock, metrics, epoch}, reconciler_timer_{strand},
          catalogues_{*parts_->target, transport_, database, clock, epoch}, catalogues_timer_{strand}, files_timer_{
                                                                                                           strand}
    {
        if (parts_->files)
            files_ = std::make_unique<FileKeeper>(name_, *parts_->files, parts_->files_kept, database, clock, metrics);
        for (std::size_t lane = 0; lane < engine_.lanes(); ++lane)
            timers_.push_back(std::make_unique<net::steady_timer>(strand));
    }

    Engine& engine() { return engine_; }
    net::awaitable<void> run_reconciler() { return reconciler_.run(reconciler_timer_); }
    bool has_catalogues() const { return parts_->target->catalogues() != nullptr; }
    net::awaitable<void> run_catalogues() { return catalogues_.run(catalogues_timer_); }
    bool has_files() const { return files_ != nullptr; }
    net::awaitable<void> run_files() { return files_->run(files_timer_); }
    bool is_over() const { return over_; }
    std::string const& name() const { return name_; }

    /// New connections take the certificate of now. False when the portal refused the one before: then only a new
    /// beginning tries at once.
    bool take_new_certificate()
    {
        transport_.renew();
        return engine_.status(clock_.now()).state == "working";
    }

    void wake()
    {
        engine_.wake();
        cancel_timers();
    }
    void stop()
    {
        engine_.stop();
        reconciler_.stop();
        reconciler_timer_.cancel();
        catalogues_.stop();
        catalogues_timer_.cancel();
        if (files_) files_->stop();
        files_timer_.cancel();
        wake();
    }

    /// The circle of one lane; returns after `stop`, or when another connector has taken over.
    net::awaitable<void> run_lane(std::size_t lane);

    std::uint64_t delivered() const { return engine_.counters().delivered; }

    net::awaitable<Status> recover();
    /// Tells the administrators, when something changed.
    net::awaitable<void> publish_state();
    net::awaitable<void> publish_counts();
    /// Nothing may vanish between the outbox, the deliveries and the receipts.
    net::awaitable<void> check_conservation();

private:
    net::awaitable<void> act(std::size_t lane, ClaimAction action);
    net::awaitable<void> act(std::size_t lane, Freeze action);
    net::awaitable<void> act(std::size_t lane, SettleAction action);
    /// With the stored file, when the request carries one.
    net::awaitable<Answer> send(Request request);
    void cancel_timers()
    {
        for (auto& timer : timers_) timer->cancel();
    }
    /// True when the store did it.
    bool check_store(std::size_t lane, Error const* fault);
    void count(EngineStatus const& status);
    void learn_skew(Answer const& answer);

    std::shared_ptr<ConnectorTarget> parts_;
    db::Database& database_;
    Clock const& clock_;
    Metrics* metrics_;
    std::string name_;
    OutboxStore store_;
    Transport transport_;
    Engine engine_;
    std::vector<std::unique_ptr<net::steady_timer>> timers_;
    Reconciler reconciler_;
    net::steady_timer reconciler_timer_;
    CatalogueKeeper catalogues_;
    net::steady_timer catalogues_timer_;
    std::unique_ptr<FileKeeper> files_; // for a target that takes files
    net::steady_timer files_timer_;
    db::targets::TargetState published_;
    EngineCounters counted_;
    std::chrono::steady_clock::time_point counts_due_ = {};
    std::optional<Duration> skew_; // the portal's clock minus ours, smoothed
    bool over_ = false;            // this epoch is
};

} // namespace nguon::connector
