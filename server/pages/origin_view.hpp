#pragma once

#include "server/app/origin.hpp"
#include "server/http/request.hpp"
#include "server/services.hpp"

#include <nlohmann/json_fwd.hpp>

namespace nguon::server::pages {

/// Turns what is known of a code into what the template shows, in the request's language.
nlohmann::json origin_view(Services const& services, Request const& request, app::Origin const& origin, Instant now);

/// For a code that names nothing we know: verdict and next steps only.
nlohmann::json unknown_view(Services const& services, Request const& request, app::Subject const& subject);

} // namespace nguon::server::pages
