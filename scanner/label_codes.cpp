#include "scanner/label_codes.hpp"

#include <algorithm>
#include <cassert>

namespace nguon::scanner {

bool is_plain_code(std::string_view text)
{
    return text.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") == std::string_view::npos;
}

std::string dearest_url(std::string_view common, std::size_t rest, bool plain)
{
    return std::string{common} + std::string(rest, plain ? 'A' : 'a');
}

Result<std::vector<LabelCode>> ListedCodes::read(std::size_t first, std::size_t count)
{
    assert(first + count <= codes_.size());
    auto const begin = codes_.begin() + static_cast<std::ptrdiff_t>(first);
    return std::vector<LabelCode>{begin, begin + static_cast<std::ptrdiff_t>(count)};
}

std::string ListedCodes::dearest_url() const
{
    if (codes_.empty()) return {};
    std::string_view common = codes_.front().url;
    std::size_t longest = 0;
    for (auto const& code : codes_) {
        auto const differs = std::mismatch(common.begin(), common.end(), code.url.begin(), code.url.end()).first;
        common = common.substr(0, static_cast<std::size_t>(differs - common.begin()));
        longest = std::max(longest, code.url.size());
    }
    auto const plain = std::all_of(codes_.begin(), codes_.end(), [common](LabelCode const& code) {
        return is_plain_code(std::string_view{code.url}.substr(common.size()));
    });
    return scanner::dearest_url(common, longest - common.size(), plain);
}

} // namespace nguon::scanner
