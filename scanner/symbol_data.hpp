#pragma once

#include "core/gs1/ai_value.hpp"
#include "core/gs1/digital_link.hpp"
#include "scanner/symbology.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nguon::scanner {

/// What one symbol says.
struct SymbolData {
    Symbology symbology = Symbology::qr;
    std::string text = {};                   // as a reader gives it: digits, element string with U+001D, or UTF-8
    std::vector<gs1::AiValue> elements = {}; // GS1 data, that of a Digital Link too
    bool digital_link = false;               // `text` is one
};

/// Reads `code` (bracketed text, FNC1 text, digits under a barcode, Digital Link …) for a symbology: kinds for trade
/// items take one GTIN of any spelling, those for element strings take any GS1 data, `qr` and `datamatrix` take the
/// text as it is, except that bracketed GS1 data becomes a Digital Link below `link_base` (brackets are never encoded).
/// Errors: those of `gs1::read_code`, "symbol.empty", "symbol.needs_gs1" {symbology}, "symbol.only_gtin" {symbology},
/// "symbol.gtin_length" {GTIN, symbology, digits it takes}, "symbol.not_zero_suppressible" {GTIN},
/// "symbol.limited_indicator" {GTIN}, "symbol.data_too_long" {symbology, characters max}, "symbol.ascii_only"
/// {symbology}.
Result<SymbolData> read_symbol_data(Symbology symbology, std::string_view code,
                                    std::string_view link_base = gs1::canonical_base);

/// The human-readable interpretation, one piece an AI, which no line break may part: "(01) 08938501234568". For ITF-14
/// the grouped digits, for Code 128 its text; empty for EAN and UPC, whose digits stand under their bars, and for
/// text that is for machines (General Specifications, section 4).
std::vector<std::string> interpretation(SymbolData const& data);

} // namespace nguon::scanner
