#include "scanner/databar_widths.hpp"

#include <algorithm>
#include <numeric>

namespace nguon::scanner::databar {

namespace {

constexpr int parts_max = 7;
constexpr int sum_max = 26;

/// In how many ways `sum` is the sum of `parts` widths, each between `least` and `widest`.
int ways(int parts, int sum, int least, int widest)
{
    if (sum < parts * least || sum > parts * widest) return 0;
    std::array<int, sum_max + 1> count{};
    count[0] = 1;
    for (int part = 0; part < parts; ++part) {
        std::array<int, sum_max + 1> next{};
        for (int before = 0; before <= sum; ++before)
            for (int width = least; width <= widest && before + width <= sum; ++width)
                next[static_cast<std::size_t>(before + width)] += count[static_cast<std::size_t>(before)];
        count = next;
    }
    return count[static_cast<std::size_t>(sum)];
}

/// How many rows of widths stand before this one, when they are ordered by the first width, then the second …
int place_of(std::span<int const> widths, int widest, bool needs_narrow)
{
    auto left = std::accumulate(widths.begin(), widths.end(), 0);
    auto place = 0;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
        auto const parts = static_cast<int>(widths.size() - i) - 1;
        for (int width = 1; width < widths[i]; ++width) {
            place += ways(parts, left - width, 1, widest);
            if (needs_narrow && width != 1) place -= ways(parts, left - width, 2, widest);
        }
        needs_narrow = needs_narrow && widths[i] != 1;
        left -= widths[i];
    }
    return place;
}

bool fits(std::span<int const> widths, int widest, bool needs_narrow)
{
    if (std::any_of(widths.begin(), widths.end(), [&](int width) { return width < 1 || width > widest; })) return false;
    return !needs_narrow || std::find(widths.begin(), widths.end(), 1) != widths.end();
}

} // namespace

std::vector<int> run_lengths(std::vector<bool> const& modules)
{
    std::vector<int> runs;
    for (std::size_t i = 0; i < modules.size(); ++i) {
        if (i == 0 || modules[i] != modules[i - 1]) runs.push_back(0);
        ++runs.back();
    }
    return runs;
}

std::optional<int> character_value(std::span<int const> widths, std::span<Group const> groups, NeedsNarrow narrow)
{
    std::array<int, parts_max> odd{};
    std::array<int, parts_max> even{};
    auto const half = widths.size() / 2;
    if (half > odd.size() || widths.size() % 2 != 0) return {};
    for (std::size_t i = 0; i < half; ++i) {
        odd[i] = widths[2 * i];
        even[i] = widths[2 * i + 1];
    }
    auto const odds = std::span<int const>{odd}.first(half);
    auto const evens = std::span<int const>{even}.first(half);
    auto const odd_modules = std::accumulate(odds.begin(), odds.end(), 0);
    if (odd_modules + std::accumulate(evens.begin(), evens.end(), 0) > sum_max) return {};

    auto const group = std::find_if(groups.begin(), groups.end(),
                                    [&](Group const& candidate) { return candidate.odd_modules == odd_modules; });
    if (group == groups.end()) return {};
    auto const odd_narrow = narrow == NeedsNarrow::odd;
    if (!fits(odds, group->odd_widest, odd_narrow) || !fits(evens, group->even_widest, !odd_narrow)) return {};
    auto const value = group->first_value + place_of(odds, group->odd_widest, odd_narrow) * group->even_values +
                       place_of(evens, group->even_widest, !odd_narrow);
    if (value >= group->end_value) return {};
    return value;
}

} // namespace nguon::scanner::databar
