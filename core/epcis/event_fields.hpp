#pragma once

#include "core/epcis/event.hpp"
#include "core/epcis/query.hpp"

#include <functional>
#include <string>
#include <vector>

/// An event's lists and fields as queries and the index look at them.
namespace nguon::epcis {

/// One field of somebody's own: its name as `canonical_field` has it. `inner`: it stands inside another one.
struct FieldSeen {
    FieldSection section = FieldSection::event;
    std::string name = {};
    bool inner = false;
    nlohmann::json const* value = nullptr;
};
/// Calls `see` for every such field of the event, at any depth.
void see_fields(Event const& event, std::function<void(FieldSeen const&)> const& see);

/// The texts of a field's value: itself, each item of an array, or its "@value"; none for an object.
std::vector<std::string> texts_of(nlohmann::json const& value);

/// Every sensorReport, and every sensorMetadata.
std::vector<nlohmann::json const*> sensor_reports(Event const& event);
std::vector<nlohmann::json const*> sensor_metadata(Event const& event);

/// The texts at `name` in the metadata and reports of all sensors.
std::vector<std::string> sensor_texts(Event const& event, std::string_view name);

/// All quantities of all lists of the event.
std::vector<Quantity const*> all_quantities(Event const& event);

} // namespace nguon::epcis
