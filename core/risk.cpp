#include "core/risk.hpp"

#include <algorithm>

namespace nguon {
namespace {

struct Weight {
    std::string_view word;
    std::int64_t RiskFacts::*fact;
    std::int64_t points;
    std::int64_t times_max;
};

// The heaviest first: reasons are told in this order.
constexpr std::array weights{
    Weight{"recall", &RiskFacts::open_recalls, 8, 1},
    Weight{"sanction", &RiskFacts::sanctions, 5, 1},
    Weight{"serious_inspection", &RiskFacts::serious_inspections, 5, 2},
    Weight{"missed_clock", &RiskFacts::missed_clocks, 3, 2},
    Weight{"complaint", &RiskFacts::complaints, 2, 3},
    Weight{"expired_certificate", &RiskFacts::expired_certificates, 2, 2},
    Weight{"minor_inspection", &RiskFacts::minor_inspections, 1, 2},
    Weight{"perishable", &RiskFacts::perishable_goods, 1, 1},
    Weight{"food", &RiskFacts::foods, 1, 1},
};
constexpr std::int64_t high_from = 8;
constexpr std::int64_t medium_from = 3;

} // namespace

std::string_view to_text(RiskLevel level)
{
    switch (level) {
    case RiskLevel::high:
        return "high";
    case RiskLevel::medium:
        return "medium";
    case RiskLevel::low:
        break;
    }
    return "low";
}

Risk judge_risk(RiskFacts const& facts)
{
    Risk out;
    for (auto const& weight : weights) {
        auto const count = facts.*weight.fact;
        if (count <= 0) continue;
        out.points += weight.points * std::min(count, weight.times_max);
        out.reasons.push_back({weight.word, count});
    }
    if (out.points >= high_from)
        out.level = RiskLevel::high;
    else if (out.points >= medium_from)
        out.level = RiskLevel::medium;
    return out;
}

} // namespace nguon
