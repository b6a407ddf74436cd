#include "server/pages/province/risk_order.hpp"

#include "core/limits/cases.hpp"
#include "db/risks.hpp"

namespace nguon::server::pages::province {

bool by_risk(Request const& request) { return request.query_value("order") == "risk"; }

Risks read_risks(db::Connection& c, std::vector<std::string> const& areas, Instant now)
{
    Risks out;
    for (auto const& line : db::risks::of_area(c, areas, now)) out.emplace(line.org.text(), judge_risk(line.facts));
    return out;
}

Risks risks_wanted(db::Connection& c, Request const& request, std::vector<std::string> const& areas, Instant now)
{
    return by_risk(request) ? read_risks(c, areas, now) : Risks{};
}

ListWindow window_to_order(Request const& request)
{
    return by_risk(request) ? ListWindow{0, limits::list_export_rows_max} : list_window(request);
}

json risk_view(Services const& services, Request const& request, Risks const& risks, OrganizationId const& org)
{
    auto const found = risks.find(org.text());
    if (found == risks.end()) return nullptr;
    auto const& risk = found->second;
    std::string why;
    for (auto const& reason : risk.reasons)
        why += (why.empty() ? "" : "; ") +
               text(services, request, "risk.why." + std::string{reason.word}, {show_count(request, reason.count)});
    bool const high = risk.level == RiskLevel::high;
    bool const medium = risk.level == RiskLevel::medium;
    return {{"tone", high     ? "bad"
                     : medium ? "warn"
                              : "info"},
            {"icon", high     ? "!"
                     : medium ? "⚠"
                              : "○"},
            {"text", text(services, request, "risk.level." + std::string{to_text(risk.level)})},
            {"why", why}};
}

json order_tabs(Services const& services, Request const& request)
{
    return filter_tabs(services, request, "order", "risk.order", {"", "risk"});
}

} // namespace nguon::server::pages::province
