#pragma once

#include "core/http/message.hpp"
#include "core/result.hpp"
#include "server/http/request.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

/// The one mapping from `Error` to answers.
namespace nguon::server {

struct Services;

/// 400, 401, 403, 404, 409, 413, 429, 503, 500; "operation.key_reused" is 422, "api.version_stale" 412,
/// "api.if_match_needed" 428, "http.body_time" 408, a media type nobody reads 415.
unsigned status_of(Error const& error);

/// application/problem+json (RFC 9457): stable `type` "urn:nguon:problem:batch.exists" (below /epcis the standard's
/// exception, and ours as `problem`), English `title`, Vietnamese
/// `detail`, `errors` [{pointer, detail, key}], `requestId`. Logs `log_text`; adds Retry-After to 429 and 503.
http::Response problem(Services& services, Request const& request, Error const& error);

/// The same as a page for people.
http::Response page_problem(Services& services, Request const& request, Error const& error);

/// `page_problem` for browsers outside /api and /epcis, else `problem`.
http::Response any_problem(Services& services, Request const& request, Error const& error);

/// For showing a form again: {"detail": sentence, "list": [{"field", "text"}], "by_field": {"lot": "sentence"}}.
/// JSON pointers lose their first slash: "/lot" is field "lot".
nlohmann::json form_errors(Services& services, Request const& request, Error const& error);

} // namespace nguon::server
