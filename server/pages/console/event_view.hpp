#pragma once

#include "core/epcis/step_summary.hpp"
#include "db/deliveries.hpp"
#include "db/events.hpp"
#include "server/http/request.hpp"
#include "server/services.hpp"

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

/// The organization's own events in plain words, with the names of what they mention.
namespace nguon::server::pages::console {

struct EventRow {
    db::events::Stored stored = {};
    epcis::StepSummary summary = {};
    bool wrong = false;                                         // a later declaration says so
    std::string on_behalf_of = {};                              // name of the household; "" when nobody or erased
    BatchId batch = {};                                         // the organization's batch that it is about, or none
    std::map<std::string, std::string, std::less<>> names = {}; // identifier or opaque id -> name
    std::vector<db::deliveries::View> deliveries = {};
};

/// Reads what the events say; declarations that an event was wrong mark it instead of standing for themselves.
std::vector<EventRow> describe_events(db::Connection& c, OrganizationId const& org,
                                      std::vector<db::events::Stored> const& stored);

nlohmann::json event_view(Services const& services, Request const& request, EventRow const& row);

} // namespace nguon::server::pages::console
