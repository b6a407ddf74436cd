#include "server/api/description.hpp"

#include <vector>

namespace nguon::server::api {

std::span<Schema const> schemas()
{
    static std::vector<Schema> const all = [] {
        std::vector<Schema> out;
        for (auto const part : {record_schemas(), recall_schemas(), case_schemas(), label_schemas()})
            out.insert(out.end(), part.begin(), part.end());
        return out;
    }();
    return all;
}

Schema const* find_schema(std::string_view name)
{
    for (auto const& schema : schemas())
        if (schema.name == name) return &schema;
    return nullptr;
}

} // namespace nguon::server::api
