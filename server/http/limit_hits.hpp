#pragma once

#include "core/result.hpp"

namespace nguon::server {

struct Services;

/// Counts what a person or program is told of at a limit of connections, their checks or files, links or labels, for
/// those who watch the service. Once for each answer: `problem` and `page_problem` do, a page that shows its form again
/// does by itself.
void count_limit(Services& services, Error const& error);

} // namespace nguon::server
