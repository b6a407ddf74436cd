#include "server/http/accept.hpp"

#include <algorithm>
#include <cctype>

namespace nguon::server {
namespace {

constexpr std::size_t words_max = 32;

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

/// True when `text` is `range` or goes on behind it with "-".
bool is_within(std::string_view range, std::string_view text)
{
    return text.starts_with(range) && (text.size() == range.size() || text[range.size()] == '-');
}

} // namespace

std::vector<WeightedWord> read_weighted(std::string_view header)
{
    std::vector<WeightedWord> out;
    while (!header.empty() && out.size() < words_max) {
        auto const end = std::min(header.find(','), header.size());
        auto const item = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
        auto const semicolon = std::min(item.find(';'), item.size());
        auto const word = trimmed(item.substr(0, semicolon));
        if (!word.empty()) out.push_back(WeightedWord{lowered(word), read_weight(item.substr(semicolon))});
    }
    return out;
}

int named_quality(std::string_view accept, std::string_view media_type)
{
    for (auto const& [word, weight] : read_weighted(accept)) {
        if (word == media_type) return weight;
    }
    return -1;
}

int language_quality(std::string_view accept_language, std::string_view language)
{
    auto const wanted = lowered(language);
    int best = 0;
    int precision = 0; // a closer match decides, whatever its weight
    for (auto const& [word, weight] : read_weighted(accept_language)) {
        bool const near = is_within(word, wanted) || is_within(wanted, word);
        int const fits = word == wanted ? 3 : near ? 2 : word == "*" ? 1 : 0;
        if (fits > precision) {
            precision = fits;
            best = weight;
        }
    }
    return best;
}

} // namespace nguon::server
