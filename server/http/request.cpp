#include "server/http/request.hpp"

#include "server/http/accept.hpp"

#include <algorithm>
#include <cctype>

namespace nguon::server {
namespace {

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string lowered(std::string_view text)
{
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

} // namespace

std::string_view Request::param(std::string_view name) const
{
    auto const found = std::ranges::find(params, name, [](auto const& pair) { return std::string_view{pair.first}; });
    return found == params.end() ? std::string_view{} : std::string_view{found->second};
}

bool Request::wants_html() const
{
    auto const accept = header("Accept");
    // Only browsers name text/html; "*/*" of a program is no wish for a page.
    if (lowered(accept).find("text/html") == std::string::npos) return false;
    return accept_quality(accept, "text/html") >=
           std::max(accept_quality(accept, "application/json"), accept_quality(accept, "application/problem+json"));
}

int accept_quality(std::string_view accept, std::string_view media_type)
{
    if (trimmed(accept).empty()) return -1;
    auto const group = std::string{media_type.substr(0, media_type.find('/'))} + "/*";
    int best = 0;
    int precision = 0; // a closer match decides, whatever its weight
    for (auto const& [word, weight] : read_weighted(accept)) {
        int const fits = word == media_type ? 3 : word == group ? 2 : word == "*/*" ? 1 : 0;
        if (fits > precision) {
            precision = fits;
            best = weight;
        }
    }
    return best;
}

bool accepts_encoding(std::string_view accept_encoding, std::string_view coding)
{
    for (auto const& [word, weight] : read_weighted(accept_encoding)) {
        if (word == coding) return weight > 0;
    }
    return false;
}

std::string choose_language(std::string_view asked, std::string_view of_account, std::string_view accept_language)
{
    for (auto const word : {asked, of_account}) {
        if (word == "vi" || word == "en") return std::string{word};
    }
    auto best = WeightedWord{"vi", 0};
    for (auto const& [word, weight] : read_weighted(accept_language)) {
        auto const primary = word.substr(0, word.find('-'));
        if ((primary == "vi" || primary == "en") && weight > best.weight) best = WeightedWord{primary, weight};
    }
    return best.word;
}

} // namespace nguon::server
