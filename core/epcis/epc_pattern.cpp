#include "core/epcis/epc_pattern.hpp"

#include "core/epcis/event_hash.hpp"
#include "core/epcis/validate.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/epc_uri.hpp"

#include <algorithm>
#include <array>

namespace nguon::epcis {
namespace {

/// How an EPC scheme stands in a Digital Link.
struct Scheme {
    std::string_view name;
    std::string_view key;       // application identifier
    std::size_t lead;           // digits in front of the company prefix
    std::size_t parts;          // of the URN
    std::string_view filler;    // a serial or lot that makes class and filler a thing
    std::string_view qualifier; // between class and serial in the link; "" where the serial follows at once
    std::size_t class_size;     // digits of the key that name the class; 0: all of them
};

constexpr std::array schemes{
    Scheme{"sgtin", "01", 1, 3, "1", "/21/", 0},   Scheme{"lgtin", "01", 1, 3, "1", "/10/", 0},
    Scheme{"upui", "01", 1, 3, "1", "/235/", 0},   Scheme{"sscc", "00", 1, 2, "", "", 0},
    Scheme{"sgln", "414", 0, 3, "0", "/254/", 0},  Scheme{"grai", "8003", 1, 3, "1", "", 14},
    Scheme{"giai", "8004", 0, 2, "", "", 0},       Scheme{"gsrn", "8018", 0, 2, "", "", 0},
    Scheme{"gsrnp", "8017", 0, 2, "", "", 0},      Scheme{"gdti", "253", 0, 3, "1", "", 13},
    Scheme{"sgcn", "255", 0, 3, "1", "", 13},      Scheme{"cpi", "8010", 0, 3, "1", "/8011/", 0},
    Scheme{"itip", "8006", 1, 5, "1", "/21/", 18}, Scheme{"pgln", "417", 0, 2, "", "", 0},
    Scheme{"ginc", "401", 0, 2, "", "", 0},        Scheme{"gsin", "402", 0, 2, "", "", 0},
};

struct Urn {
    Scheme const* scheme = nullptr;
    std::vector<std::string_view> parts = {};
};

/// "urn:epc:id:sgtin:0614141.107346.2017" taken apart; the last part keeps its dots.
std::optional<Urn> take_apart(std::string_view text)
{
    for (std::string_view const start : {"urn:epc:idpat:", "urn:epc:id:", "urn:epc:class:"}) {
        if (!text.starts_with(start)) continue;
        text.remove_prefix(start.size());
        auto const colon = text.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        auto const* const scheme = std::ranges::find(schemes, text.substr(0, colon), &Scheme::name);
        if (scheme == schemes.end()) return std::nullopt;
        Urn urn{scheme, {}};
        text.remove_prefix(colon + 1);
        while (urn.parts.size() + 1 < scheme->parts && text.find('.') != std::string_view::npos) {
            urn.parts.push_back(text.substr(0, text.find('.')));
            text.remove_prefix(text.find('.') + 1);
        }
        urn.parts.push_back(text);
        if (urn.parts.size() != scheme->parts) return std::nullopt;
        return urn;
    }
    return std::nullopt;
}

/// "01" and "09506000134352" of "https://id.gs1.org/01/09506000134352/21/7".
struct Key {
    std::string_view ai;
    std::string_view value;
};

std::optional<Key> key_of(std::string_view canonical)
{
    if (!canonical.starts_with(gs1::canonical_base)) return std::nullopt;
    auto rest = canonical.substr(gs1::canonical_base.size());
    if (!rest.starts_with('/')) return std::nullopt;
    rest.remove_prefix(1);
    auto const slash = rest.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    auto const value = rest.substr(slash + 1);
    return Key{rest.substr(0, slash), value.substr(0, value.find('/'))};
}

Scheme const* scheme_of_key(std::string_view ai)
{
    auto const* const found = std::ranges::find(schemes, ai, &Scheme::key);
    return found == schemes.end() ? nullptr : found;
}

std::string class_key(Scheme const& scheme, std::string_view value)
{
    auto const size = scheme.class_size == 0 ? value.size() : scheme.class_size;
    return std::string{"class/"}.append(scheme.key).append("/").append(value.substr(0, size));
}

/// The link of the class that the parts in front of the last one name; "" when they name none.
std::string class_link_of(Urn const& urn)
{
    auto const& scheme = *urn.scheme;
    if (scheme.filler.empty()) return {};
    std::string text = scheme.name == "lgtin" ? "urn:epc:class:" : "urn:epc:id:";
    text.append(scheme.name).append(":");
    for (std::size_t i = 0; i + 1 < urn.parts.size(); ++i) text.append(urn.parts[i]).append(".");
    text.append(scheme.filler);
    if (!gs1::read_epc_uri(text)) return {};
    auto link = canonical_identifier(text);
    if (scheme.name == "sgln") return link; // an extension of 0 is none
    link.resize(link.size() - scheme.filler.size());
    if (link.ends_with(scheme.qualifier)) link.resize(link.size() - scheme.qualifier.size());
    return link;
}

} // namespace

Result<EpcPattern> EpcPattern::read(std::string_view text)
{
    auto const refused = invalid("epcis.query.pattern", {std::string{text}});
    if (!is_uri(text)) return refused;
    EpcPattern pattern;
    if (text.ends_with("/*") && text.starts_with("http")) {
        // A star is also a serial number: what is named so is below the class as well.
        auto const link = canonical_identifier(text.substr(0, text.rfind('/', text.size() - 3)));
        auto const key = key_of(link);
        if (key && scheme_of_key(key->ai) != nullptr && link.find('/', link.find(key->value)) == std::string::npos) {
            pattern.class_link_ = link;
            pattern.key_ = class_key(*scheme_of_key(key->ai), key->value);
            return pattern;
        }
    }
    if (!gs1::is_epc_uri(text) || text.find('*') == std::string_view::npos) {
        pattern.exact_ = canonical_identifier(text);
        return pattern;
    }
    auto const urn = take_apart(text);
    if (!urn) return refused;
    auto const star = std::ranges::find(urn->parts, std::string_view{"*"});
    // A serial number may hold stars of its own; then the text is no pattern.
    if (star == urn->parts.end()) {
        pattern.exact_ = canonical_identifier(text);
        return pattern;
    }
    if (!std::all_of(star, urn->parts.end(), [](auto part) { return part == "*"; })) return refused;
    pattern.scheme_ = urn->scheme->name;
    pattern.parts_.assign(urn->parts.begin(), star);
    if (std::ranges::any_of(pattern.parts_, [](auto const& part) { return part.empty(); })) return refused;
    if (std::next(star) == urn->parts.end()) pattern.class_link_ = class_link_of(*urn);
    if (auto const key = key_of(pattern.class_link_)) pattern.key_ = class_key(*urn->scheme, key->value);
    return pattern;
}

bool EpcPattern::matches_urn(std::string_view uri) const
{
    auto const urn = take_apart(uri);
    return urn && urn->scheme->name == scheme_ && std::equal(parts_.begin(), parts_.end(), urn->parts.begin());
}

bool EpcPattern::matches_link(std::string_view canonical) const
{
    if (!class_link_.empty()) {
        if (!canonical.starts_with(class_link_)) return false;
        auto const rest = canonical.substr(class_link_.size());
        if (rest.empty()) return true;
        auto const* const scheme = std::ranges::find(schemes, scheme_, &Scheme::name);
        // A link with a star leaves open which qualifier follows.
        return scheme == schemes.end() ? rest.starts_with('/') || class_link_.find("/8003/") != std::string::npos
                                       : rest.starts_with(scheme->qualifier);
    }
    auto const key = key_of(canonical);
    auto const* const scheme = std::ranges::find(schemes, scheme_, &Scheme::name);
    if (!key || scheme == schemes.end() || key->ai != scheme->key || key->value.size() < scheme->lead) return false;
    // Without knowing how long the company prefix is, its digits are all there is to compare; a qualifier tells GTINs
    // with lots from those with serials.
    if (!parts_.empty() && !key->value.substr(scheme->lead).starts_with(parts_.front())) return false;
    if (parts_.size() > 1) return false;
    auto const rest =
        canonical.substr(static_cast<std::size_t>(key->value.data() - canonical.data()) + key->value.size());
    return rest.empty() || scheme->qualifier.empty() || rest.starts_with(scheme->qualifier);
}

bool EpcPattern::matches(std::string_view uri, std::string_view canonical) const
{
    if (exact_) return *exact_ == canonical;
    return (!scheme_.empty() && gs1::is_epc_uri(uri)) ? matches_urn(uri) : matches_link(canonical);
}

std::string pattern_key(std::string_view canonical)
{
    auto const key = key_of(canonical);
    auto const* const scheme = key ? scheme_of_key(key->ai) : nullptr;
    return scheme == nullptr || scheme->filler.empty() ? std::string{} : class_key(*scheme, key->value);
}

} // namespace nguon::epcis
