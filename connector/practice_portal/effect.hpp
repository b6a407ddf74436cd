#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace nguon::practice_portal {

/// What one key did to a record.
struct Effect {
    std::string digest = {};
    std::string type = {};
    std::string record = {};
    std::int64_t version = 0;
    std::int64_t before = 0; // the version it was applied to, 0: none
    std::string id = {};
    std::string accepted_at = {};
    int effects = 0; // more than one should never be

    /// As the ledger's entry says: "sha256", "type", "record", "version", "before", "id", "at".
    void take(nlohmann::json const& entry);
    /// {"key","sha256","type","record","version","id","effects"}
    nlohmann::json describe(std::string const& key) const;
};

} // namespace nguon::practice_portal
