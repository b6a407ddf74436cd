#include "server/app/reconcile.hpp"

#include "db/audit_log.hpp"
#include "db/targets.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::int64_t runs_shown = 10;
constexpr std::int64_t findings_shown = 100;

void note(db::Connection& c, Actor const& actor, std::string const& action, nlohmann::json const& detail)
{
    db::audit_log::Entry entry;
    entry.action = action;
    entry.entity_kind = "installation";
    entry.detail = detail.dump();
    db::audit_log::append(c, actor.change(), entry);
}

ReconcileState state_of(db::Connection& c, std::string const& target)
{
    ReconcileState state;
    state.target = target;
    state.under_way = db::reconciliations::next(c, target);
    state.runs = db::reconciliations::list(c, target, runs_shown);
    std::erase_if(state.runs, [](auto const& run) { return !run.is_over(); });
    state.open = db::reconciliations::count_open(c, target);
    for (auto& finding : db::reconciliations::open_findings(c, target, findings_shown)) {
        ReconcileFinding shown;
        if (finding.seq != 0)
            if (auto record = db::sync_desk::find(c, target, finding.seq)) shown.record = *std::move(record);
        shown.finding = std::move(finding);
        state.findings.push_back(std::move(shown));
    }
    return state;
}

} // namespace

std::vector<ReconcileState> reconcile_states(db::Connection& c)
{
    std::vector<ReconcileState> states;
    for (auto const& target : db::targets::list(c))
        if (target.enabled) states.push_back(state_of(c, target.name));
    return states;
}

Status ask_reconciliation(db::Connection& c, Actor const& actor, std::string const& target)
{
    auto const targets = db::targets::list(c);
    bool const known = std::ranges::any_of(targets, [&](auto const& one) { return one.enabled && one.name == target; });
    if (!known) return not_found("target.unknown");
    db::reconciliations::ask(c, target, "full", "person", actor.at);
    note(c, actor, "sync.reconcile", {{"target", target}});
    return Done{};
}

Status close_finding(db::Connection& c, Actor const& actor, std::string const& target, std::string const& key,
                     std::string const& kind, std::string const& reason)
{
    if (reason.empty()) return invalid_fields({{"/reason", "decision.reason_missing", {}}});
    if (auto closed = db::reconciliations::close(c, target, key, kind, reason, actor.at); !closed) return closed;
    note(c, actor, "sync.finding_closed", {{"target", target}, {"key", key}, {"kind", kind}, {"reason", reason}});
    return Done{};
}

} // namespace nguon::server::app
