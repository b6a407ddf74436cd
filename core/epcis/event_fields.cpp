#include "core/epcis/event_fields.hpp"

#include "core/json.hpp"

#include <nlohmann/json.hpp>

namespace nguon::epcis {
namespace {

using nlohmann::json;
using See = std::function<void(FieldSeen const&)>;

class Walk {
public:
    Walk(Context const& context, See const& see) : context_{context}, see_{see} {}

    void members(FieldSection section, json const& object, bool inner = false)
    {
        if (object.is_array()) {
            for (auto const& item : object) members(section, item, inner);
            return;
        }
        if (!object.is_object()) return;
        for (auto const& [member, value] : object.items()) {
            auto const name = context_.expand(member);
            if (!name || name->name_space.empty()) continue;
            see_({section, canonical_field(*name), inner, &value});
            members(section, value, true);
        }
    }

private:
    Context const& context_;
    See const& see_;
};

/// What stands at `name`, one value or a list of them.
void collect(std::vector<json const*>& out, json const& element, std::string_view name)
{
    auto const* const found = member_at(element, name);
    if (found == nullptr) return;
    if (!found->is_array()) return out.push_back(found);
    for (auto const& item : *found) out.push_back(&item);
}

std::vector<json const*> parts_of_sensors(Event const& event, std::string_view name)
{
    std::vector<json const*> out;
    for (auto const& element : event.sensor_element_list) collect(out, element, name);
    return out;
}

/// A sensor element without its standard parts.
json own_part(json const& element)
{
    auto own = element;
    if (!own.is_object()) return json::object();
    own.erase("sensorMetadata");
    own.erase("sensorReport");
    return own;
}

} // namespace

void see_fields(Event const& event, See const& see)
{
    Walk walk{*event.context, see};
    walk.members(FieldSection::event, event.extensions);
    walk.members(FieldSection::ilmd, event.ilmd);
    walk.members(FieldSection::read_point, event.read_point.extensions);
    walk.members(FieldSection::biz_location, event.biz_location.extensions);
    if (event.error_declaration) walk.members(FieldSection::error_declaration, event.error_declaration->extensions);
    for (auto const& element : event.sensor_element_list) {
        auto const own = own_part(element);
        walk.members(FieldSection::sensor_element, own);
    }
    for (auto const* part : sensor_metadata(event)) walk.members(FieldSection::sensor_metadata, *part);
    for (auto const* part : sensor_reports(event)) walk.members(FieldSection::sensor_report, *part);
}

std::vector<std::string> texts_of(json const& value)
{
    std::vector<std::string> out;
    if (value.is_array()) {
        for (auto const& item : value) {
            for (auto& text : texts_of(item)) out.push_back(std::move(text));
        }
        return out;
    }
    if (value.is_object()) {
        auto const* const typed = member_at(value, "@value");
        return typed != nullptr && !typed->is_structured() ? texts_of(*typed) : out;
    }
    if (!value.is_null()) out.push_back(value.is_string() ? value.get<std::string>() : value.dump());
    return out;
}

std::vector<json const*> sensor_reports(Event const& event) { return parts_of_sensors(event, "sensorReport"); }

std::vector<json const*> sensor_metadata(Event const& event) { return parts_of_sensors(event, "sensorMetadata"); }

std::vector<std::string> sensor_texts(Event const& event, std::string_view name)
{
    std::vector<std::string> out;
    for (auto const& parts : {sensor_metadata(event), sensor_reports(event)}) {
        for (auto const* part : parts) {
            if (auto text = text_at(*part, name); !text.empty()) out.push_back(std::move(text));
        }
    }
    return out;
}

std::vector<Quantity const*> all_quantities(Event const& event)
{
    std::vector<Quantity const*> out;
    for (auto const* list :
         {&event.quantity_list, &event.child_quantity_list, &event.input_quantity_list, &event.output_quantity_list}) {
        for (auto const& item : *list) out.push_back(&item);
    }
    return out;
}

} // namespace nguon::epcis
