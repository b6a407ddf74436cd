#pragma once

#include "connector/practice_portal/effect.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// The portal as one that takes files: what it knows of the records in them.
namespace nguon::practice_portal {

struct FiledRecord {
    std::string key = {};
    std::string digest = {}; // SHA-256 of its bytes in the bundle, hexadecimal
    std::string type = {};
    std::string record_id = {};
    std::int64_t version = 0;
    std::int64_t version_before = 0;
    std::string fault = {}; // error word when the data themselves are wrong
    std::string fault_text = {};
};

/// Part of the ledger; its entries are written there.
class FileBook {
public:
    /// {"what":"filed","key","sha256","type","record","version","before","id","at"}
    void take(nlohmann::json const& entry, std::vector<std::string>& violations);
    void forget(std::string const& key);

    Effect const* find(std::string const& key) const;
    /// The newest version of a record, 0 when there is none.
    std::int64_t version_of(std::string const& type, std::string const& record) const;
    std::size_t size() const { return effects_.size(); }
    std::string newest() const;

    /// [{"key","sha256","type","record","version","id","effects"}]
    nlohmann::json describe() const;

private:
    std::map<std::string, Effect> effects_;                             // by key
    std::map<std::pair<std::string, std::string>, std::int64_t> heads_; // by type and record
    std::vector<std::string> order_;
};

} // namespace nguon::practice_portal
