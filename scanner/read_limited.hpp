#pragma once

#include "scanner/read_symbol.hpp"

#include <vector>

namespace nguon::scanner {

/// The GS1 DataBar Limited symbols along the rows and columns of a grey picture, each read alike on several lines:
/// ZXing 1.4 does not know the symbology.
std::vector<ReadSymbol> read_limited_symbols(Picture const& picture);

} // namespace nguon::scanner
