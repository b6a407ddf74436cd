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

/// The weight of the item that fits best, whatever it is; 0 when none fits. `fits` says how well, 0 for not at all.
template <typename Fits>
int closest_weight(std::string_view header, Fits const& fits)
{
    int best = 0;
    int precision = 0;
    for (auto const& [word, weight] : read_weighted(header)) {
        if (int const fit = fits(word); fit > precision) {
            precision = fit;
            best = weight;
        }
    }
    return best;
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

int accept_quality(std::string_view accept, std::string_view media_type)
{
    if (trimmed(accept).empty()) return -1;
    auto const group = std::string{media_type.substr(0, media_type.find('/'))} + "/*";
    return closest_weight(accept, [&](std::string const& word) {
        return word == media_type ? 3 : word == group ? 2 : word == "*/*" ? 1 : 0;
    });
}

int language_quality(std::string_view accept_language, std::string_view language)
{
    auto const wanted = lowered(language);
    return closest_weight(accept_language, [&](std::string const& word) {
        bool const near = is_within(word, wanted) || is_within(wanted, word);
        return word == wanted ? 3 : near ? 2 : word == "*" ? 1 : 0;
    });
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
