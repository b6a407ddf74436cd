#include "server/app/resolver.hpp"

#include "server/http/accept.hpp"
#include "server/http/request.hpp"

#include <algorithm>

namespace nguon::server::app {
namespace {

// Every score: 0 does not fit; what fits by name is better than what says nothing and so fits everything.

int score(int named, int wildcard, bool says_nothing)
{
    if (says_nothing) return std::max(1, wildcard + 1);
    return named > 0 ? named + 1 : 0;
}

int language_score(ResolverLink const& link, ResolverWish const& wish)
{
    if (wish.accept_language.empty()) return 0;
    return score(language_quality(wish.accept_language, link.language), language_quality(wish.accept_language, "*"),
                 link.language.empty());
}

int media_score(ResolverLink const& link, ResolverWish const& wish)
{
    if (wish.accept.empty()) return 0;
    return score(accept_quality(wish.accept, link.media_type), accept_quality(wish.accept, "*/*"),
                 link.media_type.empty());
}

int context_score(ResolverLink const& link, ResolverWish const& wish)
{
    if (link.context.empty()) return 1;
    return link.context == wish.context ? 2 : 0;
}

template <typename Score>
void keep_best(std::vector<ResolverLink>& links, ResolverWish const& wish, Score const& score_of)
{
    int best = 0;
    for (auto const& link : links) best = std::max(best, score_of(link, wish));
    std::erase_if(links, [&](auto const& link) { return score_of(link, wish) < best; });
}

std::vector<ResolverLink> of_type(ResolverLevel const& level, std::string_view type)
{
    std::vector<ResolverLink> out;
    for (auto const& link : level.links) {
        if (link.type == type) out.push_back(link);
    }
    return out;
}

} // namespace

std::vector<ResolverLink> default_links(ResolverLevel const& level)
{
    auto const found = std::ranges::find_if(level.links, &ResolverLink::is_default);
    if (found == level.links.end()) return {};
    // The page of a thing speaks every language, and nothing stands in for it.
    if (found->built_in) return {*found};
    return of_type(level, found->type);
}

std::vector<ResolverLink> choose_links(std::vector<ResolverLevel> const& levels, ResolverWish const& wish)
{
    std::vector<ResolverLink> links;
    for (auto const& level : levels) {
        links = wish.link_type.empty() ? default_links(level) : of_type(level, wish.link_type);
        if (!links.empty()) break;
    }
    keep_best(links, wish, language_score);
    keep_best(links, wish, media_score);
    keep_best(links, wish, context_score);
    auto const preferred = std::ranges::find_if(links, &ResolverLink::is_default);
    if (preferred != links.end()) return {*preferred};
    if (wish.link_type.empty() && links.size() > 1) links.resize(1);
    return links;
}

} // namespace nguon::server::app
