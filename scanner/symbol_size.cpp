#include "scanner/symbol_size.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace nguon::scanner {

namespace {

constexpr double gs1_128_width_max = 165.10; // with quiet zones
constexpr double bars_mm_max = 150;
constexpr double ean_13_bars_modules = 22.85 / 0.330;
constexpr double ean_8_bars_modules = 18.23 / 0.330;
constexpr double code_128_bars_usual = 12.7;
constexpr double tolerance = 1e-6; // mm: decimals that people type are no binary fractions

using enum SymbolUse;
using S = Symbology;

// GS1 General Specifications, symbol specification tables 1 to 8, with the addendum for Digital Links at the till.
constexpr std::array link_rules{
    SizeRule{S::qr, retail, 0.396, 0.495, 0.990, 0, 0},
    SizeRule{S::qr, distribution, 0.743, 0.743, 1.500, 0, 0},
    SizeRule{S::qr, logistics, 0.743, 0.743, 1.500, 0, 0},
    SizeRule{S::qr, plain, 0.1, 0.5, 20, 0, 0}, // on a poster, say
    SizeRule{S::datamatrix, retail, 0.396, 0.495, 0.990, 0, 0},
    SizeRule{S::datamatrix, distribution, 0.743, 0.743, 1.500, 0, 0},
    SizeRule{S::datamatrix, logistics, 0.743, 0.743, 1.500, 0, 0},
    SizeRule{S::datamatrix, plain, 0.1, 0.5, 20, 0, 0},
};

constexpr std::array rules{
    SizeRule{S::qr, plain, 0.1, 0.5, 20, 0, 0},
    SizeRule{S::gs1_qr, distribution, 0.743, 0.743, 1.500, 0, 0},
    SizeRule{S::gs1_qr, logistics, 0.743, 0.743, 1.500, 0, 0},
    SizeRule{S::datamatrix, plain, 0.1, 0.5, 20, 0, 0},
    SizeRule{S::gs1_datamatrix, retail, 0.375, 0.625, 0.990, 0, 0},
    SizeRule{S::gs1_datamatrix, distribution, 0.743, 0.743, 1.500, 0, 0},
    SizeRule{S::gs1_datamatrix, logistics, 0.743, 0.743, 1.500, 0, 0},
    SizeRule{S::gs1_datamatrix, healthcare, 0.254, 0.380, 0.990, 0, 0},
    SizeRule{S::gs1_datamatrix, marking, 0.100, 0.300, 0.615, 0, 0},
    SizeRule{S::gs1_datamatrix_rect, retail, 0.375, 0.625, 0.990, 0, 0},
    SizeRule{S::gs1_datamatrix_rect, distribution, 0.743, 0.743, 1.500, 0, 0},
    SizeRule{S::gs1_datamatrix_rect, logistics, 0.743, 0.743, 1.500, 0, 0},
    SizeRule{S::gs1_datamatrix_rect, healthcare, 0.254, 0.380, 0.990, 0, 0},
    SizeRule{S::gs1_datamatrix_rect, marking, 0.100, 0.300, 0.615, 0, 0},
    SizeRule{S::gs1_128, distribution, 0.495, 0.495, 1.016, 31.75, 0},
    SizeRule{S::gs1_128, logistics, 0.495, 0.495, 0.940, 31.75, 0},
    SizeRule{S::gs1_128, healthcare, 0.250, 0.495, 0.495, 12.70, 0},
    SizeRule{S::itf_14, distribution, 0.495, 0.495, 1.016, 31.75, 0},
    SizeRule{S::ean_13, retail, 0.264, 0.330, 0.660, 0, ean_13_bars_modules},
    SizeRule{S::ean_13, distribution, 0.495, 0.660, 0.660, 0, ean_13_bars_modules},
    SizeRule{S::ean_8, retail, 0.264, 0.330, 0.660, 0, ean_8_bars_modules},
    SizeRule{S::ean_8, distribution, 0.495, 0.660, 0.660, 0, ean_8_bars_modules},
    SizeRule{S::upc_a, retail, 0.264, 0.330, 0.660, 0, ean_13_bars_modules},
    SizeRule{S::upc_a, distribution, 0.495, 0.660, 0.660, 0, ean_13_bars_modules},
    SizeRule{S::upc_e, retail, 0.264, 0.330, 0.660, 0, ean_13_bars_modules},
    SizeRule{S::upc_e, distribution, 0.495, 0.660, 0.660, 0, ean_13_bars_modules},
    SizeRule{S::databar_omni, retail, 0.264, 0.330, 0.660, 0, 33},
    SizeRule{S::databar_omni, distribution, 0.495, 0.660, 0.660, 0, 33},
    SizeRule{S::databar_stacked, retail, 0.264, 0.330, 0.660, 0, 13},
    SizeRule{S::databar_stacked, distribution, 0.495, 0.660, 0.660, 0, 13},
    SizeRule{S::databar_stacked_omni, retail, 0.264, 0.330, 0.660, 0, 69},
    SizeRule{S::databar_stacked_omni, distribution, 0.495, 0.660, 0.660, 0, 69},
    SizeRule{S::databar_limited, healthcare, 0.264, 0.330, 0.660, 0, 10}, // not for tills
    SizeRule{S::databar_limited, distribution, 0.495, 0.660, 0.660, 0, 10},
    SizeRule{S::databar_expanded, retail, 0.264, 0.330, 0.660, 0, 34},
    SizeRule{S::databar_expanded, distribution, 0.495, 0.660, 0.660, 0, 34},
    SizeRule{S::databar_expanded_stacked, retail, 0.264, 0.330, 0.660, 0, 34}, // each row
    SizeRule{S::databar_expanded_stacked, distribution, 0.495, 0.660, 0.660, 0, 34},
    SizeRule{S::code_128, plain, 0.1, 0.5, 20, 5, 0},
};

std::span<SizeRule const> rules_of(std::span<SizeRule const> all, Symbology symbology)
{
    auto const same = [&](SizeRule const& rule) { return rule.symbology == symbology; };
    auto const first = std::find_if(all.begin(), all.end(), same);
    return {first, std::find_if_not(first, all.end(), same)};
}

/// A logistic unit is scanned as one; everything else as its symbology mostly is.
SymbolUse usual_use(SymbolData const& data, std::span<SizeRule const> choices)
{
    auto const is_unit = gs1::find_value(data.elements, "00") != nullptr;
    auto const has = [&](SymbolUse use) {
        return std::any_of(choices.begin(), choices.end(), [&](SizeRule const& rule) { return rule.use == use; });
    };
    return is_unit && has(logistics) ? logistics : choices.front().use;
}

Result<SizeRule> find_rule(SymbolData const& data, std::string const& use)
{
    auto const choices = size_rules(data.symbology, data.digital_link);
    auto const wanted = use.empty() ? to_name(usual_use(data, choices)) : std::string_view{use};
    auto const found =
        std::find_if(choices.begin(), choices.end(), [&](SizeRule const& rule) { return to_name(rule.use) == wanted; });
    if (found != choices.end()) return *found;
    std::string names;
    for (auto const& rule : choices) names += (names.empty() ? "" : ", ") + std::string{to_name(rule.use)};
    return invalid("symbol.use_unknown", {use, std::string{to_name(data.symbology)}, names});
}

/// Rows of bars without a height of their own, and the modules that the others take.
struct Rows {
    int free = 0;
    int fixed = 0;
};

Rows rows_of(DrawnSymbol const& drawn)
{
    return {static_cast<int>(std::count(drawn.row_heights.begin(), drawn.row_heights.end(), 0)),
            std::accumulate(drawn.row_heights.begin(), drawn.row_heights.end(), 0)};
}

/// The least height of all rows together in modules.
double least_height(SizeRule const& rule, Rows const& rows, double module_mm)
{
    if (rule.bars_min > 0) return rule.bars_min / module_mm;
    if (rule.symbology == Symbology::databar_expanded_stacked) return rule.bars_min_modules * rows.free + rows.fixed;
    return rule.bars_min_modules;
}

Result<double> choose_height(SymbolData const& data, DrawnSymbol const& drawn, SizeRule const& rule,
                             SizeWish const& wish, double module_mm)
{
    std::string const name{to_name(data.symbology)};
    auto const rows = rows_of(drawn);
    if (rows.free == 0) {
        if (wish.bars_mm) return invalid("symbol.bars_fixed", {name});
        return rows.fixed > 0 ? rows.fixed : drawn.modules.height;
    }
    auto const least = least_height(rule, rows, module_mm);
    if (!wish.bars_mm) return rule.use == plain ? std::max(least, code_128_bars_usual / module_mm) : least;
    if (!(*wish.bars_mm >= least * module_mm - tolerance))
        return invalid("symbol.bars_low", {name, show_mm(least * module_mm)});
    if (*wish.bars_mm > bars_mm_max) return invalid("symbol.bars_high", {name, show_mm(bars_mm_max)});
    return *wish.bars_mm / module_mm;
}

} // namespace

std::span<SizeRule const> size_rules(Symbology symbology, bool digital_link)
{
    if (digital_link) return rules_of(link_rules, symbology);
    return rules_of(rules, symbology);
}

std::string_view to_name(SymbolUse use)
{
    constexpr std::array<std::string_view, 6> names{
        {"retail", "distribution", "logistics", "healthcare", "marking", "plain"}};
    return names[static_cast<std::size_t>(use)];
}

Result<SymbolSize> choose_size(SymbolData const& data, DrawnSymbol const& drawn, SizeWish const& wish)
{
    auto const rule = find_rule(data, wish.use);
    if (!rule) return rule.error();
    std::string const name{to_name(data.symbology)};
    auto const module_mm = wish.module_mm.value_or(rule->module_target);
    if (!(module_mm >= rule->module_min - tolerance && module_mm <= rule->module_max + tolerance))
        return invalid("symbol.module_range",
                       {name, std::string{to_name(rule->use)}, show_mm(rule->module_min), show_mm(rule->module_max)});
    auto const height = choose_height(data, drawn, *rule, wish, module_mm);
    if (!height) return height.error();

    auto const& quiet = info(data.symbology).quiet_zone;
    auto const width = (drawn.modules.width + quiet.left + quiet.right) * module_mm;
    if (data.symbology == Symbology::gs1_128 && width > gs1_128_width_max + tolerance)
        return invalid("symbol.too_wide", {name, show_mm(width), show_mm(gs1_128_width_max)});
    return SymbolSize{module_mm, *height, *rule};
}

std::string show_mm(double value)
{
    auto text = fmt::format("{:.3f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    std::replace(text.begin(), text.end(), '.', ',');
    return text;
}

} // namespace nguon::scanner
