#include "server/app/reconcile.hpp"
#include "server/pages/province/desk.hpp"

#include <fmt/format.h>

namespace nguon::server::pages::province {
namespace {

constexpr std::size_t reason_chars_max = 300;
constexpr std::string_view reconcile_path = "/province/sync/reconcile";

json run_view(Services const& services, Request const& request, db::reconciliations::Run const& run)
{
    auto const say = words(services, request);
    bool const clean = run.state == "done" && run.findings == 0;
    return {{"kind", say("reconcile.kind." + run.kind)},
            {"ended", run.ended_at ? show_moment(request, *run.ended_at) : ""},
            {"tone", clean                 ? "good"
                     : run.state == "done" ? "warn"
                                           : "plain"},
            {"icon", clean                 ? "✓"
                     : run.state == "done" ? "⚠"
                                           : "–"},
            {"outcome", run.state == "done"
                            ? say(clean ? "reconcile.clean" : "reconcile.found", {show_count(request, run.findings)})
                            : say("reconcile.state." + run.state)},
            {"compared", show_count(request, run.compared)},
            {"fault", run.fault}};
}

json finding_view(Services const& services, Request const& request, app::ReconcileFinding const& shown, bool may_write)
{
    auto const say = words(services, request);
    auto const& finding = shown.finding;
    auto const detail = json::parse(finding.detail, nullptr, false);
    auto const text_of = [&detail](char const* name) {
        return detail.is_object() ? detail.value(name, std::string{}) : std::string{};
    };
    json view{{"target", finding.target},
              {"key", finding.key},
              {"kind", finding.kind},
              {"title", say("reconcile.finding." + finding.kind)},
              {"action", say("reconcile.action." + finding.kind)},
              {"found", show_moment(request, finding.found_at)},
              {"portal", text_of("portal")},
              {"ours", text_of("sha256")},
              {"what", ""},
              {"url", ""},
              {"by_itself", finding.kind == "missing" || finding.kind == "stopped"},
              {"may_close", may_write && finding.kind != "missing" && finding.kind != "stopped"}};
    if (shown.record) {
        auto const line = delivery_line(services, request, *shown.record);
        view["what"] = line["what"];
        view["name"] = line["name"];
        view["organization"] = line["organization"];
        view["url"] = record_url(finding.target, finding.seq);
    } else if (auto const type = text_of("type"); !type.empty()) {
        auto const* const known = services.locale.find(request.language, "province.record." + type);
        view["what"] = known == nullptr ? type : *known;
        view["name"] = text_of("id");
        view["organization"] = "";
    }
    return view;
}

json target_view(Services const& services, Request const& request, app::ReconcileState const& state, bool may_write)
{
    auto const say = words(services, request);
    json runs = json::array();
    for (auto const& run : state.runs) runs.push_back(run_view(services, request, run));
    json findings = json::array();
    for (auto const& finding : state.findings) findings.push_back(finding_view(services, request, finding, may_write));
    auto const& under_way = state.under_way;
    return {{"target", state.target},
            {"name", target_name(services, request, state.target)},
            {"under_way", under_way ? say("reconcile.state." + under_way->state) : ""},
            {"fault", under_way ? under_way->fault : ""},
            {"open", show_count(request, state.open)},
            {"some_open", state.open > 0},
            {"has_runs", !runs.empty()},
            {"runs", std::move(runs)},
            {"findings", std::move(findings)},
            {"may_ask", may_write && !under_way}};
}

net::awaitable<http::Response> reconcile_page(Services& services, Request const& request, Error const* error)
{
    auto work = [](db::Connection& c) -> Result<std::vector<app::ReconcileState>> { return app::reconcile_states(c); };
    auto const states = co_await services.database.read(std::move(work));
    if (!states) co_return page_problem(services, request, states.error());
    bool const may_write = request.who.may("sync:write", OrganizationId{});
    json targets = json::array();
    for (auto const& state : *states) targets.push_back(target_view(services, request, state, may_write));
    json view{{"title", text(services, request, "reconcile.title")},
              {"section", "sync"},
              {"has_targets", !targets.empty()},
              {"targets", std::move(targets)}};
    if (error != nullptr) view["errors"] = form_errors(services, request, *error);
    co_return page(services, request, "province/reconcile", std::move(view),
                   error == nullptr ? 200 : status_of(*error));
}

} // namespace

net::awaitable<http::Response> show_reconcile(Services& services, Request const& request)
{
    // What one portal has and misses concerns the whole installation.
    if (!request.who.may("sync:read", OrganizationId{}))
        co_return page_problem(services, request, forbidden("auth.forbidden"));
    co_return co_await reconcile_page(services, request, nullptr);
}

net::awaitable<http::Response> ask_reconcile(Services& services, Request const& request)
{
    if (!request.who.may("sync:write", OrganizationId{}))
        co_return page_problem(services, request, forbidden("auth.forbidden"));
    auto work = [actor = actor_of(services, request), target = std::string{request.form.get("target")}](
                    db::Connection& c) { return app::ask_reconciliation(c, actor, target); };
    auto const asked = co_await services.database.write(std::move(work));
    if (!asked) co_return page_problem(services, request, asked.error());
    co_return redirect(make_url(reconcile_path, {{"done", "province_reconcile"}}));
}

net::awaitable<http::Response> close_reconcile_finding(Services& services, Request const& request)
{
    if (!request.who.may("sync:write", OrganizationId{}))
        co_return page_problem(services, request, forbidden("auth.forbidden"));
    auto const reason = clean_text(request.form.get("reason"), reason_chars_max);
    if (!reason) {
        auto const fault = invalid_fields({{"/reason", reason.error().key, reason.error().values}});
        co_return co_await reconcile_page(services, request, &fault);
    }
    auto work = [actor = actor_of(services, request), target = std::string{request.form.get("target")},
                 key = std::string{request.form.get("key")}, kind = std::string{request.form.get("kind")},
                 reason = *reason](db::Connection& c) {
        return app::close_finding(c, actor, target, key, kind, reason);
    };
    auto const closed = co_await services.database.write(std::move(work));
    if (!closed) co_return co_await reconcile_page(services, request, &closed.error());
    co_return redirect(make_url(reconcile_path, {{"done", "province_finding_closed"}}));
}

} // namespace nguon::server::pages::province
