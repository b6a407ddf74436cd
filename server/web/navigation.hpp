#pragma once

#include "server/http/request.hpp"

#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace nguon::server {

struct Services;

/// The menu of a console or province page: [{url, text, current}], what this person may open. `section` is the word
/// after "nav." of the place that the page belongs to.
nlohmann::json navigation(Services const& services, Request const& request, std::string_view section);

} // namespace nguon::server
