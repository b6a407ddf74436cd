#pragma once

#include <optional>
#include <string>
#include <vector>

namespace nguon::scanner {

/// The GTIN of a GS1 DataBar Limited symbol (ISO/IEC 24724 §6), 14 digits, from the modules of one row, true is dark;
/// quiet zones may be there. Nothing when it is no such symbol, its check character is wrong, or it announces a
/// composite component. ZXing 1.4 does not know the symbology.
std::optional<std::string> read_databar_limited(std::vector<bool> const& row);

} // namespace nguon::scanner
