#include "connector/connector.hpp"

#include "connector/delivery_log.hpp"
#include "connector/lease.hpp"
#include "connector/outbox_store.hpp"
#include "connector/sleep.hpp"
#include "connector/target_runner.hpp"
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

void log_fault(std::exception_ptr const& fault, char const* what)
{
    try {
        if (fault) std::rethrow_exception(fault);
    } catch (std::exception const& exception) {
        log::error(what, {{"fault", exception.what()}});
    }
}

} // namespace

class Connector::Impl : public std::enable_shared_from_this<Connector::Impl> {
public:
    Impl(net::any_io_executor executor, db::Database& database, Clock const& clock, Random& random, Metrics* metrics,
         std::vector<ConnectorTarget> targets, ConnectorOptions options)
        : strand_{net::make_strand(executor)}, database_{database}, clock_{clock}, random_{random}, metrics_{metrics},
          options_{std::move(options)}, lease_{database_, options_.holder, options_.take_over}, tick_{strand_},
          ended_{strand_}, cosigner_timer_{strand_}
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
    void stop_lanes();
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
    std::unique_ptr<Cosigner> cosigner_;
    net::steady_timer cosigner_timer_;
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
    auto work = [now, signer = options_.log_signer](db::Connection& c) -> Status {
        static_cast<void>(sign_checkpoint(c, *signer, now));
        return Done{};
    };
    auto fenced = db::leases::under(std::string{lease_name}, epoch, std::move(work));
    if (auto const written = co_await database_.write_unseen(std::move(fenced)); !written)
        log::warning("the delivery log was not signed", {{"key", written.error().key}});
    if (cosigner_) cosigner_timer_.cancel();
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

void Connector::Impl::stop_lanes()
{
    for (auto& runner : runners_) runner->stop();
    if (!cosigner_) return;
    cosigner_->stop();
    cosigner_timer_.cancel();
}

void Connector::Impl::start_lanes()
{
    for (auto& runner : runners_) {
        for (std::size_t lane = 0; lane < runner->engine().lanes(); ++lane) start_lane(runner->run_lane(lane));
        start_lane(runner->run_reconciler());
        if (runner->has_files()) start_lane(runner->run_files());
        if (runner->has_catalogues()) start_lane(runner->run_catalogues());
    }
    if (cosigner_) start_lane(cosigner_->run(cosigner_timer_));
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
            stop_lanes();
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
    if (options_.witness)
        cosigner_ = std::make_unique<Cosigner>(strand_, *options_.witness, database_, metrics_, epoch);
    start_lanes();
    co_await supervise(epoch, time);
    for (auto& runner : runners_) co_await runner->publish_state();
    co_await sign_log(epoch, time.now());
    runners_.clear();
    cosigner_.reset();
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
