#pragma once

#include "server/app/resolver.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nguon::server::app {

inline constexpr std::string_view linkset_media_type = "application/linkset+json";
inline constexpr std::string_view linkset_context = "https://ref.gs1.org/standards/resolver/linkset-context";

/// Links as RFC 9264 writes them, with what GS1's schema demands besides: {"linkset": [{"anchor", "itemDescription",
/// "https://gs1.org/voc/pip": [{"href", "title", "type", "hreflang", "context", "fwqs"}]}]}. Each anchor has one
/// default link with its title only; its target stands under its own type too. Paths are made absolute on `base`;
/// `title_of` gives the title of a link that has none.
nlohmann::json to_linkset(std::vector<ResolverLevel> const& levels, std::string_view base,
                          std::function<std::string(ResolverLink const&)> const& title_of);

/// The whole address of a link's target.
std::string absolute(std::string_view base, std::string_view href);

} // namespace nguon::server::app
