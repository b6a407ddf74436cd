#pragma once

#include "core/epcis/event.hpp"
#include "core/epcis/query.hpp"

namespace nguon::epcis {

/// Whether the event keeps every condition of the query. `recorded`: when it was recorded here. This is the meaning of
/// queries; an index only saves looking. Master data of others is not held, so no attribute of it is ever found.
bool matches(Query const& query, Event const& event, Instant recorded);

/// The field that the query orders by, as it is compared; "" in an event without it.
std::string order_value(Query const& query, Event const& event);

} // namespace nguon::epcis
