#include "server/app/resolver_levels.hpp"

#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"
#include "db/certificates.hpp"
#include "db/identifiers.hpp"
#include "db/links.hpp"
#include "db/organizations.hpp"
#include "db/places.hpp"
#include "server/app/links.hpp"
#include "server/app/naming.hpp"

#include <algorithm>

namespace nguon::server::app {
namespace {

constexpr std::string_view html = "text/html";

using Path = std::vector<gs1::AiValue>;

bool has(Path const& path, std::string_view ai) { return gs1::find_value(path, ai) != nullptr; }

ResolverLink stored_link(db::links::Link const& link)
{
    ResolverLink out;
    out.type = link.type;
    out.href = link.href;
    out.title = link.title;
    out.language = link.language;
    out.media_type = link.media_type;
    out.context = link.context;
    out.is_default = link.is_default;
    out.fwqs = link.fwqs;
    return out;
}

std::vector<ResolverLink> stored_links(db::Connection& c, std::string_view anchor, OrganizationId const& owner)
{
    std::vector<ResolverLink> out;
    for (auto const& link : db::links::of_anchor(c, anchor)) {
        if (owner.empty() || link.org == owner) out.push_back(stored_link(link));
    }
    return out;
}

ResolverLink page_link(std::string_view type, std::string const& anchor)
{
    ResolverLink out;
    out.type = type;
    out.href = std::string{page_prefix} + anchor;
    out.media_type = html;
    out.built_in = true;
    return out;
}

/// The events themselves, for programs that may read them.
ResolverLink event_link(std::string const& anchor)
{
    ResolverLink out;
    out.type = "epcis";
    out.href = "/epcis/epcs/" + gs1::percent_encode(std::string{gs1::canonical_base} + anchor) + "/events";
    out.media_type = "application/ld+json";
    out.built_in = true;
    out.fwqs = false; // the query string there is of another language
    return out;
}

/// What a code of a product leads to.
class ProductLevels {
public:
    ProductLevels(db::Connection& c, Subject const& subject, Date today)
        : c_{c}, subject_{subject}, product_{*subject.product}, today_{today}, recalled_{subject.batch &&
                                                                                         subject.batch->status ==
                                                                                             "recalled"}
    {
        auto const organization = db::organizations::find(c, product_.org);
        bool const in_order = organization && organization->status == "approved" && product_.status == "published";
        offers_links_ = in_order && !recalled_;
    }

    std::vector<ResolverLevel> of(std::span<gs1::AiValue const> path)
    {
        std::vector<ResolverLevel> out;
        std::vector<bool> of_lot;
        for (auto const& one : paths(path)) {
            if (!is_known(one)) continue;
            out.push_back(level(one));
            of_lot.push_back(has(one, "10") || has(one, "21"));
        }
        // An enterprise's own page of the product stands for ours of every lot.
        bool const own_page = std::ranges::any_of(out, [](ResolverLevel const& one) {
            return std::ranges::find(one.links, "pip", &ResolverLink::type) != one.links.end();
        });
        for (std::size_t i = 0; i < out.size(); ++i) add_pages(out[i], own_page, of_lot[i]);
        add_certificates(out.back());
        return out;
    }

private:
    /// Serial, lot, item. The label of a unit leaves the lot out, because the server knows it.
    std::vector<Path> paths(std::span<gs1::AiValue const> path) const
    {
        std::vector<Path> out;
        for (auto size = path.size(); size > 0; --size) out.emplace_back(path.begin(), path.begin() + size);
        if (!subject_.unit_code.empty() && subject_.batch && !has(out.front(), "10"))
            out.insert(out.end() - 1, Path{path.front(), {"10", subject_.batch->lot}});
        return out;
    }

    bool is_known(Path const& path) const
    {
        if (has(path, "10") && !subject_.batch) return false;
        return !has(path, "21") || !subject_.unit_code.empty();
    }

    ResolverLevel level(Path const& path)
    {
        ResolverLevel out;
        out.anchor = anchor_of(path).path;
        out.description = product_.name;
        for (std::size_t i = 1; i < path.size(); ++i) out.description += " · " + path[i].value;
        if (offers_links_) out.links = stored_links(c_, out.anchor, product_.org);
        return out;
    }

    void add_pages(ResolverLevel& out, bool own_page, bool of_lot) const
    {
        auto origin = page_link("traceability", out.anchor);
        origin.is_default = true;
        out.links.insert(out.links.begin(), std::move(origin));
        if (!own_page) out.links.push_back(page_link("pip", out.anchor));
        if (recalled_ && of_lot) out.links.push_back(page_link("recallStatus", out.anchor));
        if (of_lot && !recalled_) out.links.push_back(event_link(out.anchor));
    }

    /// The papers that hold today, as everybody may read them.
    void add_certificates(ResolverLevel& out)
    {
        for (auto const& entry : db::certificates::list_public(c_, product_.org, product_.id)) {
            auto const state = state_on(entry.certificate, today_);
            bool const good = state == CertificateState::valid || state == CertificateState::expiring;
            if (entry.head.status != "active" || !good) continue;
            for (auto const& file : entry.certificate.files) {
                ResolverLink link;
                link.type = "certificationInfo";
                link.href = "/f/" + file;
                link.title = entry.certificate.name.empty() ? entry.certificate.number
                                                            : entry.certificate.name + " " + entry.certificate.number;
                link.built_in = true;
                out.links.push_back(std::move(link));
            }
        }
    }

    db::Connection& c_;
    Subject const& subject_;
    db::products::Head const& product_;
    Date today_;
    bool recalled_ = false;
    bool offers_links_ = false;
};

/// Of a number of ours in this province that no page tells of.
std::string name_of(db::Connection& c, gs1::AiValue const& key)
{
    if (key.ai != "414" && key.ai != "417") return {};
    auto const named = db::identifiers::entity_of(c, place_uri({}, key.value));
    if (!named || named->kind != "place") return {};
    auto const place = db::places::public_fields(c, PlaceId{named->entity_id});
    return place ? place->name : std::string{};
}

bool is_in_order(db::Connection& c, OrganizationId const& org)
{
    auto const head = db::organizations::find(c, org);
    return head && head->status == "approved";
}

std::vector<ResolverLevel> levels_of_key(db::Connection& c, std::span<gs1::AiValue const> path)
{
    std::vector<ResolverLevel> out;
    auto const name = name_of(c, path.front());
    for (auto size = path.size(); size > 0; --size) {
        ResolverLevel level;
        level.anchor = anchor_of(path.first(size)).path;
        level.description = name.empty() ? gs1::to_bracketed(path.first(size)) : name;
        auto const kept = db::links::of_anchor(c, level.anchor);
        if (kept.empty() || !is_in_order(c, kept.front().org)) continue;
        for (auto const& link : kept) level.links.push_back(stored_link(link));
        level.links.front().is_default = true; // the one that is marked comes first, else the oldest counts
        out.push_back(std::move(level));
    }
    return out;
}

} // namespace

std::vector<ResolverLevel> find_levels(db::Connection& c, std::span<gs1::AiValue const> path, Subject const& subject,
                                       Date today)
{
    if (subject.product) return ProductLevels{c, subject, today}.of(path);
    if (has_page_here(anchor_of(path).key)) return {};
    return levels_of_key(c, path);
}

} // namespace nguon::server::app
