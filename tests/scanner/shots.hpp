#pragma once

#include "scanner/picture.hpp"
#include "scanner/symbology.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Photographs of our symbols as telephones take them, made by program and the same every time.
namespace nguon::scanner::testing {

/// What happened between the printer and the file.
enum class Damage {
    none,
    rotation,
    perspective,
    blur,
    noise,
    jpeg,
    low_light,
    low_contrast,
    inverted,
    partial,  // scratches and blots
    curved,   // around a bottle
    several,  // codes in one picture
    far_away, // small in 12 megapixels
};

std::span<Damage const> damages();
std::string_view to_name(Damage damage);

struct Shot {
    Picture picture = {};
    std::vector<std::string> codes = {}; // what stands in the picture, each as `plain_code` writes it
};

/// The picture of one kind of symbol (with `several`, of others too) with one kind of damage; `number` chooses among
/// pictures of different strength.
Shot take_shot(Symbology symbology, Damage damage, unsigned number);

/// What a reader gave, so that readers of different habits can be compared: digits of a trade item number as GTIN-14,
/// no separators, no FNC1, no identifier.
std::string plain_code(std::string_view read);

} // namespace nguon::scanner::testing
