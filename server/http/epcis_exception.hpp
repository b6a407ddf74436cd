#pragma once

#include "core/result.hpp"

#include <string_view>

namespace nguon::server {

/// The problem type of the standard's interface (EPCIS 2.0 §12): "epcisException:QueryParameterException"; empty for a
/// status that the standard does not know.
std::string_view epcis_exception(unsigned status, Error const& error);

} // namespace nguon::server
