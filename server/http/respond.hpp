#pragma once

#include "core/http/message.hpp"
#include "core/result.hpp"
#include "server/http/request.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

/// Answers that handlers give. Security headers, compression and the request id are added by `Service` afterwards.
namespace nguon::server {

struct Services;

/// JSON that no cache keeps.
http::Response json_response(unsigned status, nlohmann::json const& json,
                             std::string_view media_type = "application/json");
/// HTML that no cache keeps (set Cache-Control afterwards where one may).
http::Response html_response(unsigned status, std::string html);
http::Response text_response(unsigned status, std::string text,
                             std::string_view media_type = "text/plain; charset=utf-8");
/// 303: after a POST. `location` is a path of this service, made with `make_url` when it holds data.
http::Response redirect(std::string location);
http::Response no_content();
/// Bytes to be saved under `file_name` (any characters), or shown when `inline_view`.
http::Response file_response(std::string bytes, std::string_view media_type, std::string_view file_name,
                             bool inline_view = false);

/// `"abc"`: a strong entity tag of these bytes (first 16 bytes of the SHA-256).
std::string make_etag(std::string_view bytes);
/// True when If-None-Match names this tag (weak comparison) or is "*".
bool matches_etag(std::string_view if_none_match, std::string_view etag);
http::Response not_modified(std::string etag);

} // namespace nguon::server
