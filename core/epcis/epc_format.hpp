#pragma once

#include <nlohmann/json_fwd.hpp>

namespace nguon::epcis {

/// Writes every EPC URN among the identifiers of an event (as JSON) as canonical Digital Link; other identifiers stay
/// as they are. The way back needs to know how long each company prefix is.
void write_digital_links(nlohmann::json& event);

} // namespace nguon::epcis
