#include "core/programme/plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace nguon::programme {
namespace {

template <typename T>
T const* find_by_id(std::vector<T> const& all, std::string_view id)
{
    auto const found = std::ranges::find(all, id, &T::id);
    return found == all.end() ? nullptr : &*found;
}

/// Whole percent of a bound, rounded up: 30 and 10 % more is 33.
double raised(double bound, int percent)
{
    auto const hundredths = bound * (100 + percent);
    auto const whole = std::floor(hundredths / 100);
    return hundredths - whole * 100 > 1e-6 ? whole + 1 : whole;
}

Target const* target_of(Indicator const& indicator, std::string_view period)
{
    auto const found = std::ranges::find(indicator.targets, period, &Target::period);
    return found == indicator.targets.end() ? nullptr : &*found;
}

std::optional<double> raised(std::optional<double> bound, int percent)
{
    if (!bound) return bound;
    return raised(*bound, percent);
}

/// Bounds of a period, those of another one raised where the plan says so. The reader refused circles: `over` names a
/// period without `over`.
Demand whole_period(Indicator const& indicator, Target const& target)
{
    if (!target.over.empty())
        if (auto const* base = target_of(indicator, target.over))
            return {raised(base->at_least, target.percent), {}, raised(base->above, target.percent), base->at_most};
    return {target.at_least, target.up_to, target.above, target.at_most};
}

Demand of_year(Plan const& plan, Indicator const& indicator, Target const& target, int year)
{
    if (!target.base) return whole_period(indicator, target);
    auto const* period = plan.period(target.period);
    auto const years = period == nullptr ? 1 : year - static_cast<int>(period->from.year()) + 1;
    auto const before = *target.base / target.base_years;
    auto const grown = [&](int percent) { return std::ceil(before * std::pow(1 + percent / 100.0, years) - 1e-9); };
    return {grown(target.grow_low), grown(target.grow_high), {}, {}};
}

void add(std::optional<double>& sum, std::optional<double> const& more)
{
    if (more) sum = sum.value_or(0) + *more;
}

} // namespace

Period const* Plan::period_of(Date day) const
{
    for (auto const& each : periods)
        if (each.from <= day && day <= each.to) return &each;
    return nullptr;
}

Period const* Plan::period(std::string_view period_id) const { return find_by_id(periods, period_id); }
Item const* Plan::item(std::string_view item_id) const { return find_by_id(items, item_id); }
Indicator const* Plan::indicator(std::string_view indicator_id) const { return find_by_id(indicators, indicator_id); }
Task const* Plan::task(std::string_view task_id) const { return find_by_id(tasks, task_id); }

bool Plan::covers(std::string_view commune_code) const
{
    return communes.empty() || std::ranges::find(communes, commune_code, &Commune::code) != communes.end();
}

std::string Plan::formal_name() const
{
    constexpr std::string_view plan = "Kế hoạch";
    return number.starts_with(plan) ? number : std::string{plan} + " số " + number;
}

std::optional<Date> Plan::report_due(int year) const
{
    if (report_day.empty()) return std::nullopt;
    auto const day = parse_date(std::to_string(year) + "-" + report_day);
    return day ? std::optional{*day} : std::nullopt;
}

bool Demand::met(double value) const
{
    if (at_least && value < *at_least) return false;
    if (above && value <= *above) return false;
    return !at_most || value <= *at_most;
}

Demand demand_of(Plan const& plan, Indicator const& indicator, Date from, Date to)
{
    auto const* period = plan.period_of(from);
    if (period == nullptr || to > period->to) return {};
    auto const* target = target_of(indicator, period->id);
    if (target == nullptr) return {};
    if (!target->each_year) return whole_period(indicator, *target);
    Demand sum;
    for (auto year = from.year(); year <= to.year(); ++year) {
        auto const one = of_year(plan, indicator, *target, static_cast<int>(year));
        add(sum.at_least, one.at_least);
        add(sum.up_to, one.up_to);
        add(sum.above, one.above);
        add(sum.at_most, one.at_most);
    }
    return sum;
}

Tfp tfp_share(std::vector<FactorYear> factors, int first, int last)
{
    std::map<int, FactorYear> by_year;
    for (auto const& each : factors) by_year[each.year] = each;
    Tfp out;
    double tfp = 0;
    double grdp = 0;
    for (auto const& [year, now] : by_year) {
        auto const before = by_year.find(year - 1);
        if (year < first || year > last || before == by_year.end()) continue;
        auto const growth = [](double value, double base) { return base == 0 ? 0 : (value / base - 1) * 100; };
        TfpYear one{year,
                    growth(now.grdp, before->second.grdp),
                    growth(now.capital, before->second.capital),
                    growth(now.labour, before->second.labour),
                    now.beta,
                    0};
        one.tfp_growth = one.grdp_growth - (now.beta * one.capital_growth + (1 - now.beta) * one.labour_growth);
        tfp += one.tfp_growth;
        grdp += one.grdp_growth;
        out.years.push_back(one);
    }
    if (!out.years.empty() && std::abs(grdp) > 1e-9) out.share = tfp / grdp * 100;
    return out;
}

} // namespace nguon::programme
