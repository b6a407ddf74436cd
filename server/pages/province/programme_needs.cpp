#include "core/runtime/cpu_pool.hpp"
#include "db/reference.hpp"
#include "server/app/programme_report.hpp"
#include "server/pages/province/programme_desk.hpp"

namespace nguon::server::pages::province {
namespace {

std::int64_t year_of(Request const& request, Instant now)
{
    auto const asked = read_number(request.query_value("year"));
    return asked > 0 ? asked : static_cast<int>(vietnam_date(now).year()) + 1;
}

struct NeedsPage : app::NeedsPlan {
    Options commune_options = {};
};

Result<NeedsPage> read_needs(db::Connection& c, Services const& services, Request const& request, std::int64_t year)
{
    auto plan = app::find_plan(c, request.param("plan"));
    if (!plan) return plan.error();
    NeedsPage out;
    out.plan = *std::move(plan);
    out.year = year;
    out.day = vietnam_date(services.clock.now());
    out.lines = app::list_needs(c, out.plan, year, services.clock.now());
    for (auto const& commune : db::reference::communes(c, out.plan.province))
        out.communes[commune.code] = commune.kind + " " + commune.name;
    out.commune_options = plan_communes(c, services, request, out.plan);
    return out;
}

json need_row(Services const& services, Request const& request, NeedsPage const& shown, app::NeedLine const& line)
{
    auto const say = words(services, request);
    auto const& need = line.need;
    bool const open = need.state == "registered";
    return {{"id", need.id},
            {"organization", need.org_name},
            {"item", line.item_name},
            {"detail", need.detail},
            {"estimate", app::figure_text(static_cast<double>(need.estimate))},
            {"first", line.first},
            {"refusal", line.refusal_day.empty() ? "" : say("programme.need.had", {line.refusal_day})},
            {"chip",
             {{"tone", open                       ? "info"
                       : need.state == "selected" ? "good"
                                                  : "warn"},
              {"icon", open                       ? "…"
                       : need.state == "selected" ? "✓"
                                                  : "–"},
              {"text", say("programme.need." + need.state)}}},
            {"reason", need.reason},
            {"action", plan_url(shown.plan.id, "/needs/" + need.id)},
            {"may_decide", request.who.may("programme:write")},
            {"may_select", line.refusal_day.empty() && need.state != "selected"}};
}

http::Response needs_page(Services& services, Request const& request, NeedsPage const& shown, Error const* error)
{
    auto const say = words(services, request);
    json rows = json::array();
    double selected = 0;
    for (auto const& line : shown.lines) {
        rows.push_back(need_row(services, request, shown, line));
        if (line.need.state == "selected") selected += static_cast<double>(line.need.estimate);
    }
    auto const year = std::to_string(shown.year);
    FormView form{services, request, "programme.need.field", request.form.to_json(), error};
    form.add({.name = "tax_code", .input_mode = "numeric", .chars_max = 14});
    form.add({.name = "org_name", .chars_max = 200});
    form.add({.name = "commune_code", .type = "select", .options = shown.commune_options});
    form.add({.name = "item", .type = "select", .required = true, .options = item_options(shown.plan, true)});
    form.add({.name = "detail", .required = true, .chars_max = 500});
    form.add({.name = "estimate", .required = true, .input_mode = "numeric"});
    auto const path = plan_url(shown.plan.id, "/needs");
    json view{{"title", say("programme.needs.title", {year})},
              {"section", "programme"},
              {"plan_name", plan_name(services, request, shown.plan)},
              {"plan_url", plan_url(shown.plan.id)},
              {"action", path},
              {"year", year},
              {"previous_url", path + "?year=" + std::to_string(shown.year - 1)},
              {"next_url", path + "?year=" + std::to_string(shown.year + 1)},
              {"docx_url", path + "/plan?year=" + year + "&format=docx"},
              {"xlsx_url", path + "/plan?year=" + year + "&format=xlsx"},
              {"selected", say("programme.needs.selected", {app::figure_text(selected)})},
              {"has_rows", !rows.empty()},
              {"rows", std::move(rows)}};
    form.put_into(view);
    return page(services, request, "province/programme_needs", std::move(view),
                error == nullptr ? 200 : status_of(*error));
}

net::awaitable<http::Response> show_year(Services& services, Request const& request, Error const* error)
{
    auto const asked = read_number(request.form.get("year"));
    auto const year = asked > 0 ? asked : year_of(request, services.clock.now());
    auto work = [&services, &request, year](db::Connection& c) { return read_needs(c, services, request, year); };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return needs_page(services, request, *shown, error);
}

} // namespace

net::awaitable<http::Response> show_needs(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "need:write"); !allowed)
        co_return page_problem(services, request, allowed.error());
    co_return co_await show_year(services, request, nullptr);
}

net::awaitable<http::Response> save_need(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "need:write"); !allowed)
        co_return page_problem(services, request, allowed.error());
    auto const input = console::read_form_as(request.form, &app::read_need);
    if (!input) co_return co_await show_year(services, request, &input.error());
    auto actor = actor_of(services, request);
    actor.org = {}; // an authority registers it for somebody, not for itself
    auto work = [actor, id = std::string{request.param("plan")},
                 input = *input](db::Connection& c) -> Result<std::string> {
        auto const plan = app::find_plan(c, id);
        if (!plan) return plan.error();
        return app::register_need(c, actor, *plan, input);
    };
    auto const saved = co_await services.database.write(std::move(work));
    if (!saved) co_return co_await show_year(services, request, &saved.error());
    co_return redirect(plan_url(request.param("plan"), "/needs?year=" + std::to_string(input->year) + "&done=saved"));
}

net::awaitable<http::Response> decide_need(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "programme:write"); !allowed)
        co_return page_problem(services, request, allowed.error());
    constexpr std::size_t reason_chars_max = 300;
    auto const reason = clean_text(request.form.get("reason"), reason_chars_max);
    if (!reason) co_return page_problem(services, request, reason.error());
    auto work = [actor = actor_of(services, request), id = std::string{request.param("plan")},
                 need = std::string{request.param("need")}, state = std::string{request.form.get("decision")},
                 reason = *reason](db::Connection& c) -> Status {
        auto const plan = app::find_plan(c, id);
        if (!plan) return plan.error();
        return app::decide_need(c, actor, *plan, need, state, reason);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await show_year(services, request, &done.error());
    co_return redirect(
        plan_url(request.param("plan"), "/needs?year=" + std::string{request.form.get("year")} + "&done=saved"));
}

net::awaitable<http::Response> download_needs(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "need:write"); !allowed)
        co_return page_problem(services, request, allowed.error());
    auto const year = year_of(request, services.clock.now());
    auto work = [&services, &request, year](db::Connection& c) { return read_needs(c, services, request, year); };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const name = "ke-hoach-ho-tro-" + std::to_string(year);
    bool const sheet = request.query_value("format") == "xlsx";
    auto draw = [&shown, &services, sheet] {
        return sheet ? office::write_workbook(app::needs_sheets(services.locale, *shown))
                     : office::to_docx(app::needs_document(services.locale, *shown));
    };
    auto bytes = co_await services.cpu_pool.run(std::move(draw));
    if (!bytes) co_return page_problem(services, request, bytes.error());
    auto const type = sheet ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                            : "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    co_return file_response(*std::move(bytes), type, name + (sheet ? ".xlsx" : ".docx"));
}

} // namespace nguon::server::pages::province
