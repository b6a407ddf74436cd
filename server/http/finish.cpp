#include "server/http/finish.hpp"

#include "core/limits.hpp"
#include "server/http/accept.hpp"
#include "server/http/compress.hpp"
#include "server/http/respond.hpp"

#include <fmt/format.h>

namespace nguon::server {
namespace {

constexpr int brotli_quality = 4;
constexpr int gzip_level = 5;

void add_security(Request const& request, http::Response& response, ServiceSettings const& settings,
                  std::string_view public_css_hash)
{
    bool const html = response.headers.get("Content-Type").starts_with("text/html");
    if (!response.headers.has("Content-Security-Policy")) {
        response.header("Content-Security-Policy",
                        html ? content_policy(public_css_hash) : "default-src 'none'; frame-ancestors 'none'; sandbox");
    }
    response.header("X-Content-Type-Options", "nosniff");
    response.header("Referrer-Policy", "no-referrer");
    response.header("Cross-Origin-Opener-Policy", "same-origin");
    if (html) {
        response.header("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()");
        response.header("X-Frame-Options", "DENY"); // for browsers without frame-ancestors
    }
    if (settings.hsts && request.peer.secure) {
        response.header("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }
}

void add_vary(http::Response& response)
{
    auto const present = response.headers.get("Vary");
    response.header("Vary", present.empty() ? "Accept-Encoding" : std::string{present} + ", Accept-Encoding");
}

void compress(Request const& request, http::Response& response)
{
    auto* body = std::get_if<std::string>(&response.body);
    if (body == nullptr || body->size() < limits::compress_bytes_min || response.headers.has("Content-Encoding") ||
        !is_compressible(response.headers.get("Content-Type"))) {
        return;
    }
    add_vary(response);
    auto const accepted = request.header("Accept-Encoding");
    if (accepts_encoding(accepted, "br")) {
        *body = compress_brotli(*body, brotli_quality);
        response.header("Content-Encoding", "br");
    } else if (accepts_encoding(accepted, "gzip")) {
        *body = compress_gzip(*body, gzip_level);
        response.header("Content-Encoding", "gzip");
    }
}

} // namespace

std::string content_policy(std::string_view public_css_hash)
{
    return fmt::format("default-src 'none'; img-src 'self'; style-src 'self' {}; form-action 'self'; base-uri 'none'; "
                       "frame-ancestors 'none'",
                       public_css_hash);
}

std::string live_policy(std::string_view public_css_hash)
{
    return content_policy(public_css_hash) + "; script-src 'self'; connect-src 'self'";
}

std::string scan_policy(std::string_view public_css_hash)
{
    return content_policy(public_css_hash) + "; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
}

void finish(Request const& request, http::Response& response, ServiceSettings const& settings,
            std::string_view public_css_hash)
{
    auto const etag = response.headers.get("ETag");
    bool const asks = request.method == http::Method::get || request.method == http::Method::head;
    if (response.status == 200 && asks && !etag.empty() && matches_etag(request.header("If-None-Match"), etag)) {
        response.status = 304;
        response.body = std::string{};
        response.headers.remove("Content-Type");
        response.headers.remove("Content-Encoding");
    }
    compress(request, response);
    add_security(request, response, settings, public_css_hash);
    response.header("X-Request-Id", request.id);
}

} // namespace nguon::server
