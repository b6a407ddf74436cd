#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>

namespace nguon::scanner {

enum class PackKind {
    tea_tin,
    tea_pouch,
    rice_bag,
    honey_jar,
    noodle_pack,
    macadamia_box,
    herb_jar,
    jerky_pouch,
    carton, // of anything: no picture of what is inside
};

/// A product as its maker might photograph it; for the illustrative province only.
struct PackShot {
    PackKind kind = PackKind::tea_tin;
    std::string product_name = {};
    std::string brand = {};
    std::string net_content = {}; // "200 g"
    std::uint32_t seed = 0;       // chooses the colours
};

/// A square JPEG of 1,280 pixels. The same input gives the same picture.
std::string draw_pack_shot(PackShot const& shot);

} // namespace nguon::scanner
