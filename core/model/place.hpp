#pragma once

#include "core/model/organization.hpp"

#include <optional>

namespace nguon {

inline constexpr std::array<std::string_view, 8> place_kinds{
    "growing_area", // vùng trồng, vùng nuôi
    "apiary",       // nơi đặt đàn ong
    "collection",   // điểm thu mua
    "factory",      // xưởng chế biến
    "warehouse",    // kho
    "laboratory",   // nơi kiểm nghiệm
    "shop",         // cửa hàng
    "office",       // trụ sở
};

struct Place {
    std::string kind = {};
    std::string name = {};
    std::string code = {}; // internal code, unique within the organization
    std::string gln = {};  // 13 digits
    Address address = {};
    std::string growing_area_code = {}; // mã số vùng trồng
    std::string area_ha = {};           // decimal text
    std::optional<double> latitude = {};
    std::optional<double> longitude = {};

    bool operator==(Place const&) const = default;
};

/// Faults go to the reader: "gln.*", "growing_area.format", "place.coordinates".
Place read_place(JsonReader& in);
nlohmann::json to_json(Place const& place);
Place place_from_json(nlohmann::json const& json);

} // namespace nguon
