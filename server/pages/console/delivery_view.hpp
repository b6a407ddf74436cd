#pragma once

#include "db/deliveries.hpp"
#include "server/http/request.hpp"
#include "server/services.hpp"

#include <vector>

#include <nlohmann/json.hpp>

/// How far a record is on its way to the national portal, in plain words.
namespace nguon::server::pages::console {

/// {"chip", "what" (which record), "reason" (whose turn it is), "portal_text" (what the portal said), "url", "receipt"
/// {"number", "time"}}.
nlohmann::json delivery_view(Services const& services, Request const& request, db::deliveries::View const& delivery);

/// The latest version of one record at each target.
nlohmann::json record_deliveries(Services const& services, Request const& request,
                                 std::vector<db::deliveries::View> const& deliveries);

} // namespace nguon::server::pages::console
