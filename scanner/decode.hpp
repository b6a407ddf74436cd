#pragma once

#include "scanner/picture.hpp"

#include <array>

namespace nguon::scanner {

struct PixelPoint {
    int x = 0;
    int y = 0;

    bool operator==(PixelPoint const&) const = default;
};

/// One symbol found in a picture.
struct DecodedCode {
    std::string symbology = {};  // "qr", "gs1-qr", "datamatrix", "gs1-128", "ean-13" … as `nguon encode` names it
    std::string identifier = {}; // "]Q1": ISO/IEC 15424
    std::string text = {};       // UTF-8, GS as U+001D, without the identifier
    std::array<PixelPoint, 4> corners = {}; // in the upright picture, clockwise from the symbol's own top left

    bool operator==(DecodedCode const&) const = default;
};

/// Every symbol that can be found: QR and Data Matrix, then EAN, UPC, Code 128 and ITF; several scales and treatments
/// until something is found. GS1 DataBar is not among them: ZXing 1.4 aborts on it.
std::vector<DecodedCode> find_codes(Picture const& grey);

/// `read_picture` and `find_codes`. Errors: those of `read_picture`, "picture.no_code".
Result<std::vector<DecodedCode>> decode_codes(std::string_view bytes);

} // namespace nguon::scanner
