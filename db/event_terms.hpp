#pragma once

#include "core/epcis/event.hpp"
#include "db/connection.hpp"

#include <vector>

/// The rows by which queries find events (core/epcis/query_terms), and the values that resource lists show.
namespace nguon::db::event_terms {

/// One of "bizStep", "disposition", "readPoint", "bizLocation", canonical.
struct KnownValue {
    std::string kind = {};
    std::string value = {};
};

/// What is written of one event; needs no database.
struct Terms {
    std::vector<std::int64_t> terms = {};
    std::vector<KnownValue> values = {};
};
Terms terms_of(epcis::Event const& event);

void insert(Connection& c, OrganizationId const& org, std::int64_t event_seq, Instant event_time, Terms const& terms);

/// The organization's number in `event_term`. Two may share one.
std::int64_t number_of(OrganizationId const& org);

/// Whether every event has its terms.
bool is_complete(Connection& c);

/// Writes the terms of up to `count` events that were recorded before there were terms, newest first. The answer is
/// whether more are left.
bool fill_gap(Connection& c, std::int64_t count);

} // namespace nguon::db::event_terms
