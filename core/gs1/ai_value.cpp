#include "core/gs1/ai_value.hpp"

#include <algorithm>

namespace nguon::gs1 {

Error to_error(std::vector<Fault> const& faults)
{
    assert(!faults.empty());
    auto error = invalid(faults.front().key, faults.front().values);
    for (auto const& fault : faults) {
        error.fields.push_back({fault.ai.empty() ? "" : "(" + fault.ai + ")", fault.key, fault.values});
    }
    return error;
}

std::string const* find_value(std::span<AiValue const> elements, std::string_view ai)
{
    auto const found = std::find_if(elements.begin(), elements.end(), [ai](auto const& e) { return e.ai == ai; });
    return found == elements.end() ? nullptr : &found->value;
}

} // namespace nguon::gs1
