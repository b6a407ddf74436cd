#pragma once

#include "scanner/read_symbol.hpp"
#include "scanner/search_time.hpp"

#include <string>
#include <vector>

namespace nguon::scanner {

/// How grey becomes black and white.
enum class Threshold {
    local,  // by the neighbourhood
    global, // one for the picture (for each line of a linear symbol)
};

/// What is looked for, each in a search of its own.
struct Kinds {
    bool matrix = true;
    bool linear = true;
    bool databar = true;  // ZXing 1.4 may abort on it: only in a process that may die
    bool limited = false; // DataBar Limited, with a reader of our own
};

/// The symbols that ZXing reads in this very picture, each only when it proves itself: a check digit where the kind has
/// one, and a second reading, upside down, where its own check is weak (DataBar, EAN-8, UPC-E, very short Code 128).
/// An ITF proves itself as ITF-14 only.
std::vector<ReadSymbol> read_symbols(Picture const& picture, Kinds kinds, Threshold threshold, SearchTime& time);

/// The element string of what ZXing reads from DataBar Expanded, which it writes in brackets that it does not escape:
/// what looks like a known application identifier in brackets is one.
std::string from_plain_brackets(std::string_view text);

} // namespace nguon::scanner
