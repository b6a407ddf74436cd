#pragma once

#include "core/http/message.hpp"
#include "server/services.hpp"

#include <string>

namespace nguon::server::pages {

/// Counts a view of `subject` (a printed code, a batch; "" counts nothing) by a stranger at `client`. HEAD, prefetches,
/// link previews and robots are not counted: they would spoil the count that shows a copied label.
void count_scan(Services& services, http::Request const& request, http::Peer const& client, std::string const& subject);

} // namespace nguon::server::pages
