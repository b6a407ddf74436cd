#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Which of the links of an identified thing a request is led to (GS1-Conformant Resolver Standard 1.2). No I/O.
namespace nguon::server::app {

/// One target of a thing.
struct ResolverLink {
    std::string type = {};       // of the GS1 Web Vocabulary, without its prefix: "pip", "traceability"
    std::string href = {};       // absolute, or a path on the host that is asked
    std::string title = {};      // "": the type's own
    std::string language = {};   // "vi", "en-GB"; "" for all
    std::string media_type = {}; // "text/html"; "" for whatever
    std::string context = {};    // "" for every context
    bool is_default = false;
    bool built_in = false; // made by the system from what it knows
    bool fwqs = true;      // the query string goes along

    bool operator==(ResolverLink const&) const = default;
};

/// A thing or what it is one of.
struct ResolverLevel {
    std::string anchor = {}; // path from the root: "/01/08938505974019/10/L1"
    std::string description = {};
    std::vector<ResolverLink> links = {};
};

/// What a request asks for.
struct ResolverWish {
    std::string link_type = {}; // without prefix; "" for the default link
    std::string accept = {};    // the fields as they came
    std::string accept_language = {};
    std::string context = {};
};

/// The links that fit best, of the most specific level that has any of that type: none, the one to redirect to, or
/// several that a person must choose from. `levels` come most specific first: serial, lot, item. Language decides
/// before media type, media type before context; where nothing fits the wish, all of that type do. Of the default link
/// its variants (same level and type) are looked at too, and it is taken unless one of them fits better.
std::vector<ResolverLink> choose_links(std::vector<ResolverLevel> const& levels, ResolverWish const& wish);

/// Default link and variants of a level: what gs1:defaultLinkMulti lists. Empty when there is no default.
std::vector<ResolverLink> default_links(ResolverLevel const& level);

} // namespace nguon::server::app
