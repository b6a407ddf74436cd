#pragma once

#include "core/time.hpp"
#include "scanner/symbol_picture.hpp"
#include "scanner/symbol_proof.hpp"

namespace nguon::scanner {

enum class SymbolFormat {
    svg,
    png,
    pdf,
    zpl,
};

/// One symbol that somebody wants as a file.
struct SymbolOrder {
    SymbolData data = {};
    EccLevel ecc_level = EccLevel::medium;
    SizeWish size = {};
    bool with_text = true;
    SymbolFormat format = SymbolFormat::svg;
    int dpi = 203;        // of the label printer that ZPL is for
    Instant created = {}; // stands in a PDF's metadata
};

/// The file, and how large a module came out: a label printer has whole dots only.
struct SymbolFile {
    std::string bytes = {};
    double module_mm = 0;
};

/// Draws, proves the very bitmap that is written (for SVG and PDF one made of the same rectangles) and writes.
/// SVG is in exact millimetres, its text as outlines; PNG has one bit a pixel, at least four pixels a module, and the
/// density that gives the module's size; PDF is vector, text embedded; ZPL is one graphic field of whole dots, rounded
/// up where the size permits. Errors: those of `draw_symbol`, `choose_size` and `SymbolProver::prove`,
/// "symbol.dots" {symbology, dpi, min mm, max mm} when no whole number of dots is a permitted module.
Result<SymbolFile> write_symbol(SymbolOrder const& order, SymbolProver const& prover);

/// Draws and proves a matrix symbol for who shows its modules in another way. Errors: those of `draw_symbol` and
/// `SymbolProver::prove`.
Result<Modules> draw_proved_matrix(SymbolData const& data, EccLevel level, SymbolProver const& prover);

} // namespace nguon::scanner
