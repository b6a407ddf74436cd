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
    bool databar = true;                                // ZXing 1.4 may abort on it: only in a process that may die
    bool limited = false;                               // DataBar Limited, with a reader of our own
    std::size_t bars_max = limits::picture_symbols_max; // of linear symbols, and of DataBar
};

/// How far one reading of a linear symbol is believed.
enum class Trust {
    clean,  // what is seen at first sight
    coaxed, // what only a treated picture shows: a digit may be wrong, and a second one make up for it
};

/// The symbols that ZXing reads in this very picture, each only when it proves itself: a check digit where the kind has
/// one, and further readings, upside down, of which none may differ, where its own check is weak (DataBar, EAN-8,
/// UPC-E, very short Code 128; coaxed, whatever has a check digit only). An ITF proves itself as ITF-14 only.
std::vector<ReadSymbol> read_symbols(Picture const& picture, Kinds const& kinds, Threshold threshold, Trust trust,
                                     SearchTime& time);

/// The element string of what ZXing reads from DataBar Expanded, which it writes in brackets that it does not escape:
/// what looks like a known application identifier in brackets is one.
std::string from_plain_brackets(std::string_view text);

} // namespace nguon::scanner
