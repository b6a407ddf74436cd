#pragma once

#include "core/epcis/event.hpp"
#include "core/epcis/query.hpp"

#include <cstdint>
#include <optional>
#include <vector>

/// What the store keeps of an event so that queries find it: numbers (digests) of "bizStep is receiving" and the like.
/// Two statements may share a number; who finds an event by one looks at the event itself before believing it.
namespace nguon::epcis {

/// Each once, in ascending order, `limits::event_terms_max` at most. An event with more has `overflow_term` as well.
std::vector<std::int64_t> terms_of(Event const& event);

/// Stands in for the terms that did not fit.
std::int64_t overflow_term();

/// Of these terms every event that keeps the condition has one (or `overflow_term`). Nothing when the index does not
/// help: times, patterns over whole company prefixes, and single things, which are found by their identifiers.
std::optional<std::vector<std::int64_t>> terms_for(Condition const& condition);

} // namespace nguon::epcis
