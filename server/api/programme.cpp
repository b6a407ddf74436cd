#include "server/api/desk.hpp"
#include "server/app/programme_indicators.hpp"

namespace nguon::server::api {
namespace {

json number_or_null(std::optional<double> const& number) { return number ? json(*number) : json(); }

json to_record(app::EvidenceLine const& line)
{
    return without_blanks({{"key", line.key},
                           {"source", line.source},
                           {"kind", line.kind},
                           {"item", line.item},
                           {"title", line.title},
                           {"organization_id", line.org.text()},
                           {"organization_name", line.org_name},
                           {"commune_code", line.commune_code},
                           {"date", line.date},
                           {"valid_to", line.valid_to},
                           {"amount", line.amount},
                           {"counted", line.counted}});
}

json to_record(app::Figure const& figure)
{
    auto evidence = json::array();
    for (auto const& line : figure.evidence) evidence.push_back(to_record(line));
    return without_blanks({{"indicator", figure.indicator.id},
                           {"statement", figure.indicator.statement},
                           {"name", figure.indicator.name},
                           {"unit", figure.indicator.unit},
                           {"value", number_or_null(figure.value)},
                           {"at_least", number_or_null(figure.demand.at_least)},
                           {"up_to", number_or_null(figure.demand.up_to)},
                           {"above", number_or_null(figure.demand.above)},
                           {"at_most", number_or_null(figure.demand.at_most)},
                           {"met", figure.demand.empty() ? json() : json(figure.met())},
                           {"forecast", number_or_null(figure.forecast)},
                           {"evidence", std::move(evidence)}});
}

} // namespace

/// GET /api/v1/programme/indicators?plan=&from=&to=: what the dashboard shows, with the evidence of each figure.
net::awaitable<http::Response> show_indicators(Services& services, Request const& request)
{
    if (!request.who.may("report:read", OrganizationId{}))
        co_return problem(services, request, forbidden("programme.whole_province"));
    std::string const plan{request.query_value("plan")};
    if (plan.empty()) co_return problem(services, request, invalid_fields({{"plan", "field.required", {}}}));
    auto work = [plan, from = std::string{request.query_value("from")}, to = std::string{request.query_value("to")},
                 now = services.clock.now()](db::Connection& c) -> Result<app::Figures> {
        auto const found = app::find_plan(c, plan);
        if (!found) return found.error();
        auto const range = app::range_of(*found, from, to, vietnam_date(now));
        if (!range) return range.error();
        return app::indicators(c, plan, range->from, range->to, now);
    };
    auto const figures = co_await services.database.read(std::move(work));
    if (!figures) co_return problem(services, request, figures.error());
    auto indicators = json::array();
    for (auto const& figure : figures->figures) indicators.push_back(to_record(figure));
    co_return json_response(200, {{"plan", plan},
                                  {"title", figures->plan.title},
                                  {"from", to_iso(figures->from)},
                                  {"to", to_iso(figures->to)},
                                  {"as_of", to_iso(figures->as_of)},
                                  {"indicators", std::move(indicators)}});
}

} // namespace nguon::server::api
