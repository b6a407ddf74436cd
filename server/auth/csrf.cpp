#include "server/auth/csrf.hpp"

#include "core/bytes.hpp"

namespace nguon::server {
namespace {

constexpr std::size_t token_bytes = 32;

} // namespace

std::string new_token() { return to_base64url(random_bytes(token_bytes)); }

std::string_view form_cookie_name(http::Peer const& peer)
{
    return peer.secure || peer.loopback ? "__Host-form" : "form";
}

std::string mask_token(std::string_view token)
{
    auto mask = random_bytes(token.size());
    std::string hidden{token};
    for (std::size_t i = 0; i < hidden.size(); ++i) hidden[i] = static_cast<char>(hidden[i] ^ mask[i]);
    return to_base64url(mask + hidden);
}

bool token_matches(std::string_view masked, std::string_view token)
{
    auto const bytes = from_base64(masked);
    if (!bytes || token.empty() || bytes->size() != 2 * token.size()) return false;
    std::string shown = bytes->substr(token.size());
    for (std::size_t i = 0; i < shown.size(); ++i) shown[i] = static_cast<char>(shown[i] ^ (*bytes)[i]);
    return equal_constant_time(shown, token);
}

bool is_cross_site(http::Request const& request)
{
    auto const site = request.header("Sec-Fetch-Site");
    if (!site.empty()) return site != "same-origin" && site != "none";
    auto const origin = request.header("Origin");
    if (origin.empty() || origin == "null") return false;
    auto const scheme_end = origin.find("://");
    return scheme_end == std::string_view::npos || origin.substr(scheme_end + 3) != request.header("Host");
}

Status check_csrf(Request const& request, bool token_needed)
{
    if (request.who.kind == PrincipalKind::key) return Done{};
    if (is_cross_site(request)) return forbidden("csrf.cross_site");
    if (!token_needed) return Done{};
    auto const field = request.form.get("csrf");
    auto const shown = field.empty() ? request.header("X-CSRF-Token") : field;
    if (!token_matches(shown, request.csrf)) return forbidden("csrf.token");
    return Done{};
}

} // namespace nguon::server
