#pragma once

#include "core/time.hpp"
#include "scanner/symbol.hpp"

namespace nguon::scanner {

/// How one symbol becomes a file: its quiet zone is part of the picture.
struct SymbolSize {
    double module_mm = 0.5;
    int quiet_zone = 4; // modules on every side
};

/// Errors of all three: "symbol.module_size" when a module is not within 0.1 … 20 mm.

/// An SVG of exact millimetres: white ground and one path of the dark runs.
Result<std::string> write_symbol_svg(Modules const& modules, SymbolSize const& size);

/// A 1-bit PNG of whole pixels a module, at least 4, with the pixel density that gives `size.module_mm`.
Result<std::string> write_symbol_png(Modules const& modules, SymbolSize const& size);

/// A one-page PDF that is as large as the symbol and its quiet zone; `created` stands in its metadata.
Result<std::string> write_symbol_pdf(Modules const& modules, SymbolSize const& size, Instant created);

} // namespace nguon::scanner
