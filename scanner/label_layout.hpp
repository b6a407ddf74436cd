#pragma once

#include "scanner/label_job.hpp"
#include "scanner/symbol_picture.hpp"

#include <optional>

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

/// What all labels of a job must have room for.
struct LabelNeeds {
    int symbol_modules = 0;                   // of the largest symbol, without its quiet zone
    std::optional<SymbolData> ean_13 = {};    // the barcode for tills
    std::optional<DrawnSymbol> ean_bars = {}; // the same, drawn
};

/// What draws: vectors take any module, dots only whole ones.
struct DotGrid {
    double dot_mm = 0; // 0: vectors

    /// The largest module not above `module_mm` that can be drawn.
    double round_down(double module_mm) const;
    double round_up(double module_mm) const;
};

struct LabelLayout {
    double module_mm = 0;   // 0 when the symbol does not fit
    int symbol_modules = 0; // of the largest symbol, without its quiet zone
    int quiet_modules = 0;  // on each side
    double symbol_x = 0;    // the square that the largest symbol takes with its quiet zone; smaller ones are centred
    double symbol_y = 0;
    double symbol_side = 0;
    std::vector<PlacedText> texts = {}; // the same on every label
    double rule_y = 0;                  // the thin line below the name
    double rule_x = 0;
    double rule_width = 0;
    PlacedText printed_code = {}; // text is set per label and made to fit the style's width

    std::optional<SymbolPicture> ean = {}; // the barcode for tills, with its quiet zones
    double ean_x = 0;
    double ean_y = 0;

    double module_mm_possible = 0; // what would fit, also when it is too small
    bool ean_left_out = false;     // there is no room for it
    bool name_shortened = false;
    bool lot_overflow = false;
    bool organization_left_out = false;
    std::vector<std::string> lines_without_room = {}; // of a design of somebody's own

    bool texts_fit() const { return !lot_overflow && lines_without_room.empty(); }
};

/// Largest symbol and barcode of a job. Errors: those of `draw_symbol` and `read_symbol_data`.
Result<LabelNeeds> label_needs(LabelJob const& job, LabelCodeSource const& codes);

/// Lays out a label of the job's stock: the symbol on the left and text beside it, or, on round and upright labels,
/// everything below each other. Lines that somebody chose get room before a symbol that is larger than tills ask for.
LabelLayout lay_out(LabelJob const& job, LabelNeeds const& needs, DotGrid const& grid, TextSetter& setter);

/// The text of `printed_code` for one label, made small enough.
PlacedText fitted_code(LabelLayout const& layout, LabelJob const& job, std::string_view printed_code,
                       TextSetter& setter);

/// "ABCDEFGHJKMN" -> "ABCD EFGH JKMN"
std::string group_code(std::string_view code);

} // namespace nguon::scanner
