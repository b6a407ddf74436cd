#include "server/api/records.hpp"
#include "server/app/reconcile.hpp"

namespace nguon::server::api {
namespace {

constexpr std::size_t target_chars_max = 64;

json moment(Instant at) { return to_iso(OffsetTime{at, vietnam_offset}); }

json to_record(db::reconciliations::Run const& run)
{
    return without_blanks({{"id", run.id},
                           {"kind", run.kind},
                           {"reason", run.reason},
                           {"state", run.state},
                           {"asked_at", moment(run.asked_at)},
                           {"ended_at", run.ended_at ? moment(*run.ended_at) : json()},
                           {"compared", run.compared},
                           {"requests", run.requests},
                           {"findings", run.findings},
                           {"fault", run.fault}});
}

json to_record(app::ReconcileFinding const& shown)
{
    auto const& finding = shown.finding;
    auto const detail = json::parse(finding.detail, nullptr, false);
    return without_blanks({{"kind", finding.kind},
                           {"key", finding.key},
                           {"seq", finding.seq == 0 ? json() : json(finding.seq)},
                           {"organization_id", finding.org.text()},
                           {"found_at", moment(finding.found_at)},
                           {"seen_at", moment(finding.seen_at)},
                           {"detail", detail.is_object() ? detail : json()}});
}

json to_record(app::ReconcileState const& state)
{
    auto runs = json::array();
    for (auto const& run : state.runs) runs.push_back(to_record(run));
    auto findings = json::array();
    for (auto const& finding : state.findings) findings.push_back(to_record(finding));
    return without_blanks({{"target", state.target},
                           {"under_way", state.under_way ? to_record(*state.under_way) : json()},
                           {"runs", std::move(runs)},
                           {"open", state.open},
                           {"findings", std::move(findings)}});
}

} // namespace

/// GET /api/v1/province/reconciliations: of every portal in use what was compared and what differs.
net::awaitable<http::Response> list_reconciliations(Services& services, Request const& request)
{
    auto rows = [who = request.who](db::Connection& c, Paging const& paging) -> Rows {
        if (!who.may("sync:read", OrganizationId{})) return forbidden("reconcile.whole_province");
        return rows_of(slice(app::reconcile_states(c), paging), [](auto const& state) { return to_record(state); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// POST /api/v1/province/reconciliations: a full comparison; 202, the connector begins within seconds.
net::awaitable<http::Response> ask_reconciliation(Services& services, Request const& request)
{
    auto const target = read_body(request, [](JsonReader& in) { return in.text("target", target_chars_max); });
    if (!target) co_return problem(services, request, target.error());
    auto work = [who = request.who, actor = actor_of(services, request),
                 target = *target](db::Connection& c) -> Result<Created> {
        if (!who.may("sync:write", OrganizationId{})) return forbidden("reconcile.whole_province");
        if (auto const asked = app::ask_reconciliation(c, actor, target); !asked) return asked.error();
        for (auto const& state : app::reconcile_states(c))
            if (state.target == target) return Created{"/api/v1/province/reconciliations", to_record(state), 202};
        return not_found("target.unknown");
    };
    co_return co_await create(services, request, std::move(work));
}

} // namespace nguon::server::api
