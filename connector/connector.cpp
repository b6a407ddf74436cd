#include "connector/connector.hpp"

#include "connector/delivery_log.hpp"
#include "connector/lease.hpp"
#include "connector/outbox_store.hpp"
#include "connector/reconciler.hpp"
#include "core/runtime/log.hpp"
#include "db/leases.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nguon::connector {

namespace {

constexpr std::chrono::seconds tick_time{1};
constexpr int ticks_between_renewals = 4;
constexpr int ticks_between_counts = 5;
constexpr int ticks_between_checks = 60; // reads whole tables
constexpr int ticks_between_checkpoints = 60;
constexpr std::uint64_t deliveries_between_checkpoints = 1000;
constexpr Duration clock_error_max = std::chrono::minutes{1};

/// A wait that `cancel` of the timer ends early.
net::awaitable<void> sleep_on(net::steady_timer& timer, Duration time)
{
    timer.expires_after(time);
    boost::system::error_code ignored;
    co_await timer.async_wait(net::redirect_error(net::use_awaitable, ignored));
}

void log_fault(std::exception_ptr const& fault, char const* what)
{
    try {
        if (fault) std::rethrow_exception(fault);
    } catch (std::exception const& exception) {
        log::error(what, {{"fault", exception.what()}});
    }
}

} // namespace

/// One portal: its engine and the coroutines that drive it.
class TargetRunner {
public:
    TargetRunner(net::any_io_executor strand, std::shared_ptr<ConnectorTarget> parts, db::Database& database,
                 Clock const& clock, Random& random, Metrics* metrics, std::int64_t epoch)
        : parts_{std::move(parts)}, database_{database}, clock_{clock}, metrics_{metrics},
          name_{parts_->target->name()}, store_{database, name_, epoch},
          transport_{strand, parts_->tls, parts_->files, parts_->limits}, engine_{*parts_->target, random,
                                                                                  parts_->engine},
          reconciler_{*parts_->target, transport_, database, clock, metrics, epoch}, reconciler_timer_{strand}
    {
        for (std::size_t lane = 0; lane < engine_.lanes(); ++lane)
            timers_.push_back(std::make_unique<net::steady_timer>(strand));
    }

    Engine& engine() { return engine_; }
    net::awaitable<void> run_reconciler() { return reconciler_.run(reconciler_timer_); }
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
        for (auto& timer : timers_) timer->cancel();
    }
    void stop()
    {
        engine_.stop();
        reconciler_.stop();
        reconciler_timer_.cancel();
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
    /// True when the store did it.
    bool check_store(std::size_t lane, Error const* fault);
    void count(EngineStatus const& status);

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
    db::targets::TargetState published_;
    EngineCounters counted_;
    bool over_ = false; // this epoch is
};

bool TargetRunner::check_store(std::size_t lane, Error const* fault)
{
    if (fault == nullptr) return true;
    if (fault->key == "sync.fenced") {
        log::error("another connector has taken over", {{"target", name_}});
        over_ = true;
        return false;
    }
    if (fault->key == "storage.unknown_outcome") {
        // It may have been done: what is in flight then belongs to nobody. A new epoch looks.
        log::warning("it is not known whether the outbox was changed", {{"target", name_}});
        over_ = true;
        return false;
    }
    log::warning("the outbox cannot be reached", {{"target", name_}, {"key", fault->key}});
    engine_.store_failed(lane, clock_.now());
    return false;
}

net::awaitable<void> TargetRunner::act(std::size_t lane, ClaimAction action)
{
    auto records = co_await store_.claim(std::move(action), clock_.now());
    if (check_store(lane, records ? nullptr : &records.error()))
        engine_.claimed(lane, clock_.now(), std::move(*records));
}

net::awaitable<void> TargetRunner::act(std::size_t lane, Freeze action)
{
    auto const stored = co_await store_.freeze(std::move(action), clock_.now());
    if (check_store(lane, stored ? nullptr : &stored.error())) engine_.frozen(lane);
}

net::awaitable<void> TargetRunner::act(std::size_t lane, SettleAction action)
{
    auto const stored = co_await store_.settle(std::move(action), clock_.now());
    if (!check_store(lane, stored ? nullptr : &stored.error())) co_return;
    engine_.settled(lane, clock_.now());
    // What was delivered may have been what other lanes wait for.
    wake();
}

net::awaitable<void> TargetRunner::run_lane(std::size_t lane)
{
    while (!over_) {
        auto action = engine_.next(lane, clock_.now());
        if (std::holds_alternative<StopAction>(action)) co_return;
        if (auto* const wait = std::get_if<WaitAction>(&action)) {
            // Never longer than a tick: a stepped clock must not stall the lane.
            auto const time = std::clamp<Duration>(wait->until - clock_.now(), std::chrono::milliseconds{1}, tick_time);
            co_await sleep_on(*timers_[lane], time);
        } else if (auto* const claim = std::get_if<ClaimAction>(&action)) {
            co_await act(lane, std::move(*claim));
        } else if (auto* const freeze = std::get_if<Freeze>(&action)) {
            co_await act(lane, std::move(*freeze));
        } else if (auto* const settle = std::get_if<SettleAction>(&action)) {
            co_await act(lane, std::move(*settle));
        } else if (auto* const request = std::get_if<Request>(&action)) {
            auto const answer = co_await transport_.send(std::move(*request));
            engine_.answered(lane, clock_.now(), answer);
        } else {
            auto const answer = co_await transport_.probe(std::get<ProbeAction>(action).base_url);
            engine_.probed(lane, clock_.now(), answer);
        }
    }
}

net::awaitable<Status> TargetRunner::recover()
{
    auto target = parts_->row;
    target.since = clock_.now();
    auto work = [target](db::Connection& c) -> Status {
        db::targets::put(c, target);
        return Done{};
    };
    if (auto const put = co_await database_.write_unseen(std::move(work)); !put) co_return put;
    auto const recovered = co_await store_.recover(clock_.now());
    if (!recovered) co_return recovered.error();
    log::info("synchronisation begins", {{"target", name_}, {"recovered", *recovered}});
    co_return Done{};
}

void TargetRunner::count(EngineStatus const& status)
{
    if (metrics_ == nullptr) return;
    auto const& counters = engine_.counters();
    for (auto const& [answer_class, number] : counters.conversations)
        metrics_
            ->counter("send_total", "Conversations with a portal by how they ended.",
                      {{"target", name_}, {"class", std::string{to_text(answer_class)}}})
            .add(number - counted_.conversations[answer_class]);
    metrics_->counter("delivered_total", "Records with a stored receipt.", {{"target", name_}})
        .add(counters.delivered - counted_.delivered);
    metrics_->counter("receipt_invalid_total", "Receipts that did not verify.", {{"target", name_}})
        .add(counters.receipts_invalid - counted_.receipts_invalid);
    metrics_->gauge("retry_budget_used", "Percent of the retries that are allowed at present.", {{"target", name_}})
        .set(engine_.retry_budget_used(clock_.now()));
    counted_ = counters;
    for (auto const kind : breaker_kinds)
        metrics_
            ->gauge("breaker_state", "0 closed, 1 open, 2 half open.",
                    {{"target", name_}, {"kind", std::string{to_text(kind)}}})
            .set(static_cast<std::int64_t>(engine_.breaker(kind).state(clock_.now())));
    auto const certificate = [&](std::string side, std::optional<Instant> expires) {
        if (!expires) return;
        auto const left = std::chrono::duration_cast<std::chrono::seconds>(*expires - clock_.now());
        metrics_->gauge("cert_expiry_seconds", "Until a certificate expires.", {{"target", name_}, {"side", side}})
            .set(left.count());
    };
    certificate("own", published_.certificate_expires_at);
    certificate("portal", status.portal_certificate_expires);
}

net::awaitable<void> TargetRunner::publish_state()
{
    auto const status = engine_.status(clock_.now());
    reconciler_.set_portal_works(status.state == "working");
    auto state = published_;
    state.target = name_;
    state.state = status.state;
    state.detail = status.state == "working" ? std::string{}
                                             : std::string{to_text(status.last_fault.answer_class)} + " " +
                                                   status.last_fault.code + " " + status.last_fault.text;
    state.next_try_at = status.next_try_at;
    if (status.succeeded_at) state.succeeded_at = status.succeeded_at;
    if (status.failed_at) state.failed_at = status.failed_at;
    if (status.portal_certificate_expires) state.portal_certificate_expires_at = status.portal_certificate_expires;
    if (auto const context = parts_->tls ? parts_->tls->get() : nullptr; context && !context->own().sha256.empty())
        state.certificate_expires_at = context->own().not_after;
    count(status);
    if (state == published_) co_return;
    state.changed_at = clock_.now();
    auto work = [state](db::Connection& c) -> Status {
        db::targets::put_state(c, state);
        return Done{};
    };
    if (auto const stored = co_await database_.write_unseen(std::move(work)); !stored) co_return;
    if (state.state != published_.state)
        log::info("synchronisation state", {{"target", name_}, {"state", state.state}, {"detail", state.detail}});
    published_ = state;
}

net::awaitable<void> TargetRunner::publish_counts()
{
    if (metrics_ == nullptr) co_return;
    struct Seen {
        db::deliveries::Counts counts = {};
        std::optional<Instant> oldest = {};
    };
    auto work = [name = name_](db::Connection& c) -> Result<Seen> {
        return Seen{db::deliveries::count(c, name), db::deliveries::oldest_pending(c, name)};
    };
    auto const seen = co_await database_.read(std::move(work));
    if (!seen) co_return;
    Labels const labels{{"target", name_}};
    metrics_->gauge("outbox_pending", "Records waiting to be delivered.", labels).set(seen->counts.pending);
    metrics_->gauge("outbox_held", "Records that lack an approval or data.", labels).set(seen->counts.held);
    metrics_->gauge("outbox_refused", "Records the portal refused.", labels).set(seen->counts.refused);
    metrics_->gauge("outbox_parked", "Records that wait for a person.", labels).set(seen->counts.parked);
    auto const age = seen->oldest ? clock_.now() - *seen->oldest : Duration{0};
    metrics_->gauge("outbox_oldest_seconds", "Age of the oldest waiting record.", labels)
        .set(std::chrono::duration_cast<std::chrono::seconds>(age).count());
}

net::awaitable<void> TargetRunner::check_conservation()
{
    auto work = [name = name_](db::Connection& c) -> Result<db::deliveries::Conservation> {
        return db::deliveries::conservation(c, name);
    };
    auto const law = co_await database_.read(std::move(work));
    if (!law) co_return;
    if (metrics_ != nullptr)
        metrics_
            ->gauge("conservation_error", "Outbox rows minus deliveries, and delivered ones without receipt.",
                    {{"target", name_}})
            .set(std::abs(law->created - law->counts.total()) + law->without_receipt);
    if (!law->holds())
        log::error("the outbox does not add up", {{"target", name_},
                                                  {"created", law->created},
                                                  {"deliveries", law->counts.total()},
                                                  {"without_receipt", law->without_receipt}});
}

class Connector::Impl : public std::enable_shared_from_this<Connector::Impl> {
public:
    Impl(net::any_io_executor executor, db::Database& database, Clock const& clock, Random& random, Metrics* metrics,
         std::vector<ConnectorTarget> targets, ConnectorOptions options)
        : strand_{net::make_strand(executor)}, database_{database}, clock_{clock}, random_{random}, metrics_{metrics},
          options_{std::move(options)}, lease_{database_, options_.holder, options_.take_over}, tick_{strand_},
          ended_{strand_}
    {
        for (auto& target : targets) targets_.push_back(std::make_shared<ConnectorTarget>(std::move(target)));
        ended_.expires_at(std::chrono::steady_clock::time_point::max());
    }

    void start()
    {
        running_ = true;
        auto const done = [self = shared_from_this()](std::exception_ptr fault) { self->finish(fault); };
        net::co_spawn(strand_, run(), done);
    }

    void wake()
    {
        net::post(strand_, [self = shared_from_this()] {
            for (auto& runner : self->runners_) runner->wake();
        });
    }

    net::awaitable<void> stop();

private:
    net::awaitable<void> stop_on_strand();
    net::awaitable<void> run();
    /// From taking the lease to losing it or `stop`.
    net::awaitable<void> run_epoch(std::int64_t epoch);
    net::awaitable<void> supervise(std::int64_t epoch, CarriedClock const& time);
    net::awaitable<bool> prepare(std::int64_t epoch, CarriedClock const& time);
    /// Swaps certificates; true when other portals are to be served from now on.
    net::awaitable<bool> follow_source();
    void start_checks();
    /// Why this epoch cannot go on.
    bool must_end(CarriedClock const& time) const;
    net::awaitable<void> follow_pause();
    net::awaitable<void> sign_log(std::int64_t epoch, Instant now);
    bool is_checkpoint_due(int tick);
    void start_lanes();
    void start_lane(net::awaitable<void> lane);
    void lane_ended(std::exception_ptr fault);
    void finish(std::exception_ptr fault);
    bool any_over() const;

    net::strand<net::any_io_executor> strand_;
    db::Database& database_;
    Clock const& clock_;
    Random& random_;
    Metrics* metrics_;
    TargetList targets_; // those that are always there
    ConnectorOptions options_;
    Lease lease_;
    net::steady_timer tick_;
    net::steady_timer ended_; // cancelled when `run` is over
    std::vector<std::unique_ptr<TargetRunner>> runners_;
    std::vector<std::unique_ptr<net::cancellation_signal>> signals_;
    std::size_t lanes_running_ = 0;
    net::cancellation_signal checks_signal_;
    bool checks_running_ = false;
    std::uint64_t delivered_at_checkpoint_ = 0;
    bool stopping_ = false;
    bool running_ = false;
};

net::awaitable<void> Connector::Impl::follow_pause()
{
    auto work = [](db::Connection& c) -> Result<bool> { return db::targets::is_paused(c); };
    auto const paused = co_await database_.read(std::move(work));
    if (!paused) co_return;
    for (auto& runner : runners_) runner->engine().pause(*paused);
}

bool Connector::Impl::any_over() const
{
    return std::any_of(runners_.begin(), runners_.end(), [](auto const& runner) { return runner->is_over(); });
}

net::awaitable<void> Connector::Impl::sign_log(std::int64_t epoch, Instant now)
{
    if (!options_.log_signer) co_return;
    auto work = [epoch, now, signer = options_.log_signer](db::Connection& c) -> Status {
        if (auto const ours = db::leases::check(c, std::string{lease_name}, epoch); !ours) return ours;
        static_cast<void>(sign_checkpoint(c, *signer, now));
        return Done{};
    };
    if (auto const written = co_await database_.write_unseen(std::move(work)); !written)
        log::warning("the delivery log was not signed", {{"key", written.error().key}});
}

bool Connector::Impl::is_checkpoint_due(int tick)
{
    std::uint64_t delivered = 0;
    for (auto const& runner : runners_) delivered += runner->delivered();
    bool const many = delivered - delivered_at_checkpoint_ >= deliveries_between_checkpoints;
    if (!many && tick % ticks_between_checkpoints != 0) return false;
    delivered_at_checkpoint_ = delivered;
    return true;
}

bool Connector::Impl::must_end(CarriedClock const& time) const
{
    if (time.error() <= clock_error_max) return any_over();
    log::warning("the clock was set; synchronisation begins anew", {});
    return true;
}

net::awaitable<bool> Connector::Impl::prepare(std::int64_t epoch, CarriedClock const& time)
{
    auto targets = targets_;
    if (options_.source) {
        co_await options_.source->look();
        co_await options_.source->begin();
        auto const more = options_.source->targets();
        targets.insert(targets.end(), more.begin(), more.end());
    }
    for (auto const& target : targets) {
        auto runner = std::make_unique<TargetRunner>(strand_, target, database_, time, random_, metrics_, epoch);
        if (auto const recovered = co_await runner->recover(); !recovered) {
            log::warning("synchronisation cannot begin", {{"key", recovered.error().key}});
            runners_.clear();
            co_return false;
        }
        runners_.push_back(std::move(runner));
    }
    if (auto const completed = co_await complete_log(database_, epoch); !completed) {
        log::warning("the delivery log cannot be completed", {{"key", completed.error().key}});
        runners_.clear();
        co_return false;
    }
    delivered_at_checkpoint_ = 0;
    co_await follow_pause();
    co_return true;
}

void Connector::Impl::start_lane(net::awaitable<void> lane)
{
    auto& signal = *signals_.emplace_back(std::make_unique<net::cancellation_signal>());
    ++lanes_running_;
    auto ended = [self = shared_from_this()](std::exception_ptr fault) { self->lane_ended(fault); };
    net::co_spawn(strand_, std::move(lane), net::bind_cancellation_slot(signal.slot(), ended));
}

void Connector::Impl::start_lanes()
{
    for (auto& runner : runners_) {
        for (std::size_t lane = 0; lane < runner->engine().lanes(); ++lane) start_lane(runner->run_lane(lane));
        start_lane(runner->run_reconciler());
    }
}

void Connector::Impl::lane_ended(std::exception_ptr fault)
{
    --lanes_running_;
    // A cancelled drain ends here too; what was in flight is recovered at the next start.
    if (!stopping_) log_fault(fault, "a lane of synchronisation failed");
    tick_.cancel();
}

net::awaitable<bool> Connector::Impl::follow_source()
{
    if (!options_.source) co_return false;
    auto const change = co_await options_.source->look();
    bool anew = change.list;
    for (auto& runner : runners_) {
        if (std::ranges::find(change.swapped, runner->name()) == change.swapped.end()) continue;
        log::info("another certificate is used", {{"target", runner->name()}});
        anew = !runner->take_new_certificate() || anew;
    }
    co_return anew;
}

void Connector::Impl::start_checks()
{
    if (!options_.source || checks_running_) return;
    checks_running_ = true;
    auto const ended = [self = shared_from_this()](std::exception_ptr fault) {
        self->checks_running_ = false;
        self->tick_.cancel();
        if (!self->stopping_) log_fault(fault, "a check of a connection failed");
    };
    net::co_spawn(strand_, options_.source->run_checks(), net::bind_cancellation_slot(checks_signal_.slot(), ended));
}

net::awaitable<void> Connector::Impl::supervise(std::int64_t epoch, CarriedClock const& time)
{
    std::optional<std::chrono::steady_clock::time_point> drained_by;
    bool over = false;
    // A lane that failed leaves its engine in the middle of something: the epoch is over, recovery sets it right.
    auto const lanes_started = lanes_running_;
    for (int tick = 0; lanes_running_ > 0 || checks_running_ || !drained_by; ++tick) {
        if (!drained_by && (over || stopping_ || lanes_running_ < lanes_started || must_end(time))) {
            for (auto& runner : runners_) runner->stop();
            drained_by = std::chrono::steady_clock::now() + options_.drain_time;
            checks_signal_.emit(net::cancellation_type::terminal);
        }
        if (drained_by && std::chrono::steady_clock::now() >= *drained_by)
            for (auto& signal : signals_) signal->emit(net::cancellation_type::terminal);
        for (auto& runner : runners_) co_await runner->publish_state();
        if (tick % ticks_between_counts == 0)
            for (auto& runner : runners_) co_await runner->publish_counts();
        if (tick % ticks_between_checks == 0)
            for (auto& runner : runners_) co_await runner->check_conservation();
        if (is_checkpoint_due(tick)) co_await sign_log(epoch, time.now());
        if (!drained_by) {
            co_await follow_pause();
            over = co_await follow_source() || over;
            start_checks();
        }
        if (tick % ticks_between_renewals == ticks_between_renewals - 1 && !co_await lease_.renew(epoch, clock_.now()))
            over = true;
        auto const pause = over && !drained_by ? Duration{} : Duration{tick_time};
        if (lanes_running_ > 0 || checks_running_ || !drained_by) co_await sleep_on(tick_, pause);
    }
}

net::awaitable<void> Connector::Impl::run_epoch(std::int64_t epoch)
{
    // What waits must neither stall nor hurry when somebody sets the machine's clock.
    CarriedClock const time{clock_, options_.steady};
    if (!co_await prepare(epoch, time)) {
        co_await sleep_on(tick_, tick_time);
        co_return;
    }
    start_lanes();
    co_await supervise(epoch, time);
    for (auto& runner : runners_) co_await runner->publish_state();
    co_await sign_log(epoch, time.now());
    runners_.clear();
    signals_.clear();
}

net::awaitable<void> Connector::Impl::run()
{
    while (!stopping_) {
        auto const epoch = co_await lease_.acquire(clock_.now());
        if (!epoch) {
            co_await sleep_on(tick_, tick_time);
            continue;
        }
        co_await run_epoch(*epoch);
        co_await lease_.release(*epoch, clock_.now());
        // Only something broken gets here without `stop`; it must not be tried a thousand times a second.
        if (!stopping_) co_await sleep_on(tick_, tick_time);
    }
}

void Connector::Impl::finish(std::exception_ptr fault)
{
    log_fault(fault, "synchronisation ended");
    running_ = false;
    ended_.cancel();
}

net::awaitable<void> Connector::Impl::stop()
{
    // Whoever awaits this runs on another executor; only the strand may touch what follows.
    co_await net::co_spawn(strand_, stop_on_strand(), net::use_awaitable);
}

net::awaitable<void> Connector::Impl::stop_on_strand()
{
    stopping_ = true;
    tick_.cancel();
    if (!running_) co_return;
    boost::system::error_code ignored;
    co_await ended_.async_wait(net::redirect_error(net::use_awaitable, ignored));
}

Connector::Connector(net::any_io_executor executor, db::Database& database, Clock const& clock, Random& random,
                     Metrics* metrics, std::vector<ConnectorTarget> targets, ConnectorOptions options)
    : impl_{std::make_shared<Impl>(std::move(executor), database, clock, random, metrics, std::move(targets),
                                   std::move(options))}
{
}

Connector::~Connector() = default;

void Connector::start() { impl_->start(); }

void Connector::wake() { impl_->wake(); }

net::awaitable<void> Connector::stop()
{
    auto const impl = impl_;
    co_await impl->stop();
}

} // namespace nguon::connector
