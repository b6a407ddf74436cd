#include "connector/engine.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace nguon::connector {

using db::deliveries::Settlement;
using db::deliveries::State;

struct Engine::Lane {
    enum class Phase { idle, claiming, talking, freezing, sending, probing, settling };

    Phase phase = Phase::idle;
    Instant wait_until = {}; // idle, or after the store failed
    Instant sent_at = {};
    bool fresh_only = false; // what was asked for
    bool probes = false;     // one record, to learn whether the portal is back
    std::size_t asked = 0;
    std::vector<Record> records = {};
    std::unique_ptr<Conversation> conversation = {};
    Freeze freeze = {};
    std::vector<Settlement> settlements = {};
};

namespace {

/// How the breakers take the end of a conversation.
std::optional<BreakerKind> blamed_breaker(AnswerClass answer_class)
{
    switch (answer_class) {
    case AnswerClass::transient:
    case AnswerClass::unknown:
        return BreakerKind::transport;
    case AnswerClass::identity:
        return BreakerKind::identity;
    case AnswerClass::contract:
        return BreakerKind::contract;
    case AnswerClass::portal_certificate:
        return BreakerKind::security;
    case AnswerClass::decided:
    case AnswerClass::accepted:
    case AnswerClass::record_fault:
    case AnswerClass::in_progress:
    case AnswerClass::conflict:
    case AnswerClass::too_big:
        break;
    }
    return std::nullopt;
}

/// A smaller batch may tell the culprit from the others.
bool is_halved_after(AnswerClass answer_class)
{
    return answer_class == AnswerClass::record_fault || answer_class == AnswerClass::too_big ||
           answer_class == AnswerClass::conflict || answer_class == AnswerClass::transient ||
           answer_class == AnswerClass::unknown;
}

/// Asking what became of a record that the portal works on is no retry.
bool is_sent_again(Record const& record)
{
    bool const asks =
        record.error_class == to_text(AnswerClass::accepted) || record.error_class == to_text(AnswerClass::in_progress);
    return !record.wire.empty() && !asks;
}

Settlement pending_again(Record const& record, Instant not_before, std::string error_class, Reading const& reading)
{
    Settlement settlement;
    settlement.seq = record.seq;
    settlement.state = State::pending;
    settlement.not_before = not_before;
    settlement.error_class = std::move(error_class);
    settlement.error_code = reading.code;
    settlement.error_text = reading.text;
    return settlement;
}

Settlement stopped(Record const& record, State state, std::string error_class, std::string code, std::string text)
{
    Settlement settlement;
    settlement.seq = record.seq;
    settlement.state = state;
    settlement.error_class = std::move(error_class);
    settlement.error_code = std::move(code);
    settlement.error_text = std::move(text);
    return settlement;
}

} // namespace

Engine::Engine(Target& target, Random& random, EngineSettings settings)
    : target_{target}, random_{random}, settings_{settings},
      breakers_{{BreakerKind::transport, Breaker{transport_breaker}},
                {BreakerKind::identity, Breaker{identity_breaker}},
                {BreakerKind::contract, Breaker{contract_breaker}},
                {BreakerKind::security, Breaker{security_breaker}}},
      pace_{std::min(settings.records_max, target.records_max()), settings.lanes}
{
    settings_.records_max = std::min(settings_.records_max, target.records_max());
    for (std::size_t i = 0; i < settings_.lanes; ++i) lanes_.push_back(std::make_unique<Lane>());
}

Engine::~Engine() = default;

bool Engine::is_closed(BreakerKind kind, Instant now) const
{
    return breakers_.at(kind).state(now) == Breaker::State::closed;
}

std::size_t Engine::busy_lanes() const
{
    return static_cast<std::size_t>(
        std::count_if(lanes_.begin(), lanes_.end(), [](auto const& lane) { return lane->phase != Lane::Phase::idle; }));
}

std::vector<std::string> Engine::busy_organizations() const
{
    std::map<std::string, std::size_t> under_way;
    for (auto const& lane : lanes_)
        if (!lane->records.empty()) ++under_way[lane->records.front().org.text()];
    std::vector<std::string> busy;
    for (auto const& [org, batches] : under_way) {
        auto const memory = organizations_.find(org);
        bool const fails = memory != organizations_.end() && memory->second.failures > 0;
        if (fails || batches >= settings_.lanes_of_one) busy.push_back(org);
    }
    return busy;
}

Action Engine::next(std::size_t index, Instant now)
{
    auto& lane = *lanes_.at(index);
    if (lane.phase == Lane::Phase::idle) return next_idle(lane, now);
    if (now < lane.wait_until) return WaitAction{lane.wait_until};
    switch (lane.phase) {
    case Lane::Phase::freezing:
        return lane.freeze;
    case Lane::Phase::settling:
        return SettleAction{lane.settlements};
    default:
        break;
    }
    assert(lane.phase == Lane::Phase::talking);
    return next_step(lane, now);
}

Action Engine::next_idle(Lane& lane, Instant now)
{
    if (stopping_) return StopAction{};
    auto const later = now + settings_.poll_time;
    if (paused_) return WaitAction{later};
    if (now < lane.wait_until) return WaitAction{lane.wait_until};
    if (now < asked_to_wait_until_) return WaitAction{asked_to_wait_until_};

    bool half_open = false;
    for (auto const kind : breaker_kinds) {
        auto const& breaker = breakers_.at(kind);
        if (breaker.state(now) == Breaker::State::open) return WaitAction{breaker.retry_at()};
        half_open = half_open || breaker.state(now) == Breaker::State::half_open;
    }
    auto const busy = busy_lanes();
    if (half_open && busy > 0) return WaitAction{later};
    auto const side_by_side = std::min<std::size_t>(breakers_.at(BreakerKind::transport).ramp(), pace_.lanes());
    if (busy >= side_by_side) return WaitAction{later};
    if (breakers_.at(BreakerKind::security).state(now) == Breaker::State::half_open) {
        lane.phase = Lane::Phase::probing;
        return ProbeAction{target_.probe_url()};
    }
    // Two claims at once could both take an organization that has one batch more to take.
    for (auto const& other : lanes_)
        if (other->phase == Lane::Phase::claiming)
            return WaitAction{now + std::min(settings_.poll_time, backoff_floor)};

    return start_claim(lane, now, half_open);
}

Action Engine::start_claim(Lane& lane, Instant now, bool half_open)
{
    lane.phase = Lane::Phase::claiming;
    lane.fresh_only = backlog_ && fresh_turn_ && !half_open;
    lane.probes = half_open;
    lane.asked = half_open ? 1 : pace_.records();
    ClaimAction claim;
    claim.after_org = last_org_;
    claim.records_max = lane.asked;
    claim.bytes_max = settings_.bytes_max;
    if (lane.fresh_only) claim.created_since = now - settings_.fresh_time;
    claim.first_time_only = !half_open && !retries_.allows(now);
    for (auto const& [org, memory] : organizations_)
        if (memory.records_max > 0) claim.org_limits[org] = memory.records_max;
    claim.busy_orgs = busy_organizations();
    return claim;
}

void Engine::claimed(std::size_t index, Instant now, std::vector<Record> records)
{
    auto& lane = *lanes_.at(index);
    assert(lane.phase == Lane::Phase::claiming);
    fresh_turn_ = !lane.fresh_only;
    if (records.empty()) {
        lane.phase = Lane::Phase::idle;
        // Nothing fresh: the backlog has this turn as well.
        if (!lane.fresh_only) lane.wait_until = now + settings_.poll_time;
        return;
    }
    if (!lane.fresh_only) backlog_ = records.front().created_at + settings_.fresh_time < now;
    retries_.sent(now, std::ranges::any_of(records, is_sent_again));
    last_org_ = records.front().org.text();
    lane.records = std::move(records);
    lane.conversation = target_.begin(lane.records);
    lane.phase = Lane::Phase::talking;
}

Action Engine::next_step(Lane& lane, Instant now)
{
    auto step = lane.conversation->next(now);
    if (auto* const request = std::get_if<Request>(&step)) {
        lane.phase = Lane::Phase::sending;
        lane.sent_at = now;
        return std::move(*request);
    }
    if (auto* const freeze = std::get_if<Freeze>(&step)) {
        lane.phase = Lane::Phase::freezing;
        lane.freeze = std::move(*freeze);
        return lane.freeze;
    }
    lane.settlements = conclude(lane, std::get<Conclusion>(step), now);
    lane.conversation.reset();
    lane.phase = Lane::Phase::settling;
    return SettleAction{lane.settlements};
}

void Engine::frozen(std::size_t index)
{
    auto& lane = *lanes_.at(index);
    assert(lane.phase == Lane::Phase::freezing);
    lane.freeze = {};
    lane.phase = Lane::Phase::talking;
}

void Engine::answered(std::size_t index, Instant now, Answer const& answer)
{
    auto& lane = *lanes_.at(index);
    assert(lane.phase == Lane::Phase::sending);
    if (answer.peer_certificate_expires) status_.portal_certificate_expires = answer.peer_certificate_expires;
    if (answer.fault == Fault::timeout) pace_.timed_out();
    if (answer.fault == Fault::none) pace_.answered(now - lane.sent_at, lane.records.size() >= lane.asked);
    lane.conversation->take(answer, now);
    lane.phase = Lane::Phase::talking;
}

void Engine::probed(std::size_t index, Instant now, Answer const& answer)
{
    auto& lane = *lanes_.at(index);
    assert(lane.phase == Lane::Phase::probing);
    lane.phase = Lane::Phase::idle;
    if (answer.peer_certificate_expires) status_.portal_certificate_expires = answer.peer_certificate_expires;
    auto& security = breakers_.at(BreakerKind::security);
    auto const reading = classify(answer, now);
    if (answer.fault == Fault::none) {
        security.success(now);
        return;
    }
    // Whatever went wrong, the portal has not yet proved who it is.
    security.failure(now, random_);
    status_.last_fault = reading;
    status_.failed_at = now;
}

void Engine::settled(std::size_t index, Instant now)
{
    auto& lane = *lanes_.at(index);
    assert(lane.phase == Lane::Phase::settling);
    for (auto const& settlement : lane.settlements) {
        if (settlement.state == State::delivered) ++counters_.delivered;
        if (settlement.state == State::refused) ++counters_.refused;
        if (settlement.state != State::pending) failures_alone_.erase(settlement.seq);
    }
    lane.records.clear();
    lane.settlements.clear();
    lane.phase = Lane::Phase::idle;
    lane.wait_until = now;
}

void Engine::store_failed(std::size_t index, Instant now)
{
    auto& lane = *lanes_.at(index);
    assert(lane.phase == Lane::Phase::claiming || lane.phase == Lane::Phase::freezing ||
           lane.phase == Lane::Phase::settling);
    if (lane.phase == Lane::Phase::claiming) lane.phase = Lane::Phase::idle;
    lane.wait_until = now + settings_.store_retry_time;
}

void Engine::wake()
{
    for (auto& lane : lanes_)
        if (lane->phase == Lane::Phase::idle) lane->wait_until = {};
}

void Engine::count_for_breakers(Reading const& reading, Instant now)
{
    ++counters_.conversations[reading.answer_class];
    if (reading.code.starts_with("receipt.")) ++counters_.receipts_invalid;
    auto const blamed = blamed_breaker(reading.answer_class);
    if (blamed) {
        status_.last_fault = reading;
        status_.failed_at = now;
        retries_.failed(now);
        breakers_.at(*blamed).failure(now, random_);
        return;
    }
    if (reading.answer_class == AnswerClass::decided) status_.succeeded_at = now;
    for (auto& [kind, breaker] : breakers_) breaker.success(now);
}

void Engine::remember(OrganizationMemory& memory, Reading const& reading, Lane const& lane)
{
    if (is_halved_after(reading.answer_class)) {
        bool const portal_blamed = blamed_breaker(reading.answer_class).has_value();
        // A failed probe tells of the portal, not of how much its organization may send at a time.
        if (!(lane.probes && portal_blamed)) memory.records_max = std::max<std::size_t>(1, lane.records.size() / 2);
        if (portal_blamed) ++memory.failures;
        return;
    }
    if (reading.answer_class != AnswerClass::decided) return;
    memory.failures = 0;
    if (memory.records_max > 0) memory.records_max *= 2;
    if (memory.records_max >= settings_.records_max) memory.records_max = 0;
}

std::vector<Settlement> Engine::conclude(Lane& lane, Conclusion const& conclusion, Instant now)
{
    assert(conclusion.records.size() == lane.records.size());
    auto const& org = lane.records.front().org.text();
    auto const& reading = conclusion.reading;
    if (conclusion.exchanged) {
        count_for_breakers(reading, now);
        remember(organizations_[org], reading, lane);
        if (reading.retry_after && reading.answer_class == AnswerClass::transient)
            asked_to_wait_until_ = now + with_jitter(*reading.retry_after, random_);
    }
    std::vector<Settlement> settlements;
    for (auto const& outcome : conclusion.records) {
        auto const record = std::find_if(lane.records.begin(), lane.records.end(),
                                         [&outcome](auto const& candidate) { return candidate.seq == outcome.seq; });
        assert(record != lane.records.end());
        settlements.push_back(settle_record(*record, outcome, reading, lane.records.size() == 1, now));
    }
    auto const memory = organizations_.find(org);
    if (memory != organizations_.end() && memory->second.failures == 0 && memory->second.records_max == 0)
        organizations_.erase(memory);
    return settlements;
}

Settlement Engine::settle_record(Record const& record, RecordOutcome const& outcome, Reading const& reading, bool alone,
                                 Instant now)
{
    switch (outcome.verdict) {
    case Verdict::delivered: {
        assert(outcome.receipt);
        mass_guard_.decided(now);
        auto settlement = stopped(record, State::delivered, "", "", "");
        settlement.receipt = outcome.receipt;
        settlement.portal_id = outcome.portal_id;
        return settlement;
    }
    case Verdict::refused:
        return settle_refused(record, outcome.code, outcome.text, now);
    case Verdict::conflict:
        return stopped(record, State::parked, "conflict", outcome.code, outcome.text);
    case Verdict::superseded:
        return stopped(record, State::superseded, "", outcome.code, outcome.text);
    case Verdict::held: {
        if (outcome.code == hold_picture_too_large) ++counters_.pictures_too_large;
        auto settlement = stopped(record, State::held, "", "", outcome.text);
        settlement.hold = outcome.code;
        settlement.lack = outcome.lack;
        return settlement;
    }
    case Verdict::retry: {
        if (record.attempts + 1 >= settings_.attempts_max)
            return stopped(record, State::parked, "suspect", outcome.code, outcome.text);
        Reading own{AnswerClass::in_progress, {}, outcome.code, outcome.text};
        auto const wait = backoff(static_cast<unsigned>(record.attempts), random_);
        auto settlement = pending_again(record, now + wait, "retry", own);
        settlement.attempt = true;
        return settlement;
    }
    case Verdict::later:
        ++counters_.pictures_put_off;
        return pending_again(record, now, "", {AnswerClass::decided, {}, outcome.code, outcome.text});
    case Verdict::undecided:
        break;
    }
    auto own = reading;
    if (!outcome.code.empty()) own.code = outcome.code;
    if (!outcome.text.empty()) own.text = outcome.text;
    return settle_undecided(record, own, alone, now);
}

Settlement Engine::settle_refused(Record const& record, std::string const& code, std::string const& text, Instant now)
{
    if (!mass_guard_.refused(now, record.type + "/" + record.id, code))
        return stopped(record, State::refused, "refused", code, text);
    // So many cannot all be wrong at once: the portal's release is suspected, and no record pays for it.
    Reading const reading{AnswerClass::contract, {}, code, text};
    if (is_closed(BreakerKind::contract, now)) count_for_breakers(reading, now);
    return pending_again(record, now, std::string{to_text(AnswerClass::contract)}, reading);
}

/// Until the portal is asked again what became of a record that it works on: as long as it wants, within a limit.
Duration Engine::poll_wait(Reading const& reading)
{
    auto const wait = uniform(std::chrono::seconds{5}, std::chrono::seconds{15}, random_);
    if (!reading.retry_after || *reading.retry_after <= wait) return wait;
    if (*reading.retry_after <= limits::portal_poll_wait_max) return with_jitter(*reading.retry_after, random_);
    ++counters_.polls_capped;
    return limits::portal_poll_wait_max;
}

Settlement Engine::settle_undecided(Record const& record, Reading const& reading, bool alone, Instant now)
{
    auto const name = std::string{to_text(reading.answer_class)};
    auto const memory = organizations_.find(record.org.text());
    auto const failures = memory == organizations_.end() ? 0U : memory->second.failures;
    switch (reading.answer_class) {
    case AnswerClass::identity:
    case AnswerClass::contract:
    case AnswerClass::portal_certificate:
        return pending_again(record, now, name, reading); // the breaker waits
    case AnswerClass::accepted:
    case AnswerClass::in_progress:
        return pending_again(record, now + poll_wait(reading), name, reading);
    case AnswerClass::record_fault:
    case AnswerClass::too_big:
        if (alone) return settle_refused(record, reading.code, reading.text, now);
        return pending_again(record, now, name, reading);
    case AnswerClass::conflict:
        if (alone) return stopped(record, State::parked, name, reading.code, reading.text);
        return pending_again(record, now, name, reading);
    case AnswerClass::decided: {
        // The others were decided, this one was not: it waits for itself alone.
        auto const times = ++failures_alone_[record.seq];
        if (times >= settings_.attempts_max)
            return stopped(record, State::parked, "suspect", reading.code, reading.text);
        return pending_again(record, now + backoff(static_cast<unsigned>(times), random_), "unknown", reading);
    }
    case AnswerClass::unknown:
    case AnswerClass::transient:
        break;
    }
    if (alone && is_closed(BreakerKind::transport, now) && ++failures_alone_[record.seq] >= settings_.attempts_max)
        return stopped(record, State::parked, "suspect", reading.code, reading.text);
    auto const error_class = reading.answer_class == AnswerClass::transient ? name : std::string{"unknown"};
    return pending_again(record, now + backoff(failures, random_), error_class, reading);
}

EngineStatus Engine::status(Instant now) const
{
    auto status = status_;
    status.state = "working";
    auto const stopped_by = [&](BreakerKind kind, std::string_view state) {
        auto const& breaker = breakers_.at(kind);
        if (breaker.state(now) == Breaker::State::closed) return;
        status.state = state;
        status.next_try_at = std::max(breaker.retry_at(), now);
    };
    if (now < asked_to_wait_until_) {
        status.state = "waiting";
        status.next_try_at = asked_to_wait_until_;
    }
    stopped_by(BreakerKind::transport, "waiting");
    stopped_by(BreakerKind::contract, "stopped_contract");
    stopped_by(BreakerKind::identity, "stopped_identity");
    stopped_by(BreakerKind::security, "stopped_security");
    if (paused_) {
        status.state = "paused";
        status.next_try_at.reset();
    }
    return status;
}

} // namespace nguon::connector
