#pragma once

#include "core/http/message.hpp"

#include <string_view>

namespace nguon::server::api {

bool is_epcis_path(std::string_view path);

/// What OPTIONS tells of the standard's interface besides Allow: versions, formats and, for captures, limits.
void add_epcis_options(http::Request const& request, http::Response& response);

} // namespace nguon::server::api
