#pragma once

#include "server/http/request.hpp"

#include <string>

namespace nguon::server {

struct Services;

/// "https://nguon.example.vn": the host that was asked, where it is one of ours, else the public one.
std::string requested_base(Services const& services, Request const& request);

} // namespace nguon::server
