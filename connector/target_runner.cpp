#include "connector/target_runner.hpp"

#include "connector/sleep.hpp"
#include "core/bytes.hpp"
#include "core/runtime/log.hpp"
#include "db/blobs.hpp"

#include <algorithm>
#include <utility>

namespace nguon::connector {

namespace {

constexpr std::chrono::seconds wait_max{1};
constexpr int skew_smoothing = 8;
constexpr int pause_per_count = 50; // counting a backlog of a million must not slow down its sending

} // namespace

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
    if (!check_store(lane, records ? nullptr : &records.error())) co_return;
    bool const any = !records->empty();
    engine_.claimed(lane, clock_.now(), std::move(*records));
    // The others waited for this claim, because two at once could take the same organization.
    if (any) cancel_timers();
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

net::awaitable<Answer> TargetRunner::send(Request request)
{
    if (!request.file.empty()) {
        auto work = [sha256 = request.file](db::Connection& c) { return db::blobs::find_any(c, sha256); };
        auto const file = co_await database_.read(std::move(work));
        // Away since the claim, or damaged on the disk: as little as a portal would take it.
        bool const gone = !file && file.error().code == ErrorCode::not_found;
        if (gone || (file && sha256_hex(file->bytes) != request.file)) {
            Answer unreadable;
            unreadable.status = 422;
            unreadable.body = "the stored file is missing or damaged";
            co_return unreadable;
        }
        if (!file) {
            Answer later;
            later.fault = Fault::connect;
            later.fault_text = file.error().key;
            co_return later;
        }
        request.body += file->bytes + request.after_file;
    }
    co_return co_await transport_.send(std::move(request));
}

net::awaitable<void> TargetRunner::run_lane(std::size_t lane)
{
    while (!over_) {
        auto action = engine_.next(lane, clock_.now());
        if (std::holds_alternative<StopAction>(action)) co_return;
        if (auto* const wait = std::get_if<WaitAction>(&action)) {
            // Never longer than a tick: a stepped clock must not stall the lane.
            auto const time = std::clamp<Duration>(wait->until - clock_.now(), std::chrono::milliseconds{1}, wait_max);
            co_await sleep_on(*timers_[lane], time);
        } else if (auto* const claim = std::get_if<ClaimAction>(&action)) {
            co_await act(lane, std::move(*claim));
        } else if (auto* const freeze = std::get_if<Freeze>(&action)) {
            co_await act(lane, std::move(*freeze));
        } else if (auto* const settle = std::get_if<SettleAction>(&action)) {
            co_await act(lane, std::move(*settle));
        } else if (auto* const request = std::get_if<Request>(&action)) {
            auto const answer = co_await send(std::move(*request));
            learn_skew(answer);
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
    if (auto const loaded = co_await catalogues_.load(); !loaded) co_return loaded;
    auto const recovered = co_await store_.recover(clock_.now());
    if (!recovered) co_return recovered.error();
    log::info("synchronisation begins", {{"target", name_}, {"recovered", *recovered}});
    co_return Done{};
}

void TargetRunner::learn_skew(Answer const& answer)
{
    auto const seen = clock_skew(answer.header("date"), clock_.now());
    if (!seen) return;
    skew_ = skew_ ? *skew_ + (*seen - *skew_) / skew_smoothing : *seen;
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
    auto const limit_hits = [&](char const* limit, std::uint64_t now, std::uint64_t before) {
        metrics_->counter("limit_hits_total", "Requests that met a limit.", {{"limit", limit}}).add(now - before);
    };
    limit_hits("portal_poll_wait", counters.polls_capped, counted_.polls_capped);
    limit_hits("portal_picture_bytes", counters.pictures_too_large, counted_.pictures_too_large);
    limit_hits("portal_pictures_in_batch", counters.pictures_put_off, counted_.pictures_put_off);
    metrics_->gauge("retry_budget_used", "Percent of the retries that are allowed at present.", {{"target", name_}})
        .set(engine_.retry_budget_used(clock_.now()));
    counted_ = counters;
    for (auto const kind : breaker_kinds)
        metrics_
            ->gauge("breaker_state", "0 closed, 1 open, 2 half open.",
                    {{"target", name_}, {"kind", std::string{to_text(kind)}}})
            .set(static_cast<std::int64_t>(engine_.breaker(kind).state(clock_.now())));
    if (skew_)
        metrics_->gauge("clock_skew_seconds", "The portal's clock minus ours.", {{"target", name_}})
            .set(std::chrono::round<std::chrono::seconds>(*skew_).count());
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
    reconciler_.set_portal_works(status.state == "working" || status.state == "paused");
    catalogues_.set_portal_works(status.state == "working" && status.succeeded_at.has_value());
    auto state = published_;
    state.target = name_;
    state.state = status.state;
    state.detail = status.state == "working" ? std::string{}
                                             : std::string{to_text(status.last_fault.answer_class)} + " " +
                                                   status.last_fault.code + " " + status.last_fault.text;
    state.next_try_at = status.next_try_at;
    // To the second: what flickers below it is the wire.
    if (skew_) state.skew = std::chrono::round<std::chrono::seconds>(*skew_);
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
    auto const begun = std::chrono::steady_clock::now();
    if (metrics_ == nullptr || begun < counts_due_) co_return;
    struct Seen {
        db::deliveries::Counts counts = {};
        std::optional<Instant> oldest = {};
        std::int64_t gaps = 0;
    };
    auto work = [name = name_](db::Connection& c) -> Result<Seen> {
        return Seen{db::deliveries::count(c, name), db::deliveries::oldest_pending(c, name),
                    db::portal_catalogues::count_gaps(c, name)};
    };
    auto const seen = co_await database_.read(std::move(work));
    auto const ended = std::chrono::steady_clock::now();
    counts_due_ = ended + pause_per_count * (ended - begun);
    if (!seen) co_return;
    Labels const labels{{"target", name_}};
    metrics_->gauge("outbox_pending", "Records waiting to be delivered.", labels).set(seen->counts.pending);
    metrics_->gauge("outbox_held", "Records that lack an approval or data.", labels).set(seen->counts.held);
    metrics_->gauge("outbox_refused", "Records the portal refused.", labels).set(seen->counts.refused);
    metrics_->gauge("outbox_parked", "Records that wait for a person.", labels).set(seen->counts.parked);
    metrics_->gauge("catalogue_gaps", "Values of ours without an entry in the portal's catalogues.", labels)
        .set(seen->gaps);
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

} // namespace nguon::connector
