#pragma once

#include "core/epcis/event.hpp"
#include "core/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nguon::epcis {

/// Reads one event object in the context of its document, adding every fault with its place below `pointer`. The event
/// is usable only when no fault was added. Keys: see `read_document`.
Event read_event(nlohmann::json const& object, std::shared_ptr<Context const> const& document_context,
                 std::string const& pointer, std::vector<FieldError>& faults);

/// Checks that the members of a field with extension points (and below) have a namespace that `context` defines.
void check_extension(Context const& context, nlohmann::json const& value, std::string const& pointer,
                     std::vector<FieldError>& faults, std::size_t depth = 0);

/// Checks form, names and times of a sensorElementList.
void check_sensor_elements(Context const& context, nlohmann::json const& list, std::string const& pointer,
                           std::vector<FieldError>& faults);

} // namespace nguon::epcis
