#pragma once

#include "core/ids.hpp"
#include "core/json.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace nguon {

struct Batch {
    std::string lot = {};     // as printed, ≤ 20 characters of GS1's set 82
    std::string made_on = {}; // ISO date
    std::string expires_on = {};
    std::string quantity = {}; // decimal text
    std::string unit = {};
    std::string note = {};

    bool operator==(Batch const&) const = default;
};

/// Faults go to the reader: "batch.lot_character" {the character}, "batch.expires_before_made" {made on, expires on}.
Batch read_batch(JsonReader& in);
nlohmann::json to_json(Batch const& batch);
Batch batch_from_json(nlohmann::json const& json);

} // namespace nguon
