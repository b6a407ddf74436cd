#pragma once

#include "server/app/destinations.hpp"
#include "server/app/trace.hpp"

#include <functional>

namespace nguon::server::app {

/// Something of a trace was sent off.
struct Shipping {
    std::string thing = {}; // as the trace calls it
    Instant at = {};
    std::vector<Destination> to = {}; // none: the step does not say
    std::optional<double> quantity = {};
    std::string uom = {};
};

/// What left, in the order of things and time, at most `count`: of things, and recorded by organizations, that the
/// viewer `sees`. To whom a neighbour sells is no business of the viewer's.
std::vector<Shipping> shippings_of(db::Connection& c, Trace const& trace, std::size_t count,
                                   std::function<bool(OrganizationId const&)> const& sees);

} // namespace nguon::server::app
