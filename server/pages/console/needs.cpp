#include "server/app/programme_needs.hpp"
#include "server/app/programme_report.hpp"
#include "server/pages/console/desk.hpp"

namespace nguon::server::pages::console {
namespace {

/// The plan under which a firm registers what it needs: the one whose period lasts.
struct NeedsPage {
    std::optional<programme::Plan> plan = {};
    std::int64_t year = 0; // next year
    std::vector<app::NeedLine> lines = {};
};

std::optional<programme::Plan> plan_of(db::Connection& c, Date day)
{
    for (auto& plan : app::list_plans(c))
        if (plan.period_of(day) != nullptr) return std::move(plan);
    return std::nullopt;
}

Result<NeedsPage> read_needs(db::Connection& c, OrganizationId const& org, Instant now)
{
    NeedsPage out;
    out.year = static_cast<int>(vietnam_date(now).year()) + 1;
    out.plan = plan_of(c, vietnam_date(now));
    if (out.plan) out.lines = app::list_needs(c, *out.plan, out.year, now, org);
    return out;
}

net::awaitable<http::Response> needs_page(Services& services, Request const& request, Error const* error)
{
    auto work = [org = request.who.org, now = services.clock.now()](db::Connection& c) {
        return read_needs(c, org, now);
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const year = std::to_string(shown->year);
    json view{{"title", text(services, request, "programme.own_needs.title", {year})},
              {"section", "needs"},
              {"has_plan", shown->plan.has_value()},
              {"rows", json::array()}};
    Options items{{"", "–"}};
    if (shown->plan)
        for (auto const& item : shown->plan->items)
            if (item.needs) items.emplace_back(item.id, item.name);
    json values = request.form.to_json();
    if (request.method != http::Method::post) values = {{"year", year}};
    FormView form{services, request, "programme.need.field", std::move(values), error};
    form.add({.name = "year", .type = "hidden"});
    form.add({.name = "item", .type = "select", .required = true, .options = std::move(items)});
    form.add({.name = "detail", .required = true, .seen_by = SeenBy::authority, .chars_max = 500});
    form.add({.name = "estimate", .required = true, .seen_by = SeenBy::authority, .input_mode = "numeric"});
    form.put_into(view);
    for (auto const& line : shown->lines)
        view["rows"].push_back({{"item", line.item_name},
                                {"detail", line.need.detail},
                                {"estimate", app::figure_text(static_cast<double>(line.need.estimate))},
                                {"status", text(services, request, "programme.need." + line.need.state)},
                                {"reason", line.need.reason}});
    co_return console_page(services, request, "console/needs", std::move(view), error);
}

} // namespace

net::awaitable<http::Response> show_needs(Services& services, Request const& request)
{
    co_return co_await needs_page(services, request, nullptr);
}

net::awaitable<http::Response> save_need(Services& services, Request const& request)
{
    auto const input = read_form_as(request.form, &app::read_need);
    if (!input) co_return co_await needs_page(services, request, &input.error());
    auto work = [actor = actor_of(services, request), input = *input](db::Connection& c) -> Result<std::string> {
        auto const plan = plan_of(c, vietnam_date(actor.at));
        if (!plan) return not_found("programme.plan_unknown");
        return app::register_need(c, actor, *plan, input);
    };
    auto const saved = co_await services.database.write(std::move(work));
    if (!saved) co_return co_await needs_page(services, request, &saved.error());
    co_return redirect("/console/needs?done=saved");
}

} // namespace nguon::server::pages::console
