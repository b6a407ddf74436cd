#pragma once

#include "scanner/views.hpp"

#include <string>
#include <string_view>

namespace nguon::scanner {

/// What a scanner puts in front of the trade item number of a DataBar symbol.
inline constexpr std::string_view gtin_identifier = "01";

/// A symbol that was read in a picture.
struct ReadSymbol {
    std::string symbology = {};
    std::string identifier = {};
    std::string text = {};
    Area area = {};
};

} // namespace nguon::scanner
