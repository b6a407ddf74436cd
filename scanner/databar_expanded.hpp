#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::scanner {

/// The element string (without leading separator, U+001D between) of a GS1 DataBar Expanded symbol, stacked or not
/// (ISO/IEC 24724 §7), from the modules of its rows, true is dark; rows of separators and quiet zones may be there.
/// Nothing when it is no such symbol, its check character is wrong, or it announces a composite component. Unlike
/// ZXing 1.4 it needs no list of application identifiers and reads a GTIN that stands alone.
std::optional<std::string> read_databar_expanded(std::vector<std::vector<bool>> const& rows);

/// The element string of the bits of its data characters (§7.2.5), which are "0" and "1".
std::optional<std::string> read_databar_expanded_bits(std::string_view bits);

} // namespace nguon::scanner
