#pragma once

#include "scanner/drawing.hpp"
#include "scanner/label_job.hpp"
#include "scanner/stock.hpp"

#include <span>

/// Where everything stands on a label. Preflight and drawing ask here, so that what was checked is what is printed.
/// All lengths are millimetres from the label's top left corner.
namespace nguon::scanner {

inline constexpr double module_mm_smallest = 0.30; // below, office printers and old phones fail
inline constexpr double module_mm_retail = 0.396;  // GS1 General Specifications, symbol specification table 1
inline constexpr double module_mm_largest = 0.99;  // GS1 UK and IE publish 0.396 … 0.990 for Digital Link symbols

/// A piece of text in its place.
struct PlacedText {
    std::string text = {};
    double x = 0;
    double y = 0;
    TextStyle style = {};
};

struct LabelLayout {
    double module_mm = 0;   // 0 when the symbol does not fit
    int symbol_modules = 0; // of the largest symbol, without its quiet zone
    double symbol_x = 0;    // the square that the largest symbol takes with its quiet zone; smaller ones are centred
    double symbol_y = 0;
    double symbol_side = 0;
    std::vector<PlacedText> texts = {}; // the same on every label
    double rule_y = 0;                  // the thin line below the name
    double rule_x = 0;
    double rule_width = 0;
    PlacedText printed_code = {}; // text is set per label

    double module_mm_possible = 0; // what would fit, also when it is too small
    bool name_shortened = false;
    bool lot_overflow = false;
    bool organization_left_out = false;
};

/// Modules of the largest QR code of the job. Errors: those of `encode_qr`.
Result<int> largest_symbol(LabelJob const& job);

/// Lays out a label of `stock` for symbols of up to `symbol_modules`.
LabelLayout lay_out(LabelJob const& job, Stock const& stock, int symbol_modules, TextSetter& setter);

/// "ABCDEFGHJKMN" -> "ABCD EFGH JKMN"
std::string group_code(std::string_view code);

} // namespace nguon::scanner
