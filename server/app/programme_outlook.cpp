#include "server/app/programme_outlook.hpp"

namespace nguon::server::app {

bool is_behind(Figure const& figure)
{
    if (figure.demand.empty() || figure.met()) return false;
    return !figure.forecast || !figure.demand.met(*figure.forecast);
}

std::optional<Date> next_report(programme::Plan const& plan, Date today)
{
    auto const due = plan.report_due(static_cast<int>(today.year()));
    return due && *due < today ? plan.report_due(static_cast<int>(today.year()) + 1) : due;
}

std::vector<Outlook> outlooks(db::Connection& c, Instant now)
{
    std::vector<Outlook> out;
    auto const today = vietnam_date(now);
    for (auto const& plan : list_plans(c)) {
        auto const* period = plan.period_of(today);
        if (period == nullptr) continue;
        auto const all = indicators(c, plan.id, period->from, period->to, now);
        if (!all) continue;
        Outlook line{plan.id, plan.number, next_report(plan, today)};
        for (auto const& figure : all->figures) {
            line.wanted += figure.demand.empty() ? 0 : 1;
            line.behind += is_behind(figure) ? 1 : 0;
        }
        out.push_back(std::move(line));
    }
    return out;
}

} // namespace nguon::server::app
