#pragma once

#include "scanner/picture.hpp"
#include "scanner/search_time.hpp"

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

struct FoundCodes {
    std::vector<DecodedCode> codes = {}; // a symbol that stands there twice is there twice
    bool cut_short = false;              // the time was over before everything was tried
};

struct SearchOptions {
    bool databar = true; // ZXing 1.4 may abort on it: only in a process that may die
    std::chrono::milliseconds time = limits::picture_search_time;
};

/// The symbols in a grey picture. What is seen at first sight is read at once; where nothing is, other scales,
/// lights, thresholds, angles and shapes are tried until something is found or the time is over.
FoundCodes find_codes(Picture grey, SearchOptions const& options = {});

/// `read_picture` and `find_codes`; no codes are no error. Errors: those of `read_picture`.
Result<FoundCodes> decode_codes(std::string_view bytes, SearchOptions const& options = {});

} // namespace nguon::scanner
