#include "core/epcis/epc_format.hpp"

#include "core/epcis/event_hash.hpp"
#include "core/gs1/epc_uri.hpp"

#include <array>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace nguon::epcis {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 6> plain{"epcList",       "childEPCs", "inputEPCList",
                                                "outputEPCList", "parentID",  "transformationID"};

/// A member, and where in it (or in each of its items) an identifier stands.
struct Nested {
    std::string_view list;
    std::string_view name;
};
constexpr std::array nested{Nested{"quantityList", "epcClass"},
                            Nested{"childQuantityList", "epcClass"},
                            Nested{"inputQuantityList", "epcClass"},
                            Nested{"outputQuantityList", "epcClass"},
                            Nested{"readPoint", "id"},
                            Nested{"bizLocation", "id"},
                            Nested{"bizTransactionList", "bizTransaction"},
                            Nested{"sourceList", "source"},
                            Nested{"destinationList", "destination"}};

void write_one(json& value)
{
    if (value.is_array()) {
        for (auto& item : value) write_one(item);
        return;
    }
    if (!value.is_string()) return;
    auto const& text = value.get_ref<std::string const&>();
    if (gs1::is_epc_uri(text)) value = canonical_identifier(text);
}

void write_member(json& object, std::string_view name)
{
    if (!object.is_object()) return;
    auto const found = object.find(name);
    if (found != object.end()) write_one(*found);
}

} // namespace

void write_digital_links(json& event)
{
    for (auto const name : plain) write_member(event, name);
    for (auto const& place : nested) {
        auto const found = event.is_object() ? event.find(place.list) : event.end();
        if (found == event.end()) continue;
        if (!found->is_array()) {
            write_member(*found, place.name);
            continue;
        }
        for (auto& item : *found) write_member(item, place.name);
    }
}

} // namespace nguon::epcis
