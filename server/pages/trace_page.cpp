#include "server/pages/trace_page.hpp"

#include "core/office/workbook.hpp"
#include "core/runtime/clock.hpp"
#include "core/runtime/metrics.hpp"
#include "db/database.hpp"
#include "server/app/approvals.hpp"
#include "server/app/check_batch.hpp"
#include "server/app/recall_cases.hpp"
#include "server/app/shippings.hpp"
#include "server/app/trace_forms.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/url.hpp"
#include "server/pages/console/desk.hpp"
#include "server/services.hpp"
#include "server/web/page.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::pages {
namespace {

using db::genealogy::Direction;
using nlohmann::json;

constexpr std::string_view sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

struct Found {
    app::Trace trace = {};
    std::optional<app::Completeness> checked = {};
    std::vector<app::Shipping> shippings = {};
};

json lines_view(Services const& services, Request const& request, std::vector<app::TraceLine> const& lines)
{
    json out = json::array();
    for (auto const& line : lines) {
        auto const words = app::words_of(services.locale, request.language, line);
        out.push_back({{"level", std::to_string(std::min<std::size_t>(line.indent, 8))},
                       {"depth", std::to_string(line.indent + 1)},
                       {"thing", words.thing},
                       {"who", words.who},
                       {"link", words.link},
                       {"gap", words.gap},
                       {"recalled", line.thing->status == "recalled"},
                       {"code", line.thing->code}});
    }
    return out;
}

/// "12/11/2026: Chè Shan · L1 – 12 kg – Cửa hàng Tân Phong" in parts.
json shippings_view(Services const& services, Request const& request, std::vector<app::Shipping> const& shippings)
{
    json out = json::array();
    for (auto const& shipping : shippings) {
        std::string to;
        for (auto const& each : shipping.to) to += (to.empty() ? "" : "; ") + each.name;
        out.push_back(
            {{"thing", shipping.thing},
             {"date", console::show_date(request, to_iso(vietnam_date(shipping.at)))},
             {"to", to.empty() ? text(services, request, "trace.shipped.nowhere") : to},
             {"amount", shipping.quantity ? app::amount_text(request.language, *shipping.quantity, shipping.uom)
                                          : std::string{}}});
    }
    return out;
}

json check_view(Services const& services, Request const& request, app::Completeness const& checked)
{
    auto const say = [&](std::string const& key, std::string const& value) {
        return text(services, request, key, {value});
    };
    json lacks = json::array();
    for (auto const& lack : checked.lacks) {
        auto const& value = request.language == "vi" ? lack.value_vi : lack.value_en;
        lacks.push_back(
            {{"what", say("check.lacks." + lack.key, value)}, {"todo", say("check.todo." + lack.key, value)}});
    }
    return {{"score", std::to_string(score_of(checked.story))},
            {"items", std::to_string(checked.story.items_present)},
            {"whole", lacks.empty()},
            {"lacks", std::move(lacks)}};
}

json result_view(Services const& services, Request const& request, Found const& found, Direction direction)
{
    auto const& trace = found.trace;
    constexpr auto most = limits::trace_things_shown;
    json gaps = json::array();
    for (auto const& thing : trace.things) {
        if (thing.gap == app::Gap::none || gaps.size() >= most) continue;
        gaps.push_back({{"thing", app::title_of(thing)},
                        {"who", thing.org_name},
                        {"gap", text(services, request, "trace.gap." + std::string{app::to_text(thing.gap)})}});
    }
    json out{{"name", app::title_of(trace.things.front())},
             {"who", trace.things.front().org_name},
             {"things", console::show_count(request, static_cast<std::int64_t>(trace.things.size()))},
             {"hidden", trace.hidden > 0
                            ? text(services, request, "trace.hidden", {console::show_count(request, trace.hidden)})
                            : std::string{}},
             {"cut", trace.cut.empty() ? std::string{} : text(services, request, "trace.cut." + trace.cut)},
             {"shortened", trace.things.size() > most},
             {"has_gaps", !gaps.empty()},
             {"gaps", std::move(gaps)},
             {"has_shippings", !found.shippings.empty()},
             {"shippings", shippings_view(services, request, found.shippings)},
             {"sections", json::array()}};
    auto const add = [&](std::string const& key, std::vector<app::TraceLine> const& lines) {
        out["sections"].push_back({{"heading", text(services, request, key)},
                                   {"only_itself", lines.size() < 2},
                                   {"nothing", text(services, request, key + ".nothing")},
                                   {"lines", lines_view(services, request, lines)}});
    };
    if (direction != Direction::forward) add("trace.back", app::lines_back(trace, most));
    if (direction != Direction::back) add("trace.forward", app::lines_forward(trace, most));
    if (found.checked) out["check"] = check_view(services, request, *found.checked);
    out["has_check"] = found.checked.has_value();
    return out;
}

net::awaitable<Status> note_look(Services& services, Request const& request, app::Trace const& trace, std::string code)
{
    if (!request.who.is_authority()) co_return Done{};
    auto work = [actor = console::actor_of(services, request), org = trace.things.front().org,
                 code = std::move(code)](db::Connection& c) -> Status {
        app::note_read(c, actor, org, "trace", code);
        return Done{};
    };
    co_return co_await services.database.write_unseen(std::move(work));
}

http::Response file_of(Services const& services, Request const& request, app::Trace const& trace, bool picture)
{
    if (picture)
        return file_response(app::to_picture(services.locale, request.language, trace), "image/svg+xml", "truy-vet.svg",
                             true);
    auto const title = text(services, request, "trace.title");
    return file_response(office::write_sheet(title, app::to_sheet(services.locale, request.language, trace)),
                         sheet_type, "truy-vet.xlsx");
}

} // namespace

net::awaitable<http::Response> trace_page(Services& services, Request const& request, std::string template_name)
{
    std::string const code{request.query_value("code")};
    std::string const direction_text{request.query_value("direction")};
    std::string const format{request.query_value("format")};
    auto const direction = app::direction_from_text(direction_text).value_or(Direction::both);
    json directions = json::array();
    for (std::string const word : {"both", "back", "forward"})
        directions.push_back({{"value", word},
                              {"text", text(services, request, "trace.direction." + word)},
                              {"selected", word == direction_text}});
    json view{{"title", text(services, request, "trace.title")},
              {"section", "trace"},
              {"action", request.path},
              {"code", code},
              {"directions", std::move(directions)},
              {"has_result", false}};
    if (code.empty()) co_return page(services, request, template_name, std::move(view));

    auto work = [viewer = app::viewer_of(request.who), code, direction,
                 now = services.clock.now()](db::Connection& c) -> Result<Found> {
        auto trace = app::trace_thing(c, &viewer, code, direction);
        if (!trace) return trace.error();
        Found out{*std::move(trace)};
        auto const& first = out.trace.things.front();
        auto const sees = [&](OrganizationId const& org) {
            return app::organization_within(c, viewer.who, viewer.scope, org).ok();
        };
        if (direction != Direction::back)
            out.shippings = app::shippings_of(c, out.trace, limits::trace_things_shown, sees);
        if (!first.batch.empty() && app::organization_within(c, viewer.who, viewer.scope, first.org))
            if (auto checked = app::check_batch(c, first.code, now)) out.checked = *std::move(checked);
        return out;
    };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) {
        bool const is_file = !format.empty();
        if (is_file) co_return page_problem(services, request, found.error());
        view["errors"] = form_errors(services, request, found.error());
        co_return page(services, request, template_name, std::move(view), status_of(found.error()));
    }
    if (!found->trace.cut.empty())
        services.metrics
            .counter("limit_hits_total", "Requests that met a limit.", {{"limit", "trace." + found->trace.cut}})
            .add();
    if (auto const noted = co_await note_look(services, request, found->trace, code); !noted)
        co_return page_problem(services, request, noted.error());
    if (format == "svg" || format == "xlsx") co_return file_of(services, request, found->trace, format == "svg");
    auto const file_url = [&](char const* kind) {
        return make_url(request.path, {{"code", code}, {"direction", direction_text}, {"format", kind}});
    };
    view["has_result"] = true;
    view["result"] = result_view(services, request, *found, direction);
    view["result"]["picture_url"] = file_url("svg");
    view["result"]["sheet_url"] = file_url("xlsx");
    bool const may_recall = app::may_recall(request.who).ok() && !found->trace.things.front().batch.empty();
    view["result"]["recall_url"] =
        may_recall ? make_url("/province/recalls/new", {{"scope", "batch"}, {"subject", code}}) : std::string{};
    co_return page(services, request, template_name, std::move(view));
}

} // namespace nguon::server::pages
