#include "db/areas.hpp"

namespace nguon::db {

std::string listed(std::vector<std::string> const& values)
{
    if (values.empty()) return {};
    std::string out{","};
    for (auto const& value : values) out += value + ",";
    return out;
}

} // namespace nguon::db
