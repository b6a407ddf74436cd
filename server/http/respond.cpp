#include "server/http/respond.hpp"

#include "core/bytes.hpp"
#include "core/http/uri.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

http::Response make(unsigned status, std::string body, std::string_view media_type)
{
    http::Response response{.status = status, .body = std::move(body)};
    response.header("Content-Type", std::string{media_type});
    response.header("Cache-Control", "no-store");
    return response;
}

} // namespace

http::Response json_response(unsigned status, nlohmann::json const& json, std::string_view media_type)
{
    return make(status, json.dump(), media_type);
}

http::Response html_response(unsigned status, std::string html)
{
    return make(status, std::move(html), "text/html; charset=utf-8");
}

http::Response text_response(unsigned status, std::string text, std::string_view media_type)
{
    return make(status, std::move(text), media_type);
}

http::Response redirect(std::string location)
{
    http::Response response{.status = 303};
    response.header("Location", std::move(location));
    response.header("Cache-Control", "no-store");
    return response;
}

http::Response no_content()
{
    http::Response response{.status = 204};
    response.header("Cache-Control", "no-store");
    return response;
}

http::Response file_response(std::string bytes, std::string_view media_type, std::string_view file_name,
                             bool inline_view)
{
    auto response = make(200, std::move(bytes), media_type);
    // RFC 6266: the plain name for old programs, the encoded one for all others.
    std::string plain;
    for (char const c : file_name) {
        plain += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E || c == '"' || c == '\\'
                     ? '_'
                     : c;
    }
    response.header("Content-Disposition", std::string{inline_view ? "inline" : "attachment"} + "; filename=\"" +
                                               plain + "\"; filename*=UTF-8''" + http::percent_encode(file_name));
    return response;
}

std::string make_etag(std::string_view bytes) { return '"' + to_hex(sha256(bytes).substr(0, 16)) + '"'; }

bool matches_etag(std::string_view if_none_match, std::string_view etag)
{
    while (!if_none_match.empty()) {
        auto const end = std::min(if_none_match.find(','), if_none_match.size());
        auto tag = if_none_match.substr(0, end);
        if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
        while (tag.starts_with(' ') || tag.starts_with('\t')) tag.remove_prefix(1);
        while (tag.ends_with(' ') || tag.ends_with('\t')) tag.remove_suffix(1);
        if (tag == "*") return true;
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        if (tag == etag) return true;
    }
    return false;
}

http::Response not_modified(std::string etag)
{
    http::Response response{.status = 304};
    response.header("ETag", std::move(etag));
    return response;
}

} // namespace nguon::server
