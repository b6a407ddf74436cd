#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace nguon {

/// What is known of a firm that makes a look at it more or less urgent; cases and findings of the last twelve months.
struct RiskFacts {
    std::int64_t open_recalls = 0;        // lots of a recall that was published and not ended
    std::int64_t sanctions = 0;           // display suspended or withdrawn
    std::int64_t serious_inspections = 0; // that ended with a serious finding
    std::int64_t minor_inspections = 0;
    std::int64_t complaints = 0;           // upheld, or still open
    std::int64_t missed_clocks = 0;        // explanations and corrections that are overdue
    std::int64_t expired_certificates = 0; // that no newer one of the kind has followed
    std::int64_t perishable_goods = 0;     // products of groups that spoil soon
    std::int64_t foods = 0;                // products that people eat or drink
};

enum class RiskLevel { low, medium, high };

/// "low", "medium", "high".
std::string_view to_text(RiskLevel level);

/// Why: the sentence "risk.why." + word, and how many there are.
struct RiskReason {
    std::string_view word = {};
    std::int64_t count = 0;
};

struct Risk {
    RiskLevel level = RiskLevel::low;
    std::int64_t points = 0;              // what lists are ordered by
    std::vector<RiskReason> reasons = {}; // the heaviest first
};

/// Product groups that nobody eats, and those that spoil soon (codes of the catalogue of groups).
inline constexpr std::array<std::string_view, 1> inedible_groups{"craft"};
inline constexpr std::array<std::string_view, 5> perishable_groups{"meat", "fish", "egg", "fruit", "vegetable"};

/// The rule (DESIGN.md §9): each fact has a weight and counts a limited number of times, so that one kind of trouble
/// does not hide all others. From 8 points on the risk is high, from 3 on medium.
Risk judge_risk(RiskFacts const& facts);

} // namespace nguon
