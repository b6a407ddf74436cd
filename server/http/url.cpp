#include "server/http/url.hpp"

#include "core/http/uri.hpp"

#include <algorithm>
#include <charconv>

namespace nguon::server {

std::string make_url(std::string_view path, std::initializer_list<std::pair<std::string_view, std::string_view>> query)
{
    std::string url{path};
    char mark = path.find('?') == std::string_view::npos ? '?' : '&';
    for (auto const& [name, value] : query) {
        if (value.empty()) continue;
        url.append(1, mark).append(http::percent_encode(name)).append("=").append(http::percent_encode(value));
        mark = '&';
    }
    return url;
}

std::string local_path(std::string_view path, std::string_view fallback)
{
    // "//host" and "/\host" lead to another host; control characters are dropped by browsers and may hide either.
    bool const local = path.starts_with('/') && !path.starts_with("//") && path.size() <= 2000 &&
                       std::ranges::all_of(path, [](char c) { return c > 0x20 && c < 0x7F && c != '\\'; });
    return std::string{local ? path : fallback};
}

std::int64_t read_number(std::string_view text)
{
    std::int64_t number = 0;
    auto const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc{} && read.ptr == end ? number : 0;
}

} // namespace nguon::server
