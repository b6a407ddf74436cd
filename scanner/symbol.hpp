#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::scanner {

/// What is drawn. Every kind goes through the same `Modules`, so that files, labels and proofs need not know it.
enum class Symbology {
    qr,
};

/// Share of a QR code that may be lost: 7, 15, 25 and 30 per cent (ISO/IEC 18004 §7.5.1).
enum class EccLevel {
    low,
    medium,
    quartile,
    high,
};

/// A drawn symbol, one cell a module and without a quiet zone.
struct Modules {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> cells = {}; // row by row, 1 is dark

    bool dark(int x, int y) const { return cells[static_cast<std::size_t>(y * width + x)] != 0; }
    bool operator==(Modules const&) const = default;
};

/// The clear space that a symbol needs on every side, in modules.
int quiet_zone_modules(Symbology symbology);

/// The smallest QR code at that level for `text` (UTF-8; beyond ASCII with ECI 26), proved by reading it back.
/// Errors: "symbol.empty", "symbol.too_long", "symbol.proof_failed".
Result<Modules> draw_qr(std::string_view text, EccLevel level = EccLevel::medium);

/// The same without the proof, for who proves the bitmap that is made of it.
Result<Modules> encode_qr(std::string_view text, EccLevel level);

/// Reads `modules` from a bitmap of several pixels a module and compares text and symbology identifier.
/// Errors: "symbol.proof_failed" (internal: what we drew does not say what it should).
Status prove_symbol(Symbology symbology, Modules const& modules, std::string_view text);

} // namespace nguon::scanner
