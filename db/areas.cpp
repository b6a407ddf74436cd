#include "db/areas.hpp"

#include <fmt/format.h>

namespace nguon::db {

std::string numbered(std::vector<std::string> const& values, std::vector<Value>& parameters)
{
    std::string out;
    for (auto const& value : values) {
        parameters.emplace_back(value);
        out += fmt::format("{}${}", out.empty() ? "" : ", ", parameters.size());
    }
    return out;
}

std::string within(Areas const& areas, std::string_view commune_column, std::vector<Value>& parameters)
{
    if (areas.empty()) return {};
    return fmt::format(" AND ({0} IN ({1}) OR EXISTS (SELECT 1 FROM commune area WHERE area.code = {0}"
                       " AND area.province_code IN ({1})))",
                       commune_column, numbered(areas, parameters));
}

} // namespace nguon::db
