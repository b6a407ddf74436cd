#pragma once

#include "server/app/origin.hpp"
#include "server/app/resolver.hpp"

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace nguon::server::app {

/// The address of the page itself of what a Digital Link names: this and the link's path.
inline constexpr std::string_view page_prefix = "/trace";

/// Every primary key of a Digital Link: each stands at the root.
inline constexpr std::array<std::string_view, 16> primary_keys{"00",   "01",   "253",  "255",  "401",  "402",
                                                               "414",  "415",  "417",  "8003", "8004", "8006",
                                                               "8010", "8013", "8017", "8018"};

/// Where a thing's codes may lead: the levels of it that are known here, the most specific first, each with what the
/// system knows of it and what its enterprise keeps. Nothing an enterprise keeps is offered while it or the product
/// awaits approval or is suspended, nor of goods that were taken back: then the pages that say so are all there is.
/// `path` are key and qualifiers; `subject` is what they name. Serves the public.
std::vector<ResolverLevel> find_levels(db::Connection& c, std::span<gs1::AiValue const> path, Subject const& subject,
                                       Date today);

} // namespace nguon::server::app
