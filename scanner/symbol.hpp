#pragma once

#include "core/result.hpp"
#include "scanner/symbol_data.hpp"
#include "scanner/symbology.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::scanner {

/// Share of a QR code that may be lost: 7, 15, 25 and 30 per cent (ISO/IEC 18004 §7.5.1).
enum class EccLevel {
    low,
    medium,
    quartile,
    high,
};

/// A drawn symbol, one cell a module and without a quiet zone. Linear symbols have one row.
struct Modules {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> cells = {}; // row by row, 1 is dark

    bool dark(int x, int y) const { return cells[static_cast<std::size_t>(y * width + x)] != 0; }
    bool operator==(Modules const&) const = default;
};

/// Modules with the heights of their rows.
struct DrawnSymbol {
    Modules modules = {};
    std::vector<int> row_heights = {}; // in modules; 0 shares what the symbol's height leaves; none: all are square
};

/// Draws without the proof, for who proves the bitmap that is made of it. `level` is for QR codes.
/// Errors: "symbol.too_long" {symbology}, "symbol.characters" {symbology}.
Result<DrawnSymbol> draw_symbol(SymbolData const& data, EccLevel level = EccLevel::medium);

/// The smallest QR code at that level for `text` (UTF-8; beyond ASCII with ECI 26), proved by reading it back.
/// Errors: "symbol.empty", "symbol.too_long" {symbology}, "symbol.proof_failed".
Result<Modules> draw_qr(std::string_view text, EccLevel level = EccLevel::medium);

/// The same without the proof, for who proves the bitmap that is made of it.
Result<Modules> encode_qr(std::string_view text, EccLevel level);

} // namespace nguon::scanner
