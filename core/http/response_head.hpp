#pragma once

#include "core/http/message.hpp"

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace nguon::http {

/// How the end of an answer is marked.
struct ResponseFraming {
    bool has_body = true; // false: the status allows none (1xx, 204, 304)
    bool chunked = false;
    bool self_delimited = true; // false: the end of the connection is the end of the body (HTTP/1.0)
    std::uint64_t length = 0;
};

ResponseFraming frame_response(Response const& response, bool http_1_1);

/// What the head says besides the response's own headers.
struct HeadFacts {
    std::string request_id = {};
    bool http_1_1 = true;
    bool keep_alive = true;
    ResponseFraming framing = {};
};

/// Status line and fields with the empty line. Content-Length, Transfer-Encoding, Connection, Date and X-Request-Id are
/// ours, whatever the response says.
std::string response_head(Response const& response, HeadFacts const& facts);

/// "5\r\nhello\r\n"
std::string to_chunk(std::string_view bytes);

/// The lines of these fields, without those that are the session's own: what `Response::kept_fields` takes.
std::string field_lines(Headers const& headers);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7)
std::string http_date(std::time_t at);

} // namespace nguon::http
