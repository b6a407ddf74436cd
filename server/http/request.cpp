#include "server/http/request.hpp"

#include "server/http/accept.hpp"

#include <algorithm>

namespace nguon::server {

std::string_view Request::param(std::string_view name) const
{
    auto const found = std::ranges::find(params, name, [](auto const& pair) { return std::string_view{pair.first}; });
    return found == params.end() ? std::string_view{} : std::string_view{found->second};
}

bool Request::wants_html() const
{
    auto const accept = header("Accept");
    // Only browsers name text/html; "*/*" of a program is no wish for a page.
    auto const page = named_quality(accept, "text/html");
    return page >= 0 && page >= std::max(accept_quality(accept, "application/json"),
                                         accept_quality(accept, "application/problem+json"));
}

} // namespace nguon::server
