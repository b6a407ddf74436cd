#pragma once

#include "core/result.hpp"

#include <span>
#include <string_view>

namespace nguon::scanner {

/// What is drawn. Every kind goes through the same `Modules`, so that files, labels and proofs need not know it.
enum class Symbology {
    qr, // with a Digital Link or any text
    gs1_qr,
    datamatrix,
    gs1_datamatrix,
    gs1_datamatrix_rect,
    gs1_128,
    itf_14,
    ean_13,
    ean_8,
    upc_a,
    upc_e,
    databar_omni,
    databar_stacked,
    databar_stacked_omni,
    databar_limited,
    databar_expanded,
    databar_expanded_stacked,
    code_128,
};

/// What a symbology can carry.
enum class Content {
    text,     // anything
    elements, // GS1 element strings
    gtin,     // one trade item number
};

enum class Shape {
    matrix,
    linear,
    stacked, // rows of bars
};

/// Clear space around a symbol in modules.
struct QuietZone {
    int left = 0;
    int right = 0;
    int top = 0;
    int bottom = 0;

    bool operator==(QuietZone const&) const = default;
};

struct SymbologyInfo {
    Symbology symbology = Symbology::qr;
    std::string_view name = {}; // as `nguon encode --symbology` and `nguon decode` say it
    Content content = Content::text;
    Shape shape = Shape::matrix;
    QuietZone quiet_zone = {}; // GS1 General Specifications, symbol specification tables; ISO/IEC 18004 §9.1
};

/// Every symbology, in the order of the enumeration.
std::span<SymbologyInfo const> symbologies();

SymbologyInfo const& info(Symbology symbology);

inline std::string_view to_name(Symbology symbology) { return info(symbology).name; }

/// Error: "symbol.symbology_unknown" {name, names there are}.
Result<Symbology> find_symbology(std::string_view name);

/// The DataBar kinds, which ZXing 1.4 reads only where it may abort.
bool is_databar(Symbology symbology);

} // namespace nguon::scanner
