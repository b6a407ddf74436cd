#include "server/pages/resolver.hpp"

#include "core/gs1/digital_link.hpp"
#include "core/http/uri.hpp"
#include "core/runtime/clock.hpp"
#include "db/database.hpp"
#include "server/app/link_types.hpp"
#include "server/app/links.hpp"
#include "server/app/linkset.hpp"
#include "server/app/resolver_levels.hpp"
#include "server/http/accept.hpp"
#include "server/http/problem.hpp"
#include "server/http/requested_base.hpp"
#include "server/http/respond.hpp"
#include "server/pages/origin_answer.hpp"
#include "server/services.hpp"
#include "server/web/page.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::server::pages {
namespace {

using nlohmann::json;

constexpr std::string_view resolver_cache_control = "private, max-age=0, must-revalidate";
constexpr std::string_view json_ld = "application/ld+json";

/// What a request wants of a Digital Link.
struct Wish {
    app::ResolverWish links = {};
    std::string_view linkset = {}; // as this media type; empty: no list is wanted
    bool linkset_page = false;     // the list, for a person
    bool page = false;             // a browser that takes the page of the thing where it is
};

/// The JSON that the client names and would rather have than a page; empty when there is none.
std::string_view named_json(std::string_view accept)
{
    int best = std::max(0, named_quality(accept, "text/html"));
    std::string_view out;
    for (auto const type : {app::linkset_media_type, json_ld, std::string_view{"application/json"}}) {
        if (auto const quality = named_quality(accept, type); quality > best) {
            best = quality;
            out = type;
        }
    }
    return out;
}

Result<Wish> read_wish(Request const& request)
{
    Wish out;
    out.links.accept = request.header("Accept");
    out.links.accept_language = request.header("Accept-Language");
    out.links.context = request.query_value("context");
    auto const asked = request.query_value("linkType");
    auto const named = named_json(out.links.accept);
    bool const browser = named_quality(out.links.accept, "text/html") > 0;
    if (asked.empty()) {
        out.linkset = named;
        out.page = browser && named.empty();
        return out;
    }
    auto type = app::read_link_type(asked);
    if (!type) return type.error();
    if (*type == "linkset") {
        out.linkset_page = asked == "all" && browser && named.empty();
        out.linkset = out.linkset_page ? std::string_view{} : named.empty() ? app::linkset_media_type : named;
    } else {
        // Other JSON may be what the wanted target is.
        if (named == app::linkset_media_type) out.linkset = named;
        out.links.link_type = *type == "defaultLink" ? std::string{} : *std::move(type);
    }
    return out;
}

/// A Digital Link as a request brings it. AIs that are newer than our table are let pass: they go on to the target.
gs1::LinkReading read_link(Request const& request)
{
    auto reading = gs1::read_digital_link_path(request.path, request.query);
    std::erase_if(reading.faults, [](gs1::Fault const& fault) {
        return std::string_view{fault.key} == "link.query_ai" && fault.ai.size() >= 2 && fault.ai.size() <= 4;
    });
    return reading;
}

/// The query string for the target: as it came, but for what is said to the resolver; with the attributes that a
/// compressed link held in its path.
std::string query_for_target(Request const& request, gs1::DigitalLink const& link)
{
    std::string out;
    std::vector<std::string_view> names;
    std::string_view rest{request.query};
    while (!rest.empty()) {
        auto const end = std::min(rest.find('&'), rest.size());
        auto const piece = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        auto const name = piece.substr(0, piece.find('='));
        names.push_back(name);
        if (piece.empty() || name == "linkType" || name == "context") continue;
        out.append(out.empty() ? "" : "&").append(piece);
    }
    for (auto const& [ai, value] : link.attributes()) {
        if (std::ranges::find(names, ai) != names.end()) continue;
        out.append(out.empty() ? "" : "&").append(ai).append("=").append(gs1::percent_encode(value));
    }
    return out;
}

/// The query stands before a fragment and behind what the target has of its own.
std::string with_query(std::string target, std::string const& query)
{
    if (query.empty()) return target;
    auto const hash = std::min(target.find('#'), target.size());
    auto const has_query = target.find('?') < hash;
    target.insert(hash, (has_query ? "&" : "?") + query);
    return target;
}

/// Another spelling was asked for: compressed, or percent-encoded without need.
bool is_other_spelling(Request const& request, std::string const& anchor)
{
    std::string_view path{request.path};
    if (path.ends_with('/')) path.remove_suffix(1);
    return path != anchor;
}

/// `base` may be empty: then addresses are relative to the one that was asked, as kept pages need them.
void add_links(http::Response& response, std::string_view base, std::string const& anchor)
{
    std::string value{"<"};
    value.append(base).append(anchor).append("?linkType=linkset>; rel=\"linkset\"; type=\"");
    value.append(app::linkset_media_type).append("\", <").append(app::linkset_context);
    value.append(">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"").append(json_ld).append("\"");
    response.header("Link", std::move(value));
}

void allow_everybody(http::Response& response)
{
    response.header("Access-Control-Allow-Origin", "*");
    response.header("Access-Control-Expose-Headers", "Link, Location");
}

/// What every answer about a Digital Link says.
void add_resolver_fields(Services const& services, Request const& request, gs1::DigitalLink const& link,
                         http::Response& response)
{
    auto const base = requested_base(services, request);
    auto const anchor = app::anchor_of(link.path()).path;
    add_links(response, base, anchor);
    if (auto const plain = gs1::to_digital_link(link.elements, base); plain && is_other_spelling(request, anchor))
        response.headers.set("Link",
                             std::string{response.headers.get("Link")} + ", <" + *plain + ">; rel=\"owl:sameAs\"");
    allow_everybody(response);
    response.header("Vary", "Accept, Accept-Language");
    response.header("Cache-Control", std::string{resolver_cache_control});
}

http::Response redirect_to(Request const& request, gs1::DigitalLink const& link, std::string_view base,
                           app::ResolverLink const& target)
{
    auto location = app::absolute(base, target.href);
    http::Response response{.status = 307};
    response.header("Location", target.fwqs ? with_query(std::move(location), query_for_target(request, link))
                                            : std::move(location));
    return response;
}

std::string title_of(Services const& services, Request const& request, app::ResolverLink const& link)
{
    return link.title.empty() ? text(services, request, "link.type." + link.type) : link.title;
}

http::Response linkset_response(Services const& services, Request const& request,
                                std::vector<app::ResolverLevel> const& levels, std::string_view media_type)
{
    auto const named = [&](app::ResolverLink const& link) { return title_of(services, request, link); };
    auto linkset = app::to_linkset(levels, requested_base(services, request), named);
    if (media_type == json_ld) linkset["@context"] = app::linkset_context;
    return json_response(200, linkset, media_type);
}

/// The host of an address, which is what a person can judge.
std::string host_of(std::string const& href)
{
    auto const url = http::parse_url(std::string_view{href}.substr(0, href.find_first_of("?#")));
    return url ? url->host : std::string{};
}

http::Response links_page(Services& services, Request const& request, std::vector<app::ResolverLevel> const& levels,
                          std::string_view title_key, unsigned status)
{
    json view{{"title", text(services, request, title_key)}, {"noindex", true}, {"levels", json::array()}};
    for (auto const& level : levels) {
        json links = json::array();
        for (auto const& link : level.links) {
            auto const label = text(services, request, "link.type." + link.type);
            links.push_back({{"href", link.href},
                             {"title", title_of(services, request, link)},
                             {"label", link.title.empty() ? std::string{} : label},
                             {"host", host_of(link.href)},
                             {"language", link.language}});
        }
        view["levels"].push_back({{"description", level.description}, {"links", std::move(links)}});
    }
    return page(services, request, "links", std::move(view), status);
}

/// Several targets fit equally well.
http::Response choices(Services& services, Request const& request, std::vector<app::ResolverLevel> levels,
                       std::vector<app::ResolverLink> const& links, bool for_person)
{
    auto const holds = [&](app::ResolverLevel const& level) {
        return std::ranges::find(level.links, links.front()) != level.links.end();
    };
    std::erase_if(levels, [&](auto const& level) { return !holds(level); });
    levels.resize(1);
    levels.front().links = links;
    if (for_person) return links_page(services, request, levels, "resolver.choose", 300);
    auto response = linkset_response(services, request, levels, app::linkset_media_type);
    response.status = 300;
    return response;
}

/// What is known of a Digital Link: its page, or where it leads.
struct Known {
    Found found = {};
    std::vector<app::ResolverLevel> levels = {};
};

Result<Known> find_known(db::Connection& c, gs1::DigitalLink const& link, bool for_page, Glance const& glance)
{
    auto const today = vietnam_date(glance.now);
    Known out;
    out.found.subject = app::find_subject(c, link.path(), today);
    if (for_page && out.found.subject.product) {
        auto found = look(c, std::move(out.found.subject), glance);
        if (!found) return found.error();
        out.found = *std::move(found);
    } else {
        out.levels = app::find_levels(c, link.path(), out.found.subject, today);
    }
    return out;
}

http::Response answer(Services& services, Request const& request, gs1::DigitalLink const& link, Wish const& wish,
                      Known const& known)
{
    auto const& levels = known.levels;
    if (levels.empty()) {
        bool const untyped = request.query_value("linkType").empty() && wish.linkset.empty();
        if (untyped) return origin_page(services, request, known.found, services.clock.now());
        return any_problem(services, request, not_found("resolver.unknown"));
    }
    if (wish.linkset_page) return links_page(services, request, levels, "resolver.all", 200);
    if (!wish.linkset.empty()) return linkset_response(services, request, levels, wish.linkset);
    auto const links = app::choose_links(levels, wish.links);
    if (links.empty()) return any_problem(services, request, not_found("resolver.link_absent"));
    if (links.size() > 1)
        return choices(services, request, levels, links, named_quality(wish.links.accept, "text/html") > 0);
    return redirect_to(request, link, requested_base(services, request), links.front());
}

/// "?lot=" from the page that asks for the lot.
std::string with_lot(Request const& request)
{
    auto const lot = request.query_value("lot");
    return lot.empty() ? std::string{} : "/10/" + gs1::percent_encode(lot);
}

/// The page of a thing at the Digital Link itself: a telephone needs no second request.
http::Response page_here(Services& services, Request const& request, gs1::DigitalLink const& link, Found const& found,
                         std::uint64_t generation)
{
    auto const anchor = app::anchor_of(link.path()).path;
    if (is_unknown_part(found.subject)) {
        // The product is known, so this is no dead end; the page asks for the lot again and says that it is no success.
        app::ResolverLink asked;
        asked.href = std::string{app::page_prefix} + anchor;
        auto response = redirect_to(request, link, requested_base(services, request), asked);
        add_resolver_fields(services, request, link, response);
        return response;
    }
    auto response = origin_page(services, request, found, services.clock.now());
    add_links(response, {}, anchor);
    allow_everybody(response);
    return keep_page(services, request, std::move(response), generation, found.subject);
}

net::awaitable<http::Response> resolve_link(Services& services, Request const& request, gs1::DigitalLink link)
{
    auto const generation = services.database.generation();
    auto const wish = read_wish(request);
    if (!wish) co_return any_problem(services, request, wish.error());
    auto work = [link, for_page = wish->page, glance = glance_of(services, request)](db::Connection& c) {
        return find_known(c, link, for_page, glance);
    };
    auto const known = co_await services.database.read(std::move(work));
    if (!known) co_return any_problem(services, request, known.error());
    if (known->found.origin) co_return page_here(services, request, link, known->found, generation);
    auto response = answer(services, request, link, *wish, *known);
    add_resolver_fields(services, request, link, response);
    co_return response;
}

} // namespace

net::awaitable<http::Response> resolve(Services& services, Request const& request)
{
    auto reading = read_link(request);
    if (auto const lot = with_lot(request);
        !lot.empty() && reading.link.path_elements == 1 && reading.link.elements.front().ai == "01")
        co_return redirect("/01/" + reading.link.elements.front().value + lot);
    if (!reading.valid()) {
        auto response = faulty_code(services, request, gs1::to_error(reading.faults));
        allow_everybody(response);
        co_return response;
    }
    co_return co_await resolve_link(services, request, std::move(reading.link));
}

net::awaitable<http::Response> resolve_compressed(Services& services, Request const& request)
{
    auto reading = read_link(request);
    if (!reading.valid()) co_return any_problem(services, request, not_found("http.not_found"));
    co_return co_await resolve_link(services, request, std::move(reading.link));
}

bool is_digital_link(Request const& request) { return read_link(request).valid(); }

void add_resolver_options(Services const& services, Request const& request, http::Response& response)
{
    auto const reading = read_link(request);
    if (reading.valid()) add_resolver_fields(services, request, reading.link, response);
    allow_everybody(response);
    response.header("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
    response.header("Access-Control-Allow-Headers", "*");
    response.header("Access-Control-Max-Age", "86400");
}

} // namespace nguon::server::pages
