#pragma once

#include "core/risk.hpp"
#include "server/pages/province/list_page.hpp"

#include <algorithm>

/// Worklists ordered by the risk of the firm they are about (?order=risk).
namespace nguon::server::pages::province {

using Risks = std::map<std::string, Risk, std::less<>>; // by the firm's id

/// The page is wanted in the order of risk.
bool by_risk(Request const& request);

/// Reads every firm's risk within the areas.
Risks read_risks(db::Connection& c, std::vector<std::string> const& areas, Instant now);
/// The same when the page is wanted in that order; else nothing.
Risks risks_wanted(db::Connection& c, Request const& request, std::vector<std::string> const& areas, Instant now);

/// What the list is read with: everything, when it is put in order afterwards.
ListWindow window_to_order(Request const& request);

/// Puts the riskiest first, keeps the order of what is alike, and cuts out the window.
template <typename Line, typename OrgOf>
void order_by_risk(std::vector<Line>& lines, Risks const& risks, ListWindow const& window, OrgOf org_of)
{
    auto const points = [&](Line const& line) {
        auto const found = risks.find(org_of(line).text());
        return found == risks.end() ? 0 : found->second.points;
    };
    std::ranges::stable_sort(lines, std::ranges::greater{}, points);
    auto const size = static_cast<std::int64_t>(lines.size());
    lines.erase(lines.begin() + std::min(size, window.first + window.count), lines.end());
    lines.erase(lines.begin(), lines.begin() + std::min(window.first, static_cast<std::int64_t>(lines.size())));
}

/// "cao: 1 lô đang bị thu hồi; 2 phản ánh": {"tone", "icon", "text", "why"}; null for a firm of no known risk.
json risk_view(Services const& services, Request const& request, Risks const& risks, OrganizationId const& org);

/// Links to the usual order and that of risk, for the partial province/order.
json order_tabs(Services const& services, Request const& request);

} // namespace nguon::server::pages::province
