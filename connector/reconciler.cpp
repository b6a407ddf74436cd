#include "connector/reconciler.hpp"

#include "connector/outbox_store.hpp"
#include "connector/sleep.hpp"
#include "core/json.hpp"
#include "core/runtime/log.hpp"
#include "db/leases.hpp"
#include "db/outbox.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

using namespace std::chrono_literals;
using db::reconciliations::Run;

constexpr std::chrono::seconds look_time{2};
constexpr Duration fast_interval = 5min;
constexpr Duration daily_interval = 20h;
constexpr Duration full_interval = 30 * 24h;
constexpr Duration retry_interval = 1min;
constexpr Duration night_retry_interval = 1h;
constexpr Duration settling = 2min; // receipts of what was accepted by then are stored
constexpr Duration rest_max = 2s;
constexpr int rest_share = 19; // a nightly comparison takes a twentieth of the portal's time
constexpr int night_begins = 1;
constexpr int night_ends = 5;
constexpr Duration earlier_than_any = 31 * 24h;

bool is_night(Instant now)
{
    auto const local = now + vietnam_offset;
    auto const hour = std::chrono::floor<std::chrono::hours>(local - std::chrono::floor<std::chrono::days>(local));
    return hour.count() >= night_begins && hour.count() < night_ends;
}

bool is_due(std::optional<Run> const& latest, Duration interval, Duration after_fault, Instant now)
{
    if (!latest || !latest->ended_at) return true;
    if (latest->state == "unsupported") interval = std::max(interval, daily_interval);
    return now - *latest->ended_at >= (latest->state == "failed" ? after_fault : interval);
}

/// A record that is not in the outbox and yet bears the key that this installation would give it was lost here.
void tell_lost(db::Connection& c, db::reconciliations::Finding& finding)
{
    if (finding.kind != "foreign") return;
    auto const detail = parse_json(finding.detail);
    if (!detail) return;
    auto const key = db::outbox::idempotency_key(c, detail->value("type", ""), detail->value("id", ""),
                                                 detail->value("version", std::int64_t{0}));
    if (key == finding.key) finding.kind = "lost";
}

} // namespace

std::string due_kind(LatestRuns const& latest, ReconcileReach reach, Instant now)
{
    if (reach.daily > Duration{0} && is_night(now)) {
        if (is_due(latest.full, full_interval, night_retry_interval, now)) return "full";
        if (is_due(latest.daily, daily_interval, night_retry_interval, now)) return "daily";
    }
    if (reach.fast > Duration{0} && is_due(latest.fast, fast_interval, fast_interval, now)) return "fast";
    return {};
}

Reconciler::Reconciler(Target& target, Transport& transport, db::Database& database, Clock const& clock,
                       Metrics* metrics, std::int64_t epoch)
    : target_{target},
      transport_{transport}, database_{database}, clock_{clock}, metrics_{metrics}, epoch_{epoch}, name_{target.name()}
{
}

template <typename Work>
auto Reconciler::write(Work work)
{
    return database_.write_unseen(db::leases::under(std::string{lease_name}, epoch_, std::move(work)));
}

/// Gives `take` what `read` found; false when the store does not answer.
template <typename Read, typename Take>
net::awaitable<bool> Reconciler::read_into(Read read, Take take)
{
    auto found = co_await database_.read(std::move(read));
    if (found) take(*std::move(found));
    co_return found.ok();
}

net::awaitable<void> Reconciler::run(net::steady_timer& timer)
{
    while (!stopping_) {
        auto const due = co_await take_next();
        bool const compared = !due || co_await compare(*due, timer);
        if (stopping_) co_return;
        // Without its own store a comparison must not go on asking the portal.
        if (!compared) not_before_ = clock_.now() + retry_interval;
        co_await sleep_on(timer, look_time);
    }
}

net::awaitable<std::optional<Run>> Reconciler::take_next()
{
    auto const now = clock_.now();
    if (now < not_before_) co_return std::nullopt;
    auto look = [name = name_, reach = target_.reach(), works = portal_works_, now](db::Connection& c) -> Result<Run> {
        if (auto asked = db::reconciliations::next(c, name)) return *asked;
        Run due;
        if (!works) return due;
        LatestRuns const latest{db::reconciliations::latest(c, name, "fast"),
                                db::reconciliations::latest(c, name, "daily"),
                                db::reconciliations::latest(c, name, "full")};
        due.kind = due_kind(latest, reach, now);
        if (!due.kind.empty() && !db::reconciliations::first_acceptance(c, name)) due.kind.clear();
        return due;
    };
    auto const found = co_await database_.read(std::move(look));
    if (!found || found->kind.empty()) co_return std::nullopt;
    if (found->id != 0) co_return *found;
    auto ask = [name = name_, kind = found->kind, now](db::Connection& c) -> Result<Run> {
        db::reconciliations::ask(c, name, kind, "schedule", now);
        return *db::reconciliations::next(c, name);
    };
    auto const asked = co_await write(std::move(ask));
    if (!asked) co_return std::nullopt;
    co_return *asked;
}

ReconcileRange Reconciler::range_of(Run const& run, std::optional<Instant> first) const
{
    auto const to = clock_.now() - settling;
    auto const reach = target_.reach();
    if (run.kind == "fast") return {to - reach.fast, to};
    if (run.kind == "daily") return {to - reach.daily, to};
    // What the portal has of before our first receipt would be a sign of something lost here.
    return {first.value_or(to) - earlier_than_any, to};
}

/// False when the store does not answer or is no longer ours.
net::awaitable<bool> Reconciler::compare(Run run, net::steady_timer& timer)
{
    auto look = [name = name_](db::Connection& c) -> Result<std::optional<Instant>> {
        return db::reconciliations::first_acceptance(c, name);
    };
    auto const first = co_await database_.read(std::move(look));
    if (!first) co_return false;
    auto const began = clock_.now();
    auto const work = target_.reconcile(range_of(run, *first));
    run.compared = run.requests = run.findings = 0;
    run.fault.clear();
    run.state = work ? "running" : "unsupported";
    if (work) {
        auto begin = [run](db::Connection& c) -> Status {
            db::reconciliations::put(c, run);
            return Done{};
        };
        if (auto const written = co_await write(std::move(begin)); !written) co_return false;
        while (!stopping_ && run.state == "running")
            if (!co_await step(*work, run, timer)) co_return false;
        if (stopping_) co_return true; // the next life begins it anew
        run.compared = work->compared();
    }
    co_return co_await finish(std::move(run), began);
}

net::awaitable<bool> Reconciler::finish(Run run, Instant began)
{
    auto const outcome = run.state;
    if (outcome == "failed" && run.reason != "schedule") {
        run.state = "asked"; // somebody waits for it
        not_before_ = clock_.now() + retry_interval;
    } else {
        run.ended_at = clock_.now();
    }
    auto end = [run, began, now = clock_.now()](db::Connection& c) -> Status {
        db::reconciliations::put(c, run);
        if (run.kind == "full" && run.state == "done") db::reconciliations::close_unseen(c, run.target, began, now);
        return Done{};
    };
    if (auto const written = co_await write(std::move(end)); !written) co_return false;
    count("reconcile_runs_total", "Comparisons with a portal by how they ended.", {"outcome", outcome}, 1);
    if (run.findings > 0 || !run.fault.empty() || run.kind != "fast")
        log::info("compared with the portal", {{"target", name_},
                                               {"kind", run.kind},
                                               {"state", outcome},
                                               {"compared", run.compared},
                                               {"findings", run.findings},
                                               {"fault", run.fault}});
    co_return true;
}

/// False when the store does not answer or is no longer ours: nothing more can be done.
net::awaitable<bool> Reconciler::step(Reconciliation& work, Run& run, net::steady_timer& timer)
{
    namespace records = db::reconciliations;
    using Records = std::vector<records::Accepted>;
    auto take_records = [&work](Records found) { work.take_accepted(std::move(found)); };
    auto next = work.next(clock_.now());
    if (auto* const request = std::get_if<Request>(&next))
        co_return co_await ask_portal(work, run, std::move(*request), timer);
    if (auto* const found = std::get_if<ReportFindings>(&next)) co_return co_await report(run, std::move(*found));
    if (auto* const marks = std::get_if<AskMarks>(&next)) co_return co_await read_marks(work, *marks);
    if (auto* const accepted = std::get_if<AskAccepted>(&next)) {
        auto read = [name = name_, asked = *accepted](db::Connection& c) -> Result<Records> {
            return records::accepted(c, name, asked.from, asked.to);
        };
        co_return co_await read_into(std::move(read), take_records);
    }
    if (auto* const wires = std::get_if<AskWires>(&next)) {
        auto read = [name = name_, asked = *wires](db::Connection& c) -> Result<Records> {
            return records::accepted_wires(c, name, asked.from, asked.after_seq, asked.to, asked.count);
        };
        co_return co_await read_into(std::move(read), take_records);
    }
    if (auto* const keys = std::get_if<AskKnown>(&next)) {
        auto read = [name = name_,
                     asked = std::move(keys->keys)](db::Connection& c) -> Result<std::vector<records::Known>> {
            return records::known_keys(c, name, asked);
        };
        auto take = [&work](std::vector<records::Known> known) { work.take_known(std::move(known)); };
        co_return co_await read_into(std::move(read), take);
    }
    auto const& end = std::get<ReconcileEnd>(next);
    run.fault = end.fault;
    run.state = end.unsupported ? "unsupported" : end.fault.empty() ? "done" : "failed";
    co_return true;
}

/// Day by day: a month may hold millions of receipts, and a reader that long would keep the database from tidying up.
net::awaitable<bool> Reconciler::read_marks(Reconciliation& work, AskMarks asked)
{
    using Marks = std::vector<db::reconciliations::Mark>;
    Marks marks;
    for (auto from = asked.from; from < asked.to;) {
        auto const to = std::min<Instant>(std::chrono::floor<std::chrono::days>(from) + std::chrono::days{1}, asked.to);
        auto read = [name = name_, from, to](db::Connection& c) -> Result<Marks> {
            return db::reconciliations::marks(c, name, from, to);
        };
        auto append = [&marks](Marks const& found) { marks.insert(marks.end(), found.begin(), found.end()); };
        if (!co_await read_into(std::move(read), append)) co_return false;
        from = to;
    }
    work.take_marks(std::move(marks));
    co_return true;
}

net::awaitable<bool> Reconciler::ask_portal(Reconciliation& work, Run& run, Request request, net::steady_timer& timer)
{
    auto const began = clock_.now();
    auto const answer = co_await transport_.send(std::move(request));
    ++run.requests;
    work.take(answer, clock_.now());
    if (run.kind != "daily") co_return true;
    auto const rest = std::clamp<Duration>(rest_share * (clock_.now() - began), Duration::zero(), rest_max);
    co_await sleep_on(timer, rest);
    co_return true;
}

net::awaitable<bool> Reconciler::report(Run& run, ReportFindings found)
{
    auto keep = [name = name_, findings = std::move(found.findings),
                 now = clock_.now()](db::Connection& c) -> Result<std::vector<std::string>> {
        std::vector<std::string> kinds;
        for (auto finding : findings) {
            finding.target = name;
            tell_lost(c, finding);
            if (db::reconciliations::report(c, finding, now)) kinds.push_back(finding.kind);
        }
        return kinds;
    };
    auto const kinds = co_await write(std::move(keep));
    if (!kinds) co_return false;
    run.findings += std::ssize(*kinds);
    std::map<std::string, std::uint64_t> by_kind;
    for (auto const& kind : *kinds) ++by_kind[kind];
    for (auto const& [kind, number] : by_kind) {
        count("reconcile_diff_total", "Records that a portal does not have as it signed for them.", {"kind", kind},
              number);
        log::warning("the portal differs from its receipts", {{"target", name_}, {"kind", kind}, {"records", number}});
    }
    co_return true;
}

void Reconciler::count(std::string const& name, std::string const& help,
                       std::pair<std::string, std::string> const& label, std::uint64_t number)
{
    if (metrics_ == nullptr) return;
    metrics_->counter(name, help, {{"target", name_}, label}).add(number);
}

} // namespace nguon::connector
