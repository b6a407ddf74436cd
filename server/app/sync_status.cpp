#include "server/app/sync_status.hpp"

#include "db/audit_log.hpp"
#include "db/connections.hpp"
#include "db/portal_catalogues.hpp"
#include "db/reconciliations.hpp"
#include "db/search_words.hpp"
#include "server/app/approvals.hpp"
#include "server/app/province_search.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr auto slow_after = std::chrono::minutes{5};
constexpr std::size_t found_max = 5;

/// Worst first.
constexpr std::array<std::string_view, 9> by_urgency{
    "stopped_security", "stopped_identity", "stopped_contract", "stopped_setup", "waiting", "slow", "paused", "off",
    "working"};

std::size_t urgency(std::string_view state)
{
    return static_cast<std::size_t>(std::ranges::find(by_urgency, state) - by_urgency.begin());
}

std::string state_of(TargetStatus const& status, bool enabled, bool paused, Instant now)
{
    if (!enabled) return "off";
    if (paused) return "paused";
    if (status.seen.state.empty()) return "off";
    bool const slow = status.oldest_waiting && now - *status.oldest_waiting > slow_after;
    return status.seen.state == "working" && slow ? "slow" : status.seen.state;
}

void note(db::Connection& c, Actor const& actor, OrganizationId const& org, std::string const& action,
          std::string const& kind, std::string const& id, nlohmann::json const& detail)
{
    db::audit_log::Entry entry;
    entry.org = org;
    entry.action = action;
    entry.entity_kind = kind;
    entry.entity_id = id;
    entry.detail = detail.dump();
    db::audit_log::append(c, actor.change(), entry);
}

/// The record, if `who` may do this to its organization.
Result<db::sync_desk::Record> record_within(db::Connection& c, Principal const& who, Scope scope,
                                            std::string const& target, std::int64_t seq)
{
    auto record = db::sync_desk::find(c, target, seq);
    if (!record) return record;
    if (!organization_within(c, who, scope, record->org)) return not_found("delivery.unknown");
    return record;
}

void add_product(db::Connection& c, Principal const& who, ProductId const& id, std::vector<Whereabouts>& out)
{
    auto const product = product_within(c, who, "sync:read", id);
    if (!product) return;
    out.push_back({"product", product->head.name, id.text(), product->owner.id, product->owner.name,
                   db::sync_desk::of_record(c, "product", id.text())});
}

void add_batch(db::Connection& c, Principal const& who, BatchId const& id, std::vector<Whereabouts>& out)
{
    auto const batch = db::batches::find_any(c, id);
    if (!batch) return;
    auto const owner = organization_within(c, who, "sync:read", batch->org);
    if (!owner) return;
    out.push_back({"batch", batch->product_name + " · " + batch->lot, id.text(), owner->id, owner->name,
                   db::sync_desk::of_record(c, "batch", id.text())});
}

} // namespace

std::string worst_state(std::vector<std::string> const& states)
{
    auto const worst = std::ranges::min_element(states, {}, urgency);
    return worst == states.end() ? "off" : *worst;
}

std::string SyncStatus::worst() const
{
    std::vector<std::string> states;
    for (auto const& target : targets) states.push_back(target.state);
    return worst_state(states);
}

bool SyncStatus::conserved() const
{
    return std::ranges::all_of(targets, [](auto const& target) { return target.conservation.holds(); });
}

std::vector<TargetStatus> sync_states(db::Connection& c, Instant now)
{
    std::vector<TargetStatus> out;
    bool const paused = db::targets::is_paused(c);
    auto const seen = db::targets::states(c);
    auto const labels = db::targets::labels(c);
    for (auto const& target : db::targets::list(c)) {
        // Of a connection that was removed only the evidence is left.
        if (!target.enabled && !db::connections::find(c, target.name)) continue;
        TargetStatus status;
        status.target = target.name;
        status.label = labels.at(target.name);
        auto const found = std::ranges::find(seen, target.name, &db::targets::TargetState::target);
        if (found != seen.end()) status.seen = *found;
        status.oldest_waiting = db::deliveries::oldest_pending(c, target.name);
        status.state = state_of(status, target.enabled, paused, now);
        out.push_back(std::move(status));
    }
    return out;
}

SyncStatus sync_status(db::Connection& c, Instant now)
{
    SyncStatus out;
    out.paused = db::targets::is_paused(c);
    out.targets = sync_states(c, now);
    for (auto& status : out.targets) {
        status.conservation = db::deliveries::conservation(c, status.target);
        status.lag = db::sync_desk::lag(c, status.target);
        status.catalogue_gaps = db::portal_catalogues::count_gaps(c, status.target);
    }
    return out;
}

Status set_paused(db::Connection& c, Actor const& actor, bool paused, std::string const& reason)
{
    if (reason.empty()) return invalid_fields({{"/reason", "decision.reason_missing", {}}});
    if (!paused && db::reconciliations::is_restore_open(c)) return conflict("sync.reconcile_first");
    db::targets::set_paused(c, paused);
    note(c, actor, {}, paused ? "sync.pause" : "sync.resume", "installation", "", {{"reason", reason}});
    return Done{};
}

Result<db::sync_desk::Record> show_record(db::Connection& c, Actor const& actor, Principal const& who,
                                          std::string const& target, std::int64_t seq)
{
    auto record = record_within(c, who, "sync:read", target, seq);
    if (record) note_read(c, actor, record->org, record->type, record->id);
    return record;
}

Status retry_record(db::Connection& c, Actor const& actor, Principal const& who, std::string const& target,
                    std::int64_t seq)
{
    auto const record = record_within(c, who, "sync:write", target, seq);
    if (!record) return record.error();
    if (auto queued = db::deliveries::requeue(c, record->org, target, seq, actor.at); !queued) return queued;
    note(c, actor, record->org, "sync.retry", record->type, record->id, {{"target", target}, {"seq", seq}});
    return Done{};
}

Status ask_discard(db::Connection& c, Actor const& actor, Principal const& who, std::string const& target,
                   std::int64_t seq, std::string const& reason)
{
    auto const record = record_within(c, who, "sync:write", target, seq);
    if (!record) return record.error();
    bool const stopped =
        record->state == db::deliveries::State::refused || record->state == db::deliveries::State::parked;
    if (!stopped) return conflict("delivery.not_stopped", {std::string{db::deliveries::to_text(record->state)}});
    if (reason.empty()) return invalid_fields({{"/reason", "decision.reason_missing", {}}});
    auto asked = db::deliveries::ask_discard(c, target, seq, {reason, actor.subject, actor.at});
    if (!asked) return asked;
    note(c, actor, record->org, "sync.discard_asked", record->type, record->id, {{"target", target}, {"seq", seq}});
    return Done{};
}

Status confirm_discard(db::Connection& c, Actor const& actor, Principal const& who, std::string const& target,
                       std::int64_t seq)
{
    auto const record = record_within(c, who, "sync:write", target, seq);
    if (!record) return record.error();
    auto const asked = db::deliveries::find_discard_request(c, target, seq);
    if (!asked) return conflict("delivery.discard_not_asked");
    if (asked->asked_by == actor.subject) return conflict("delivery.discard_same_person");
    if (auto gone = db::deliveries::discard(c, record->org, target, seq, actor.at); !gone) return gone;
    db::deliveries::confirm_discard(c, target, seq, actor.subject, actor.at);
    note(c, actor, record->org, "sync.discarded", record->type, record->id,
         {{"target", target}, {"seq", seq}, {"reason", asked->reason}});
    return Done{};
}

Result<std::int64_t> retry_refused(db::Connection& c, Actor const& actor, Principal const& who,
                                   std::string const& target, OrganizationId const& org)
{
    auto const head = organization_within(c, who, "sync:write", org);
    if (!head) return head.error();
    auto const count = db::deliveries::requeue_refused(c, org, target, actor.at);
    note(c, actor, org, "sync.retry_refused", "organization", org.text(), {{"target", target}, {"count", count}});
    return count;
}

WhereIs where_is(db::Connection& c, Principal const& who, std::string const& text, Date today)
{
    WhereIs out;
    auto const subject = subject_of_text(c, text, today);
    if (subject.batch) add_batch(c, who, subject.batch->id, out.records);
    if (subject.product) add_product(c, who, subject.product->id, out.records);
    if (!out.records.empty()) {
        out.page = page_of_text(text);
        return out;
    }
    for (auto const* kind : {"batch", "product"}) {
        for (auto const& hit : db::search_words::find(c, std::nullopt, kind, text, found_max)) {
            if (hit.kind == "batch") add_batch(c, who, BatchId{hit.entity_id}, out.records);
            if (hit.kind == "product") add_product(c, who, ProductId{hit.entity_id}, out.records);
        }
    }
    return out;
}

} // namespace nguon::server::app
