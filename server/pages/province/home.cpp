#include "db/province_desk.hpp"
#include "server/app/duties.hpp"
#include "server/app/programme_outlook.hpp"
#include "server/app/province_search.hpp"
#include "server/app/sync_status.hpp"
#include "server/pages/province/case_view.hpp"

namespace nguon::server::pages::province {
namespace {

constexpr std::size_t duties_shown = 8;

/// What the start page shows, read in one transaction.
struct Home {
    db::province_desk::Totals totals = {};
    app::SyncStatus sync = {};
    std::vector<app::FoundRecord> found = {};
    std::vector<app::Duty> duties = {};
    std::vector<app::Outlook> programmes = {};
};

std::string url_of(app::FoundRecord const& found)
{
    if (found.kind == "organization") return "/province/organizations/" + found.id;
    if (found.kind == "product") return "/province/products/" + found.id;
    return "/province/organizations/" + found.org.text() + "/records";
}

json results_of(Services& services, Request const& request, std::vector<app::FoundRecord> const& found)
{
    auto const say = words(services, request);
    json out = json::array();
    for (auto const& record : found) {
        out.push_back({{"what", say("province.record." + record.kind)},
                       {"name", record.name},
                       {"url", url_of(record)},
                       {"organization", record.kind == "organization" ? "" : record.org_name},
                       {"page", record.page}});
    }
    return out;
}

/// How much is on its way to the portals and not there yet.
std::int64_t waiting_of(app::SyncStatus const& sync)
{
    std::int64_t waiting = 0;
    for (auto const& target : sync.targets)
        waiting += target.conservation.counts.pending + target.conservation.counts.in_flight;
    return waiting;
}

std::int64_t stopped_of(app::SyncStatus const& sync)
{
    std::int64_t stopped = 0;
    for (auto const& target : sync.targets)
        stopped += target.conservation.counts.refused + target.conservation.counts.parked;
    return stopped;
}

json sync_tile(Services& services, Request const& request, app::SyncStatus const& sync)
{
    auto const say = words(services, request);
    auto tile = sync_chip(services, request, sync.worst());
    auto const stopped = stopped_of(sync);
    tile["waiting"] = say("province.home.sync_waiting", {show_count(request, waiting_of(sync))});
    tile["stopped"] = stopped == 0 ? "" : say("province.home.sync_stopped", {show_count(request, stopped)});
    tile["broken"] = !sync.conserved();
    return tile;
}

std::string url_of(app::Duty const& duty)
{
    if (duty.kind == "recall") return "/province/recalls/" + duty.id;
    if (duty.kind == "complaint") return "/province/complaints/" + duty.id;
    if (duty.kind == "personal_request") return "/province/personal-requests/" + duty.id;
    if (duty.kind == "data_request") return "/province/data-requests";
    if (duty.kind == "report") return "/province/programme/" + duty.id;
    return "/province/inspections/" + duty.id;
}

json duty_rows(Services& services, Request const& request, std::vector<app::Duty> const& duties, Instant now)
{
    json out = json::array();
    for (auto const& duty : duties) {
        json row{{"what", text(services, request, "province.duty." + duty.kind)},
                 {"name", duty.name},
                 {"url", url_of(duty)},
                 {"time", duty.waits_for_us ? show_moment(request, duty.due_at)
                                            : format_deadline(services.locale, request.language, duty.due_at)}};
        if (!duty.waits_for_us) row["chip"] = due_chip(services, request, duty.due_at, now);
        out.push_back(std::move(row));
    }
    return out;
}

json programme_tiles(Services& services, Request const& request, std::vector<app::Outlook> const& all, Date today)
{
    auto const say = words(services, request);
    json out = json::array();
    for (auto const& one : all)
        out.push_back({{"url", "/province/programme/" + one.plan},
                       {"name", say("province.home.plan", {one.number})},
                       {"days", one.due ? show_count(request, days_between(today, *one.due)) : ""},
                       {"due", one.due ? say("province.home.report_due", {show_date(request, to_iso(*one.due))}) : ""},
                       {"on_course", one.behind == 0},
                       {"behind", one.behind == 0 ? say("province.home.on_course", {show_count(request, one.wanted)})
                                                  : say("province.home.behind", {show_count(request, one.behind),
                                                                                 show_count(request, one.wanted)})}});
    return out;
}

} // namespace

net::awaitable<http::Response> show_home(Services& services, Request const& request)
{
    auto const say = words(services, request);
    auto const now = services.clock.now();
    bool const sees_sync = request.who.may("sync:read");
    std::string const query{request.query_value("query")};
    bool const sees_programme = request.who.may("report:read", OrganizationId{}); // figures are the whole province's
    auto work = [who = request.who, query, now, sees_sync, sees_programme](db::Connection& c) -> Result<Home> {
        Home home;
        if (sees_programme) home.programmes = app::outlooks(c, now);
        home.totals = db::province_desk::totals(c, who.areas("province:read"), now);
        if (sees_sync) home.sync = app::sync_status(c, now);
        home.duties = app::next_duties(c, who, now, duties_shown);
        if (!query.empty()) home.found = app::search_province(c, who, query, vietnam_date(now));
        return home;
    };
    auto const home = co_await services.database.read(std::move(work));
    if (!home) co_return page_problem(services, request, home.error());

    auto const& totals = home->totals;
    json view{{"title", say("province.home.title")},
              {"section", "province"},
              {"query", query},
              {"results", results_of(services, request, home->found)},
              {"searched", !query.empty()},
              {"duties", duty_rows(services, request, home->duties, now)},
              {"has_duties", !home->duties.empty()},
              {"waiting", show_count(request, totals.waiting)},
              {"oldest", ""},
              {"has_sync", sees_sync},
              {"has_complaints", request.who.may("complaint:read")},
              {"complaints", show_count(request, totals.open_complaints)},
              {"late_complaints", totals.late_complaints == 0 ? "" : show_count(request, totals.late_complaints)},
              {"organizations", show_count(request, totals.organizations)},
              {"products", show_count(request, totals.products)},
              {"batches", show_count(request, totals.batches)},
              {"events", show_count(request, totals.events)},
              {"programmes", programme_tiles(services, request, home->programmes, vietnam_date(now))},
              {"has_slips", request.who.may("slip:write")}};
    if (totals.oldest_submission)
        view["oldest"] =
            say("province.home.oldest", {show_duration(services, request, now - *totals.oldest_submission)});
    if (sees_sync) view["sync"] = sync_tile(services, request, home->sync);
    co_return page(services, request, "province/home", std::move(view));
}

} // namespace nguon::server::pages::province
