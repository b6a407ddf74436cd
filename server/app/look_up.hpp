#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>

namespace nguon::server::app {

/// Where a typed or scanned code leads: the path of its page here, with the Digital Link's AIs in order
/// ("/01/…/10/…?17=…", "/t/CODE"). A full address of this or another host leads to the same path here.
/// Errors: those of gs1::read_code, "code.other_link" {host} for an address that is no traceability code,
/// "code.not_a_product" for a key we have no page for.
Result<std::string> path_of_code(std::string_view text);

} // namespace nguon::server::app
