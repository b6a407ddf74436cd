#pragma once

#include "core/http/framing_guard.hpp"
#include "core/http/message.hpp"
#include "core/result.hpp"

#include <string_view>

namespace nguon::http {

/// Reads a head that the guard has let through with Beast's parser, a second opinion: what it refuses is refused.
/// Method, target, path, query and headers of the answer are set. Errors: "http.header_malformed".
Result<Request> parse_request_head(FramingGuard const& guard);

/// Equal without regard to ASCII case.
bool equal_fold(std::string_view a, std::string_view b);

/// True when a comma-separated field value holds `word`, which is in lower case.
bool has_word(std::string_view field, std::string_view word);

} // namespace nguon::http
