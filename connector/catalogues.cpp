#include "connector/catalogues.hpp"

namespace nguon::connector {

void Catalogues::load(db::portal_catalogues::Known known)
{
    revision_ = known.revision;
    matches_ = std::move(known.matches);
    codes_.clear();
    for (auto const& [catalogue, entries] : known.entries) take({catalogue, entries.empty(), entries});
}

void Catalogues::take(db::portal_catalogues::Fetched const& fetched)
{
    auto& codes = codes_[fetched.catalogue];
    codes.clear();
    for (auto const& entry : fetched.entries) codes[entry.code] = entry.name;
}

std::optional<std::string> Catalogues::code_of(std::string const& catalogue, std::string const& value) const
{
    auto const codes = codes_.find(catalogue);
    if (codes == codes_.end() || codes->second.empty()) return value;
    if (auto const matches = matches_.find(catalogue); matches != matches_.end())
        if (auto const match = matches->second.find(value);
            match != matches->second.end() && codes->second.contains(match->second))
            return match->second;
    if (codes->second.contains(value)) return value;
    return std::nullopt;
}

} // namespace nguon::connector
