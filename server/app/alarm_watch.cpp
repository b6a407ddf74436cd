#include "server/app/alarm_watch.hpp"

#include "core/runtime/disk_watch.hpp"
#include "core/runtime/log.hpp"
#include "db/leases.hpp"
#include "db/server_disks.hpp"
#include "db/sync_samples.hpp"
#include "db/targets.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nguon::server::app {
namespace {

using namespace std::chrono_literals;
using db::alarms::Notice;
using db::alarms::Severity;

constexpr char lease_name[] = "alarms";
constexpr auto lease_time = 75s;
constexpr int ticks_between_rounds = 6;
constexpr int first_round_tick = 2; // the connector has had time to begin
constexpr int rounds_between_upkeep = 120;
constexpr auto sample_time = 1min;
constexpr int costs_max = 20; // a round may take a twentieth of the time
constexpr std::int64_t notices_at_once = 20;
constexpr auto first_pause = 10s;
constexpr auto longest_pause = 15min;
constexpr int doublings_max = 7;

/// Before a notice is tried again.
std::chrono::seconds pause_after(std::int64_t tries)
{
    auto const doublings = std::min<std::int64_t>(tries - 1, doublings_max);
    return std::min<std::chrono::seconds>(first_pause * (std::int64_t{1} << doublings), longest_pause);
}

/// What becomes of a notice after a try.
void settle(Notice& notice, Status const& sent, Instant now)
{
    ++notice.tries;
    notice.fault = sent ? std::string{} : sent.error().log_text.empty() ? sent.error().key : sent.error().log_text;
    notice.not_before = now + pause_after(notice.tries);
    if (sent) notice.state = "sent";
    bool const late = now - notice.created_at >= limits::notice_deadline || notice.tries >= limits::notice_tries_max;
    if (!sent && late) notice.state = "given_up";
    if (notice.state != "waiting") notice.settled_at = now;
}

} // namespace

class AlarmWatch::Impl : public std::enable_shared_from_this<AlarmWatch::Impl> {
public:
    Impl(net::any_io_executor executor, db::Database& database, Clock const& clock, Metrics& metrics,
         DiskWatch const* disk, AlarmBoard& board, std::vector<std::unique_ptr<NoticeChannel>> channels,
         AlarmWatchOptions options)
        : executor_{executor}, database_{database}, clock_{clock}, metrics_{metrics}, disk_{disk}, board_{board},
          channels_{std::move(channels)}, options_{std::move(options)}, ended_{executor}
    {
        ended_.expires_at(std::chrono::steady_clock::time_point::max());
        for (auto const& channel : channels_) names_.push_back(channel->name());
    }

    void start()
    {
        watched_since_ = clock_.now();
        spawn(watch());
        for (auto& channel : channels_) spawn(send_all(*channel));
    }

    net::awaitable<void> stop();

private:
    struct Loop {
        explicit Loop(net::any_io_executor executor) : timer{executor} {}
        net::steady_timer timer;
        net::cancellation_signal cancel;
    };

    void spawn(net::awaitable<void> work)
    {
        auto& loop = *loops_.emplace_back(std::make_unique<Loop>(executor_));
        ++running_;
        auto ended = [self = shared_from_this()](std::exception_ptr fault) { self->loop_ended(fault); };
        net::co_spawn(executor_, std::move(work), net::bind_cancellation_slot(loop.cancel.slot(), ended));
    }

    void loop_ended(std::exception_ptr fault)
    {
        try {
            if (fault) std::rethrow_exception(fault);
        } catch (std::exception const& exception) {
            if (!stopping_) log::error("the watch over alarms failed", {{"fault", exception.what()}});
        }
        if (--running_ == 0) ended_.cancel();
    }

    net::awaitable<void> sleep()
    {
        net::steady_timer timer{executor_};
        timer.expires_after(options_.tick);
        boost::system::error_code ignored;
        co_await timer.async_wait(net::redirect_error(net::use_awaitable, ignored));
    }

    net::awaitable<void> watch();
    net::awaitable<void> round();
    net::awaitable<void> report_disk();
    net::awaitable<bool> lead();
    net::awaitable<void> sample();
    net::awaitable<void> refresh();
    net::awaitable<void> forget();
    net::awaitable<void> send_all(NoticeChannel& channel);
    net::awaitable<void> send_due(NoticeChannel& channel);
    void count(std::string const& channel, std::string const& outcome)
    {
        metrics_
            .counter("notices_total", "Messages about alarms by what became of them.",
                     {{"channel", channel}, {"outcome", outcome}})
            .add();
    }

    net::any_io_executor executor_;
    db::Database& database_;
    Clock const& clock_;
    Metrics& metrics_;
    DiskWatch const* disk_;
    AlarmBoard& board_;
    std::vector<std::unique_ptr<NoticeChannel>> channels_;
    std::vector<std::string> names_;
    AlarmWatchOptions options_;
    std::vector<std::unique_ptr<Loop>> loops_;
    net::steady_timer ended_; // cancelled when the last loop is over
    Instant watched_since_ = {};
    std::int64_t epoch_ = 0; // 0: another server leads
    std::size_t running_ = 0;
    bool stopping_ = false;
};

/// Takes or renews the lease; false while another server has it.
net::awaitable<bool> AlarmWatch::Impl::lead()
{
    db::leases::LeaseRequest const request{lease_name, options_.holder, clock_.now(), lease_time, options_.take_over};
    auto work = [request, epoch = epoch_](db::Connection& c) -> Result<std::int64_t> {
        if (epoch == 0) return db::leases::acquire(c, request);
        if (auto const renewed = db::leases::renew(c, request.name, epoch, request.now, lease_time); !renewed)
            return renewed.error();
        return epoch;
    };
    auto const epoch = co_await database_.write_unseen(std::move(work));
    if (!epoch && epoch.error().code == ErrorCode::conflict) epoch_ = 0;
    if (epoch && epoch_ == 0) watched_since_ = clock_.now();
    if (epoch) epoch_ = *epoch;
    co_return epoch.ok();
}

net::awaitable<void> AlarmWatch::Impl::round()
{
    auto look = [now = clock_.now(), names = names_](db::Connection& c) -> Result<Readings> {
        auto out = read_trouble(c, now);
        for (auto const& name : names) out.channels.emplace_back(name, db::alarms::channel_state(c, name));
        return out;
    };
    auto readings = co_await database_.read(std::move(look));
    if (!readings) {
        log::warning("alarms could not be judged", {{"key", readings.error().key}});
        co_return;
    }
    readings->watched_since = watched_since_;
    auto const conditions = conditions_of(*readings);
    auto keep = [conditions, now = readings->now, names = names_](db::Connection& c) -> Result<AlarmRound> {
        return keep_alarms(c, conditions, now, names);
    };
    auto fenced = db::leases::under(lease_name, epoch_, std::move(keep));
    auto const kept = co_await database_.write_unseen(std::move(fenced));
    if (!kept) {
        log::warning("alarms could not be kept", {{"key", kept.error().key}});
        co_return;
    }
    for (auto const& channel : kept->dropped) {
        count(channel, "dropped");
        metrics_.counter("limit_hits_total", "Requests that met a limit.", {{"limit", "notices"}}).add();
    }
}

/// So that whichever server leads knows of this one's disk.
net::awaitable<void> AlarmWatch::Impl::report_disk()
{
    if (disk_ == nullptr) co_return;
    auto work = [own = db::server_disks::ServerDisk{options_.server, disk_->space(), clock_.now()}](
                    db::Connection& c) -> Status {
        db::server_disks::put(c, own);
        return Done{};
    };
    if (auto const done = co_await database_.write_unseen(std::move(work)); !done)
        log::warning("the room on the disk was not reported", {{"key", done.error().key}});
}

/// A minute's figures of every portal, for the charts.
net::awaitable<void> AlarmWatch::Impl::sample()
{
    using Samples = std::vector<std::pair<std::string, db::sync_samples::Sample>>;
    auto look = [now = clock_.now()](db::Connection& c) -> Result<Samples> {
        Samples out;
        for (auto const& target : db::targets::list(c))
            if (target.enabled) out.emplace_back(target.name, db::sync_samples::measure(c, target.name, now));
        return out;
    };
    auto samples = co_await database_.read(std::move(look));
    if (!samples) co_return;
    auto keep = [samples = *std::move(samples)](db::Connection& c) -> Status {
        for (auto const& [target, one] : samples) db::sync_samples::insert(c, target, one);
        return Done{};
    };
    auto fenced = db::leases::under(lease_name, epoch_, std::move(keep));
    if (auto const kept = co_await database_.write_unseen(std::move(fenced)); !kept)
        log::warning("a minute is missing in the charts", {{"key", kept.error().key}});
}

net::awaitable<void> AlarmWatch::Impl::refresh()
{
    using Boards = std::pair<std::vector<db::alarms::Alarm>, db::targets::Labels>;
    auto work = [](db::Connection& c) -> Result<Boards> {
        return Boards{db::alarms::standing(c), db::targets::labels(c)};
    };
    auto boards = co_await database_.read(std::move(work));
    if (!boards) co_return;
    if (options_.titles != nullptr) options_.titles->set(std::move(boards->second));
    auto& alarms = boards->first;
    for (auto const severity : {Severity::warn, Severity::high, Severity::critical})
        metrics_
            .gauge("alarms_active", "Alarms that stand.", {{"severity", std::string{db::alarms::to_text(severity)}}})
            .set(std::ranges::count(alarms, severity, &db::alarms::Alarm::severity));
    board_.set(std::move(alarms));
}

net::awaitable<void> AlarmWatch::Impl::forget()
{
    auto work = [now = clock_.now()](db::Connection& c) -> Status {
        db::alarms::forget(c, now - limits::alarm_kept_time);
        db::sync_samples::forget(c, now - limits::sync_sample_kept_time);
        db::server_disks::forget(c, now - limits::alarm_kept_time);
        return Done{};
    };
    if (auto const done = co_await database_.write_unseen(std::move(work)); !done)
        log::warning("old alarms were not removed", {{"key", done.error().key}});
}

net::awaitable<void> AlarmWatch::Impl::watch()
{
    auto next_round = std::chrono::steady_clock::now() + first_round_tick * options_.tick;
    auto next_sample = std::chrono::steady_clock::now(); // at once: what the connector is about to do counts
    auto next_disk = next_round;
    for (int rounds = 0; !stopping_;) {
        auto const begun = std::chrono::steady_clock::now();
        if (begun >= next_disk) {
            co_await report_disk();
            next_disk = begun + ticks_between_rounds * options_.tick;
        }
        if (begun >= next_sample) {
            if (co_await lead()) co_await sample();
            next_sample = begun + sample_time;
        }
        if (begun >= next_round) {
            if (co_await lead()) co_await round();
            if (rounds++ % rounds_between_upkeep == 0 && epoch_ != 0) co_await forget();
            auto const cost = std::chrono::steady_clock::now() - begun;
            // Reading the counts of millions of records must not be all that the database does.
            next_round = begun + std::max<std::chrono::steady_clock::duration>(ticks_between_rounds * options_.tick,
                                                                               cost * costs_max);
        }
        co_await refresh();
        if (!stopping_) co_await sleep();
    }
}

net::awaitable<void> AlarmWatch::Impl::send_all(NoticeChannel& channel)
{
    while (!stopping_) {
        if (epoch_ != 0) co_await send_due(channel);
        if (!stopping_) co_await sleep();
    }
}

net::awaitable<void> AlarmWatch::Impl::send_due(NoticeChannel& channel)
{
    auto look = [now = clock_.now(), name = channel.name()](db::Connection& c) -> Result<std::vector<Notice>> {
        return db::alarms::due(c, name, now, notices_at_once);
    };
    auto due = co_await database_.read(std::move(look));
    if (!due) co_return;
    for (auto& notice : *due) {
        if (stopping_) co_return;
        auto const sent = co_await channel.send(notice);
        if (stopping_ && !sent) co_return;
        settle(notice, sent, clock_.now());
        count(channel.name(), notice.state == "waiting" ? "failed" : notice.state);
        if (!sent) log::warning("a notice was not sent", {{"channel", channel.name()}, {"fault", notice.fault}});
        auto work = [notice](db::Connection& c) -> Status {
            db::alarms::settle(c, notice);
            return Done{};
        };
        auto const written = co_await database_.write_unseen(std::move(work));
        if (!written) log::warning("a notice will be sent again", {{"key", written.error().key}});
        // The others would meet the same fault.
        if (!sent) co_return;
    }
}

net::awaitable<void> AlarmWatch::Impl::stop()
{
    stopping_ = true;
    for (auto& channel : channels_) channel->stop();
    for (auto& loop : loops_) loop->cancel.emit(net::cancellation_type::terminal);
    boost::system::error_code ignored;
    if (running_ > 0) co_await ended_.async_wait(net::redirect_error(net::use_awaitable, ignored));
    if (epoch_ == 0) co_return;
    auto work = [epoch = epoch_, now = clock_.now()](db::Connection& c) -> Status {
        db::leases::release(c, lease_name, epoch, now);
        return Done{};
    };
    auto const released = co_await database_.write_unseen(std::move(work));
    if (!released) log::warning("the lease of alarms runs out by itself", {{"key", released.error().key}});
}

AlarmWatch::AlarmWatch(net::any_io_executor executor, db::Database& database, Clock const& clock, Metrics& metrics,
                       DiskWatch const* disk, AlarmBoard& board, std::vector<std::unique_ptr<NoticeChannel>> channels,
                       AlarmWatchOptions options)
    : impl_{std::make_shared<Impl>(executor, database, clock, metrics, disk, board, std::move(channels),
                                   std::move(options))}
{
}

AlarmWatch::~AlarmWatch() = default;

void AlarmWatch::start() { impl_->start(); }
net::awaitable<void> AlarmWatch::stop() { return impl_->stop(); }

} // namespace nguon::server::app
