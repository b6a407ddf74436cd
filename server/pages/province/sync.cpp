#include "core/fold.hpp"
#include "db/reconciliations.hpp"
#include "db/search_words.hpp"
#include "server/app/alarm_conditions.hpp"
#include "server/app/sync_status.hpp"
#include "server/http/finish.hpp"
#include "server/http/static_files.hpp"
#include "server/pages/province/desk.hpp"
#include "server/pages/province/sync_charts.hpp"
#include "server/pages/province/sync_figures.hpp"
#include "server/pages/province/sync_todo.hpp"

#include <fmt/format.h>

namespace nguon::server::pages::province {
namespace {

constexpr std::size_t reason_chars_max = 300;
constexpr std::size_t found_max = 200;
constexpr int certificate_warning_days = 60;
constexpr std::string_view sync_path = "/province/sync";

/// The page, read in one transaction.
struct SyncPage {
    app::SyncStatus status = {};
    std::string target = {}; // whose enterprises are listed
    std::vector<db::sync_desk::OrganizationLine> organizations = {};
    std::int64_t findings = 0;                                       // differences from the portals that are open
    std::vector<std::vector<db::sync_samples::Sample>> samples = {}; // of the last day, by target
};

Result<SyncPage> read_sync(db::Connection& c, Principal const& who, std::string const& target, std::string const& query,
                           std::int64_t first, Instant now)
{
    SyncPage out;
    out.status = app::sync_status(c, now);
    if (out.status.targets.empty()) return out;
    for (auto const& one : out.status.targets) out.findings += db::reconciliations::count_open(c, one.target);
    for (auto const& one : out.status.targets)
        out.samples.push_back(db::sync_samples::list(c, one.target, now - std::chrono::days{1}));
    out.target = target.empty() ? out.status.targets.front().target : target;
    std::optional<std::vector<std::string>> only;
    if (!query.empty()) {
        only.emplace();
        for (auto const& hit : db::search_words::find(c, std::nullopt, "organization", query, found_max))
            only->push_back(hit.entity_id);
    }
    out.organizations = db::sync_desk::organizations(c, who.areas("sync:read"), out.target, only, first, page_rows + 1);
    return out;
}

/// Figures that lead to their records.
json figures_of(Services const& services, Request const& request, std::string_view target, std::size_t place,
                db::deliveries::Counts const& counts)
{
    json out = json::array();
    for (auto const& [state, count] : counts_in_order(counts))
        out.push_back({{"label", text(services, request, fmt::format("delivery.state.{}", state))},
                       {"count", show_count(request, count)},
                       {"url", make_url("/province/sync/records", {{"target", target}, {"state", state}})},
                       {"live", fmt::format("{}/{}", place, state)},
                       {"none", count == 0}});
    return out;
}

/// "còn 45 ngày (05/01/2027)", and whether somebody must act.
json certificate_of(Services const& services, Request const& request, std::optional<Instant> const& ends, Instant now)
{
    if (!ends) return {{"text", ""}, {"soon", false}};
    auto const left = days_between(vietnam_date(now), vietnam_date(*ends));
    return {
        {"text", text(services, request, left < 0 ? "province.sync.certificate_over" : "province.sync.certificate_left",
                      {std::to_string(std::abs(left)), format_date(request.language, vietnam_date(*ends))})},
        {"soon", left <= certificate_warning_days}};
}

/// How far the portal's clock is from ours, and what to do about it; no text before it was seen.
json skew_of(Services const& services, Request const& request, std::optional<std::chrono::seconds> skew)
{
    if (!skew) return {{"text", ""}, {"far", false}, {"action", ""}};
    auto const say = words(services, request);
    bool const far = std::chrono::abs(*skew) > app::skew_warn;
    auto const apart = show_duration(services, request, std::chrono::abs(*skew));
    auto const* const key = *skew > std::chrono::seconds{0} ? "ahead" : "behind";
    return {{"text", skew->count() == 0 ? say("province.sync.skew.none")
                                        : say(std::string{"province.sync.skew."} + key, {apart})},
            {"far", far},
            {"action", far ? say("alarm.skew.who") : say("province.sync.skew.harmless")}};
}

json target_view(Services const& services, Request const& request, app::TargetStatus const& target, std::size_t place,
                 Instant now)
{
    auto const say = words(services, request);
    auto const& law = target.conservation;
    auto const when = [&](std::optional<Instant> const& at) {
        return at ? show_moment(request, *at) : say("province.sync.never");
    };
    auto const* action = services.locale.find(request.language, "sync.action." + target.state);
    json view{
        {"name", target_name(services, request, target.target)},
        {"status", sync_chip(services, request, target.state)},
        {"action", action == nullptr ? "" : *action},
        {"detail", target.state == "working" || target.state == "slow" ? "" : target.seen.detail},
        {"holds", law.holds()},
        {"created", show_count(request, law.created)},
        {"total", show_count(request, law.counts.total())},
        {"without_receipt", law.without_receipt == 0 ? "" : show_count(request, law.without_receipt)},
        {"checked", show_clock(now)},
        {"place", std::to_string(place)},
        {"figures", figures_of(services, request, target.target, place, law.counts)},
        {"oldest", oldest_text(services, request, target.oldest_waiting, law.counts)},
        {"next_try", target.seen.next_try_at ? show_moment(request, *target.seen.next_try_at) : ""},
        {"succeeded", when(target.seen.succeeded_at)},
        {"failed", target.seen.failed_at ? show_moment(request, *target.seen.failed_at) : ""},
        {"lag", ""},
        {"skew", skew_of(services, request, target.seen.skew)},
        {"certificate", certificate_of(services, request, target.seen.certificate_expires_at, now)},
        {"portal_certificate", certificate_of(services, request, target.seen.portal_certificate_expires_at, now)}};
    if (target.lag.records > 0)
        view["lag"] = say("province.sync.lag_text",
                          {show_duration(services, request, target.lag.median),
                           show_duration(services, request, target.lag.most), show_count(request, target.lag.records)});
    return view;
}

json organization_rows(Services const& services, Request const& request, SyncPage const& shown, bool may_write,
                       Instant now)
{
    json out = json::array();
    for (auto const& line : shown.organizations) {
        // Every number opens its list; nothing has none.
        auto const url = [&](std::string_view state, std::int64_t count) {
            if (count == 0) return std::string{};
            return make_url("/province/sync/records",
                            {{"target", shown.target}, {"org", line.org.text()}, {"state", state}});
        };
        auto const& counts = line.counts;
        out.push_back(
            {{"id", line.org.text()},
             {"name", line.name},
             {"target", shown.target},
             {"url", url("", counts.total())},
             {"pending", show_count(request, counts.pending + counts.in_flight)},
             {"pending_url", url("pending", counts.pending + counts.in_flight)},
             {"held", show_count(request, counts.held)},
             {"held_url", url("held", counts.held)},
             {"delivered", show_count(request, counts.delivered)},
             {"delivered_url", url("delivered", counts.delivered)},
             {"stopped", show_count(request, counts.refused + counts.parked)},
             {"stopped_url", url(counts.refused > 0 ? "refused" : "parked", counts.refused + counts.parked)},
             {"may_retry", may_write && counts.refused > 0},
             {"oldest", line.oldest_waiting ? show_duration(services, request, now - *line.oldest_waiting) : ""},
             {"success", line.last_success ? show_moment(request, *line.last_success) : ""}});
    }
    return out;
}

net::awaitable<http::Response> sync_page(Services& services, Request const& request, Error const* error)
{
    auto const now = services.clock.now();
    std::string const query{request.query_value("query")};
    std::string const target{request.query_value("target")};
    auto const first = (page_number(request) - 1) * page_rows;
    auto work = [who = request.who, target, query, first, now](db::Connection& c) {
        return read_sync(c, who, target, query, first, now);
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());

    bool const may_write = request.who.may("sync:write", OrganizationId{});
    json targets = json::array();
    for (auto const& one : shown->status.targets) {
        auto const place = targets.size();
        targets.push_back(target_view(services, request, one, place, now));
        targets.back()["charts"] = charts_of(services, request, shown->samples[place], place, now);
    }
    SyncSums sums;
    for (auto const& one : shown->status.targets) add(sums, one.conservation.counts);
    json view{{"title", text(services, request, "province.sync.title")},
              {"section", "sync"},
              {"delivered", show_count(request, sums.delivered)},
              {"waiting", show_count(request, sums.waiting)},
              {"stopped", show_count(request, sums.stopped)},
              {"todo", todo_view(services, request, shown->status, shown->findings)},
              {"details_open", !query.empty() || !target.empty() || !request.query_value("page").empty()},
              {"status", sync_chip(services, request, shown->status.worst())},
              {"has_targets", !targets.empty()},
              {"several_targets", targets.size() > 1},
              {"targets", std::move(targets)},
              {"script_url", services.static_files.url("live.js")},
              {"paused", shown->status.paused},
              {"may_write", may_write},
              {"query", query},
              {"target", target},
              {"reason", request.form.get("reason")},
              {"reason_fault", ""}};
    auto rows = organization_rows(services, request, *shown, request.who.may("sync:write"), now);
    add_pages(view, request, rows);
    view["rows"] = std::move(rows);
    if (error != nullptr) {
        auto errors = form_errors(services, request, *error);
        if (errors["by_field"].contains("reason")) view["reason_fault"] = errors["by_field"]["reason"];
        view["errors"] = std::move(errors);
    }
    auto response =
        page(services, request, "province/sync", std::move(view), error == nullptr ? 200 : status_of(*error));
    response.header("Content-Security-Policy", live_policy(services.static_files.public_css_hash()));
    co_return response;
}

} // namespace

net::awaitable<http::Response> show_sync(Services& services, Request const& request)
{
    co_return co_await sync_page(services, request, nullptr);
}

net::awaitable<http::Response> pause_sync(Services& services, Request const& request)
{
    // The whole installation stops: not for a grant that is limited to an area.
    if (!request.who.may("sync:write", OrganizationId{}))
        co_return page_problem(services, request, forbidden("auth.forbidden"));
    auto reason = clean_text(request.form.get("reason"), reason_chars_max);
    if (!reason) {
        auto const fault = invalid_fields({{"/reason", reason.error().key, reason.error().values}});
        co_return co_await sync_page(services, request, &fault);
    }
    bool const pause = request.form.get("pause") == "1";
    auto work = [actor = actor_of(services, request), pause, reason = *reason](db::Connection& c) {
        return app::set_paused(c, actor, pause, reason);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await sync_page(services, request, &done.error());
    if (services.wake_connector) services.wake_connector();
    co_return redirect(make_url(sync_path, {{"done", pause ? "province_paused" : "province_resumed"}}));
}

net::awaitable<http::Response> retry_refused(Services& services, Request const& request)
{
    std::string const target{request.form.get("target")};
    std::string const org{request.form.get("org")};
    auto work = [actor = actor_of(services, request), who = request.who, target, org](db::Connection& c) {
        return app::retry_refused(c, actor, who, target, OrganizationId{org});
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return page_problem(services, request, done.error());
    if (services.wake_connector) services.wake_connector();
    co_return redirect(make_url(sync_path, {{"target", target}, {"done", "province_retried"}}));
}

net::awaitable<http::Response> show_where(Services& services, Request const& request)
{
    std::string const code{request.query_value("code")};
    auto work = [who = request.who, code,
                 today = vietnam_date(services.clock.now())](db::Connection& c) -> Result<app::WhereIs> {
        return code.empty() ? app::WhereIs{} : app::where_is(c, who, code, today);
    };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return page_problem(services, request, found.error());
    json records = json::array();
    for (auto const& record : found->records) {
        json lines = json::array();
        for (auto const& line : record.deliveries) lines.push_back(delivery_line(services, request, line));
        records.push_back({{"what", text(services, request, "province.record." + record.kind)},
                           {"name", record.name},
                           {"organization", record.org_name},
                           {"organization_url", "/province/organizations/" + record.org.text()},
                           {"lines", std::move(lines)}});
    }
    json view{{"title", text(services, request, "province.where.title")},
              {"section", "sync"},
              {"code", code},
              {"searched", !code.empty()},
              {"page", found->page},
              {"records", std::move(records)}};
    co_return page(services, request, "province/where", std::move(view));
}

} // namespace nguon::server::pages::province
