#include "connector/practice_portal/effect.hpp"

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

void Effect::take(nlohmann::json const& entry)
{
    digest = entry.value("sha256", "");
    type = entry.value("type", "");
    record = entry.value("record", "");
    version = entry.value("version", std::int64_t{0});
    before = entry.value("before", std::int64_t{0});
    id = entry.value("id", "");
    accepted_at = entry.value("at", "");
    ++effects;
}

nlohmann::json Effect::describe(std::string const& key) const
{
    return {{"key", key},         {"sha256", digest}, {"type", type},      {"record", record},
            {"version", version}, {"id", id},         {"effects", effects}};
}

} // namespace nguon::practice_portal
