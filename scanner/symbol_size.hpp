#pragma once

#include "scanner/symbol.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace nguon::scanner {

/// Where a symbol is scanned; together with the symbology it decides the sizes that GS1 permits.
enum class SymbolUse {
    retail,       // point of sale
    distribution, // trade items in general distribution
    logistics,    // logistic units
    healthcare,   // regulated healthcare items that are not for sale at a till
    marking,      // direct part marking
    plain,        // not GS1's: whatever can be printed and read
};

/// One row of the General Specifications' symbol specification tables. Lengths in mm.
struct SizeRule {
    Symbology symbology = Symbology::qr;
    SymbolUse use = SymbolUse::plain;
    double module_min = 0;
    double module_target = 0;
    double module_max = 0;
    double bars_min = 0;         // height of the bars at least; 0: not in mm
    double bars_min_modules = 0; // the same in modules; 0: not in modules
};

/// The rows of one symbology, its usual one first. A Digital Link in a QR code or Data Matrix has sizes of its own.
std::span<SizeRule const> size_rules(Symbology symbology, bool digital_link);

std::string_view to_name(SymbolUse use);

/// What somebody asks for; what is left out follows from the rules.
struct SizeWish {
    std::string use = {}; // "retail", "distribution" …
    std::optional<double> module_mm = {};
    std::optional<double> bars_mm = {}; // height of the bars, for linear symbols and DataBar with free heights
};

struct SymbolSize {
    double module_mm = 0;
    double bars_modules = 0; // height of all rows together without quiet zones; for matrix symbols that of the symbol
    SizeRule rule = {};      // what permitted it
};

/// Errors: "symbol.use_unknown" {use, symbology, uses it has}, "symbol.module_range" {symbology, use, min mm, max mm},
/// "symbol.bars_low" {symbology, min mm}, "symbol.bars_high" {symbology, max mm}, "symbol.bars_fixed" {symbology},
/// "symbol.too_wide" {symbology, mm, max mm}.
Result<SymbolSize> choose_size(SymbolData const& data, DrawnSymbol const& drawn, SizeWish const& wish);

/// "0,396": decimals as Vietnamese readers write them.
std::string show_mm(double value);

} // namespace nguon::scanner
