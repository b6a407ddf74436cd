#pragma once

#include "scanner/symbol.hpp"

namespace nguon::scanner {

/// libzint draws what ZXing 1.4 cannot (FNC1 in matrix symbols, DataBar) or draws larger (QR, Data Matrix). Its own
/// checks of GS1 data are switched off: they are of 2022, ours were made before. Only this file knows the library.
/// Errors: "symbol.too_long" {symbology}, "symbol.characters" {symbology} for what the symbology has no code for,
/// internal.
Result<DrawnSymbol> draw_with_zint(SymbolData const& data, EccLevel level);

} // namespace nguon::scanner
