#include "core/http/uri.hpp"

#include "core/fold.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace nguon::http {
namespace {

int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

bool is_host_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
}

} // namespace

Result<std::string> percent_decode(std::string_view text, bool plus_is_space)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            int const high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            int const low = high >= 0 ? hex_value(text[i + 2]) : -1;
            if (low < 0) return invalid("uri.percent");
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (c == '\0') return invalid("uri.control");
        out += c;
    }
    if (!is_utf8(out)) return invalid("uri.utf8");
    return out;
}

std::string percent_encode(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (is_unreserved(c)) {
            out += c;
        } else {
            out += {'%', digits[byte >> 4U], digits[byte & 15U]};
        }
    }
    return out;
}

Result<QueryParameters> parse_query(std::string_view query)
{
    QueryParameters parameters;
    while (!query.empty()) {
        auto const end = std::min(query.find('&'), query.size());
        auto const piece = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (piece.empty()) continue;
        if (parameters.size() == limits::query_parameters_max) return invalid("uri.too_many_parameters");

        auto const equals = std::min(piece.find('='), piece.size());
        auto name = percent_decode(piece.substr(0, equals), true);
        if (!name) return std::move(name).error();
        auto value = percent_decode(piece.substr(std::min(equals + 1, piece.size())), true);
        if (!value) return std::move(value).error();
        parameters.emplace_back(*std::move(name), *std::move(value));
    }
    return parameters;
}

std::string to_query(QueryParameters const& parameters)
{
    std::string out;
    for (auto const& [name, value] : parameters) {
        if (!out.empty()) out += '&';
        out += percent_encode(name) + '=' + percent_encode(value);
    }
    return out;
}

std::string Url::authority() const
{
    auto out = host.find(':') != std::string::npos ? "[" + host + "]" : host;
    if (port != (secure ? 443 : 80)) out += ":" + std::to_string(port);
    return out;
}

Result<Url> parse_url(std::string_view text)
{
    auto const wrong = invalid("uri.malformed", {std::string{text}});
    std::string lowered{text.substr(0, 8)};
    std::ranges::transform(lowered, lowered.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });

    Url url;
    url.secure = lowered.starts_with("https://");
    if (!url.secure && !lowered.starts_with("http://")) return wrong;
    url.port = url.secure ? 443 : 80;
    text.remove_prefix(url.secure ? 8 : 7);

    auto const slash = std::min(text.find('/'), text.size());
    auto authority = text.substr(0, slash);
    url.path = text.substr(slash);
    if (url.path.find_first_of("?# \t\r\n") != std::string::npos) return wrong;

    bool const bracketed = authority.starts_with('[');
    auto const host_end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
    if (host_end == std::string_view::npos) return wrong;
    url.host = authority.substr(bracketed ? 1 : 0, bracketed ? host_end - 1 : host_end);
    std::ranges::transform(url.host, url.host.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    auto const fits = [bracketed](char c) {
        return bracketed ? hex_value(c) >= 0 || c == ':' || c == '.' : is_host_character(c);
    };
    if (url.host.empty() || !std::ranges::all_of(url.host, fits)) return wrong;

    authority.remove_prefix(bracketed ? host_end + 1 : host_end);
    if (authority.empty()) return url;
    if (authority.front() != ':') return wrong;
    authority.remove_prefix(1);
    auto const [end, fault] = std::from_chars(authority.data(), authority.data() + authority.size(), url.port);
    if (fault != std::errc{} || end != authority.data() + authority.size() || url.port == 0) return wrong;
    return url;
}

} // namespace nguon::http
