#include "server/app/links.hpp"

#include "core/gs1/digital_link.hpp"
#include "core/gs1/read_code.hpp"
#include "core/http/uri.hpp"
#include "core/runtime/endpoint.hpp"
#include "db/audit_log.hpp"
#include "db/identifiers.hpp"
#include "db/organizations.hpp"
#include "db/places.hpp"
#include "db/products.hpp"
#include "server/app/link_types.hpp"
#include "server/app/naming.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::size_t title_chars_max = 120;
constexpr std::size_t href_chars_max = 2000;
constexpr std::size_t word_chars_max = 100;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_word(char c) { return is_lower(c) || is_upper(c) || (c >= '0' && c <= '9'); }

/// "vi", "en-GB"
bool is_language(std::string_view text)
{
    bool const tagged = text.size() == 5 && text[2] == '-' && is_upper(text[3]) && is_upper(text[4]);
    return (text.size() == 2 || tagged) && is_lower(text[0]) && is_lower(text[1]);
}

/// "text/html", "application/ld+json"
bool is_media_type(std::string_view text)
{
    auto const fits = [](char c) { return is_word(c) || c == '-' || c == '+' || c == '.'; };
    auto const slash = text.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size()) return false;
    return std::ranges::all_of(text.substr(0, slash), fits) && std::ranges::all_of(text.substr(slash + 1), fits);
}

bool is_context(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return is_word(c) || c == '-' || c == '_' || c == '.'; });
}

std::string read_word(JsonReader& in, std::string_view name, bool (*fits)(std::string_view), char const* key)
{
    auto text = in.optional_text(name, word_chars_max).value_or("");
    if (text.empty() || fits(text)) return text;
    in.fault(name, key, {excerpt(text)});
    return {};
}

std::string read_type(JsonReader& in)
{
    auto const text = in.text("type", word_chars_max);
    if (text.empty()) return {};
    auto const name = read_link_type(text);
    if (name && find_link_type(*name) != nullptr) return *name;
    in.fault("type", "link.type_unknown", {excerpt(text)});
    return {};
}

/// Whether the number is that of a record of ours, and of whose.
struct Owner {
    OrganizationId org = {}; // empty: of nobody here
    bool product = false;    // the number has to be a product's
};

Owner owner_of(db::Connection& c, Anchor const& anchor)
{
    auto const& [ai, value] = anchor.elements.front();
    if (ai == "01" || ai == "8006") {
        auto const product = db::products::find_by_gtin(c, std::string_view{value}.substr(0, 14));
        return {product ? product->org : OrganizationId{}, ai == "01"};
    }
    if (ai != "414" && ai != "415" && ai != "417") return {};
    auto const named = db::identifiers::entity_of(c, place_uri({}, value));
    if (!named || named->kind != "place") return {};
    return {db::places::owner(c, PlaceId{named->entity_id}), false};
}

/// Makes sure that the key is this organization's to link.
Status claim(db::Connection& c, Actor const& actor, Anchor const& anchor)
{
    auto const owner = owner_of(c, anchor);
    bool const owned = owner.org == actor.org;
    if (owner.product && !owned) return conflict("link.product_needed", {anchor.elements.front().value});
    if (!owner.org.empty() && !owned) return conflict("link.key_taken");
    if (!owned) {
        // Nobody can tell whose number it is, so the province answers for who may be the first to say.
        auto const organization = db::organizations::find(c, actor.org);
        if (!organization) return organization.error();
        if (organization->status != "approved") return conflict("link.approval_needed");
    }
    return db::links::claim_key(c, anchor.key, actor.org, owned, actor.at);
}

Status check_target(Anchor const& anchor, LinkInput const& input, std::string_view public_url)
{
    if (input.is_default && has_page_here(anchor.key))
        return invalid_fields({{"/is_default", "link.default_is_page", {}}});
    auto const target = std::string_view{input.href}.substr(0, input.href.find_first_of("?#"));
    bool const here = target.starts_with(public_url) && target.substr(public_url.size()).starts_with('/');
    if (!here) return Done{};
    auto const reading = gs1::read_digital_link_path(target.substr(public_url.size()));
    if (reading.valid() && anchor_of(reading.link.path()).key == anchor.key)
        return invalid_fields({{"/href", "link.href_itself", {}}});
    return Done{};
}

void take_input(db::links::Link& link, LinkInput const& input)
{
    link.type = input.type;
    link.href = input.href;
    link.title = input.title;
    link.language = input.language;
    link.media_type = input.media_type;
    link.context = input.context;
    link.is_default = input.is_default;
    link.fwqs = input.fwqs;
}

/// The audit keeps what a link was: there are no versions of it.
void note(db::Connection& c, Actor const& actor, db::links::Link const& link, std::string const& action)
{
    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = action;
    entry.entity_kind = "link";
    entry.entity_id = link.id.text();
    entry.detail =
        nlohmann::json{
            {"anchor", link.anchor},         {"type", link.type},      {"href", link.href}, {"language", link.language},
            {"is_default", link.is_default}, {"version", link.version}}
            .dump();
    db::audit_log::append(c, actor.change(), entry);
}

Anchor anchor_of_link(db::links::Link const& link)
{
    return anchor_of(gs1::read_digital_link_path(link.anchor).link.path());
}

} // namespace

Result<std::string> read_href(std::string_view text)
{
    for (auto const c : text) {
        bool const fits = c > ' ' && c <= '~' && std::string_view{"\"<>\\^`{|}"}.find(c) == std::string_view::npos;
        if (!fits) return invalid("link.href_character", {c > ' ' && c <= '~' ? std::string{c} : excerpt(text)});
    }
    auto const url = http::parse_url(text.substr(0, text.find_first_of("?#")));
    if (!url) return invalid(text.find("://") == std::string_view::npos ? "link.href_scheme" : "link.href_malformed");
    if (!url->secure && !is_loopback(Endpoint{url->host, url->port})) return invalid("link.href_scheme");
    return std::string{text};
}

LinkInput read_link_input(JsonReader& in)
{
    LinkInput out;
    out.type = read_type(in);
    auto const href = in.text("href", href_chars_max);
    if (!href.empty()) out.href = in.take("href", read_href(href));
    out.title = in.optional_text("title", title_chars_max).value_or("");
    out.language = read_word(in, "language", is_language, "link.language");
    out.media_type = read_word(in, "media_type", is_media_type, "link.media_type");
    out.context = read_word(in, "context", is_context, "link.context");
    out.is_default = in.flag("is_default");
    out.fwqs = in.flag("fwqs", true);
    return out;
}

Anchor anchor_of(std::span<gs1::AiValue const> elements)
{
    auto const path_of = [](std::span<gs1::AiValue const> part) {
        auto const link = gs1::to_canonical_path(part);
        return link ? link->substr(gs1::canonical_base.size()) : std::string{};
    };
    Anchor out;
    out.path = path_of(elements);
    auto const read = gs1::read_digital_link_path(out.path);
    if (!read.valid()) return {};
    out.elements.assign(read.link.path().begin(), read.link.path().end());
    if (!out.elements.empty()) out.key = path_of(std::span{out.elements}.first(1));
    return out;
}

Result<Anchor> read_anchor(std::string_view text)
{
    auto const code =
        text.starts_with('/') ? gs1::read_code("https://localhost" + std::string{text}) : gs1::read_code(text);
    if (!code.valid()) return gs1::to_error(code.faults);
    if (code.kind == gs1::CodeKind::other_link) return invalid("code.other_link", {code.host});
    auto anchor = anchor_of(code.elements);
    if (anchor.key.empty()) return invalid("link.no_key");
    return anchor;
}

Result<db::links::LinkId> register_link(db::Connection& c, Actor const& actor, Anchor const& anchor,
                                        LinkInput const& input, std::string_view public_url)
{
    if (anchor.key.empty()) return invalid("link.no_key");
    if (auto good = check_target(anchor, input, public_url); !good) return good.error();
    if (auto claimed = claim(c, actor, anchor); !claimed) return claimed.error();
    db::links::Link link;
    link.id = new_id<struct db::links::LinkKind>();
    link.org = actor.org;
    link.key = anchor.key;
    link.anchor = anchor.path;
    link.created_at = actor.at;
    take_input(link, input);
    if (auto saved = db::links::insert(c, link); !saved) return saved.error();
    note(c, actor, link, "link.register");
    return link.id;
}

Status change_link(db::Connection& c, Actor const& actor, db::links::LinkId const& id, LinkInput const& input,
                   std::string_view public_url)
{
    auto link = db::links::find(c, actor.org, id);
    if (!link) return link.error();
    auto const anchor = anchor_of_link(*link);
    if (auto good = check_target(anchor, input, public_url); !good) return good;
    if (auto claimed = claim(c, actor, anchor); !claimed) return claimed;
    take_input(*link, input);
    link->changed_at = actor.at;
    if (auto saved = db::links::update(c, *link); !saved) return saved;
    ++link->version;
    note(c, actor, *link, "link.change");
    return Done{};
}

Status remove_link(db::Connection& c, Actor const& actor, db::links::LinkId const& id)
{
    auto const link = db::links::find(c, actor.org, id);
    if (!link) return link.error();
    if (auto removed = db::links::remove(c, *link); !removed) return removed;
    note(c, actor, *link, "link.remove");
    return Done{};
}

bool has_page_here(std::string_view key_path) { return key_path.starts_with("/01/"); }

} // namespace nguon::server::app
