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

/// For a code that cannot be read: what is wrong with it and what to do.
nlohmann::json faulty_view(Services& services, Request const& request, Error const& error);

/// The code in an address as people read it: "mã vạch 8939999000017 · lô L261012" or "7K3M-9QWX-2B4C"; other addresses
/// as they are.
std::string words_of_address(Services const& services, Request const& request, std::string const& path);

} // namespace nguon::server::pages
