#pragma once

#include "core/gs1/ai_value.hpp"
#include "core/json.hpp"
#include "db/links.hpp"
#include "server/app/actor.hpp"

#include <span>
#include <string>
#include <string_view>

/// Links that an enterprise keeps of the codes of its things.
namespace nguon::server::app {

/// What somebody wants a link to be; where it belongs is said apart.
struct LinkInput {
    std::string type = {};
    std::string href = {};
    std::string title = {};
    std::string language = {};
    std::string media_type = {};
    std::string context = {};
    bool is_default = false;
    bool fwqs = true;
};

/// Faults besides those of JsonReader: "link.type_unknown" {text}, "link.language" {text}, "link.media_type" {text},
/// "link.context" {text} and those of `read_href`.
LinkInput read_link_input(JsonReader& in);

/// An absolute https address (http to this very machine only) of printable ASCII, as it goes into Location. Errors:
/// "link.href_scheme", "link.href_character" {character}, "link.href_malformed", "text.too_long".
Result<std::string> read_href(std::string_view text);

/// The canonical path of what a code names, and of its primary key alone.
struct Anchor {
    std::string key = {};
    std::string path = {};
    std::vector<gs1::AiValue> elements = {}; // key and qualifiers
};

/// Empty when they are not valid or have no primary key.
Anchor anchor_of(std::span<gs1::AiValue const> elements);

/// "/01/…/10/…" or any spelling that `gs1::read_code` takes. Errors: its own; "code.other_link" {host}; "link.no_key"
/// for what has no primary key.
Result<Anchor> read_anchor(std::string_view text);

/// Errors: those of `db::links`; "link.product_needed" {gtin} when no product of this organization has the number;
/// conflict "link.key_taken" when another organization has the place of that number, or was there first;
/// conflict "link.approval_needed" for other keys before the province approved the organization;
/// invalid at "/is_default" "link.default_is_page" for a code whose page is here;
/// invalid at "/href" "link.href_itself" for an address below `public_url` that leads back to the code.
Result<db::links::LinkId> register_link(db::Connection& c, Actor const& actor, Anchor const& anchor,
                                        LinkInput const& input, std::string_view public_url);

/// Errors as above, "link.unknown".
Status change_link(db::Connection& c, Actor const& actor, db::links::LinkId const& id, LinkInput const& input,
                   std::string_view public_url);

/// Errors: "link.unknown".
Status remove_link(db::Connection& c, Actor const& actor, db::links::LinkId const& id);

/// True for keys whose default link is the page here, whatever enterprises keep besides.
bool has_page_here(std::string_view key_path);

} // namespace nguon::server::app
