#include "server/app/linkset.hpp"

#include "server/app/link_types.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using nlohmann::json;

std::string relation(std::string_view type) { return std::string{vocabulary} + std::string{type}; }

/// With all that is said of the target.
json target_of(ResolverLink const& link, std::string_view base, std::string const& title)
{
    json out{{"href", absolute(base, link.href)}, {"title", title}};
    if (!link.media_type.empty()) out["type"] = link.media_type;
    if (!link.language.empty()) out["hreflang"] = json::array({link.language});
    if (!link.context.empty()) out["context"] = json::array({link.context});
    if (!link.fwqs) out["fwqs"] = false;
    return out;
}

} // namespace

std::string absolute(std::string_view base, std::string_view href)
{
    if (!href.starts_with('/')) return std::string{href};
    return std::string{base}.append(href);
}

json to_linkset(std::vector<ResolverLevel> const& levels, std::string_view base,
                std::function<std::string(ResolverLink const&)> const& title_of)
{
    json contexts = json::array();
    for (auto const& level : levels) {
        json context{{"anchor", absolute(base, level.anchor)}, {"itemDescription", level.description}};
        for (auto const& link : level.links)
            context[relation(link.type)].push_back(target_of(link, base, title_of(link)));
        auto const defaults = default_links(level);
        for (auto const& link : defaults) {
            if (link.is_default)
                context[relation("defaultLink")].push_back(
                    {{"href", absolute(base, link.href)}, {"title", title_of(link)}});
            if (defaults.size() > 1)
                context[relation("defaultLinkMulti")].push_back(target_of(link, base, title_of(link)));
        }
        contexts.push_back(std::move(context));
    }
    return {{"linkset", std::move(contexts)}};
}

} // namespace nguon::server::app
