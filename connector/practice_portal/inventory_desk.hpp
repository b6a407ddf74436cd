#pragma once

#include "connector/practice_portal/ledger.hpp"
#include "core/http/message.hpp"

#include <string_view>

namespace nguon::practice_portal {

inline constexpr std::string_view inventory_path = "/DoiSoat";

/// What the portal has accepted, for those who compare: GET /TongHop?tu=&den= counts and digests by hour, GET
/// /BanGhi?tu=&den=&sau=KEY the records in the order of their keys, 500 at a time. `what` stands behind
/// `inventory_path`.
http::Response answer_inventory(Ledger const& ledger, http::Request const& request, std::string_view what);

} // namespace nguon::practice_portal
