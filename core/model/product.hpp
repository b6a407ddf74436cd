#pragma once

#include "core/ids.hpp"
#include "core/json.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nguon {

inline constexpr std::array<std::string_view, 6> weight_units{"g", "kg", "ml", "l", "cai", "hop"};
inline constexpr std::array<std::string_view, 3> risk_levels{"low", "medium", "high"};

struct Product {
    std::string name = {};
    std::string brand = {};
    std::string description = {};
    std::string group_code = {};
    std::string code = {};       // internal code, never of GS1's form
    std::string gtin = {};       // 14 digits, or empty
    std::string origin = {};     // xuất xứ, as shown
    std::string net_weight = {}; // decimal text
    std::string weight_unit = {};
    std::vector<std::string> applied_standards = {};
    std::vector<std::string> images = {};     // SHA-256 of the 1280 px WebP, first is the main one
    std::vector<std::string> thumbnails = {}; // 480 px WebP, same order
    std::vector<std::string> jpegs = {};      // JPEG ≤ 1 MiB for portals, same order
    std::string hs_code = {};
    std::string risk_level = "low";
    bool mandatory = false;  // traceability compulsory for this product
    int shelf_life_days = 0; // 0: unknown
    int ocop_stars = 0;      // 0: none
    std::string ocop_decision = {};
    std::string ocop_valid_to = {}; // ISO date
    std::string target_market = "VN";

    bool operator==(Product const&) const = default;
};

/// Faults go to the reader: "gtin.*", "hs_code.*", "ocop.stars", "product.weight_without_unit". Pictures are not read
/// here: they come as files.
Product read_product(JsonReader& in);
nlohmann::json to_json(Product const& product);
Product product_from_json(nlohmann::json const& json);

/// What the national portal demands of a product before it takes it (third-party clients show: name, GTIN, a public
/// picture, net weight and its unit): the names of the fields that are missing.
std::vector<std::string> missing_for_portal(Product const& product);

} // namespace nguon
