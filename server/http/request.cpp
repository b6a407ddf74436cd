#include "server/http/request.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

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

struct WeightedWord {
    std::string word = {}; // lower case
    int weight = 1000;
};

/// ";q=0.8" -> 800; what is not well-formed counts as 1000.
int read_weight(std::string_view parameters)
{
    auto const at = lowered(parameters).find("q=");
    if (at == std::string::npos) return 1000;
    auto const number = trimmed(parameters.substr(at + 2));
    if (number.empty() || (number.front() != '0' && number.front() != '1')) return 1000;
    int weight = number.front() == '1' ? 1000 : 0;
    int unit = 100;
    if (number.size() > 1 && number[1] == '.') {
        for (std::size_t i = 2; i < number.size() && unit > 0; ++i, unit /= 10) {
            if (number[i] < '0' || number[i] > '9') break;
            weight += (number[i] - '0') * unit;
        }
    }
    return std::min(weight, 1000);
}

/// The items of an Accept header of any kind, at most thirty-two.
std::vector<WeightedWord> read_weighted(std::string_view header)
{
    std::vector<WeightedWord> out;
    while (!header.empty() && out.size() < 32) {
        auto const end = std::min(header.find(','), header.size());
        auto const item = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
        auto const semicolon = std::min(item.find(';'), item.size());
        auto const word = trimmed(item.substr(0, semicolon));
        if (!word.empty()) out.push_back(WeightedWord{lowered(word), read_weight(item.substr(semicolon))});
    }
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
