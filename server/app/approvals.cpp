#include "server/app/approvals.hpp"

#include "db/people.hpp"
#include "db/reference.hpp"
#include "server/app/products.hpp"

#include <algorithm>
#include <array>

namespace nguon::server::app {
namespace {

using nlohmann::json;

constexpr std::int64_t products_max = 200;

constexpr std::array<std::string_view, 14> organization_fields{"kind",
                                                               "name",
                                                               "tax_code",
                                                               "address.line",
                                                               "address.commune_code",
                                                               "address.former",
                                                               "website",
                                                               "gs1_prefix",
                                                               "gs1_certificate",
                                                               "gs1_valid_to",
                                                               "conformity_number",
                                                               "conformity_date",
                                                               "conformity_standard",
                                                               "address.commune_text"};

constexpr std::array<std::string_view, 18> product_fields{"name",
                                                          "brand",
                                                          "description",
                                                          "group_code",
                                                          "code",
                                                          "gtin",
                                                          "origin",
                                                          "net_weight",
                                                          "weight_unit",
                                                          "images",
                                                          "applied_standards",
                                                          "shelf_life_days",
                                                          "ocop_stars",
                                                          "ocop_decision",
                                                          "ocop_valid_to",
                                                          "mandatory",
                                                          "risk_level",
                                                          "hs_code"};

/// "address.line" of {"address": {"line": …}}; null when it is not there.
json field_of(json const& fields, std::string_view name)
{
    auto const dot = name.find('.');
    auto const found = fields.find(name.substr(0, dot));
    if (!fields.is_object() || found == fields.end()) return {};
    return dot == std::string_view::npos ? *found : field_of(*found, name.substr(dot + 1));
}

std::vector<PastVersion> history_of(db::Connection& c, std::string_view id, std::optional<std::int64_t> public_version)
{
    std::vector<PastVersion> out;
    for (auto const& version : db::versions::history(c, id)) {
        auto const person = db::people::find(c, PersonId{version.recorded_by});
        out.push_back({version.version, version.recorded_at, person ? person->name : std::string{}, version.reason,
                       version.published_at, version.version == public_version});
    }
    return out;
}

Status compare(db::Connection& c, Review& review, std::string_view id, std::int64_t latest,
               std::optional<std::int64_t> public_version, std::span<std::string_view const> names)
{
    auto const after = db::versions::find(c, id, latest);
    if (!after) return after.error();
    json before;
    if (public_version) {
        auto const found = db::versions::find(c, id, *public_version);
        if (!found) return found.error();
        before = json::parse(found->fields);
    }
    auto const submitted = json::parse(after->fields);
    for (auto const name : names)
        review.fields.push_back({std::string{name}, field_of(before, name), field_of(submitted, name)});
    review.was_public = public_version.has_value();
    review.has_changes = public_version != latest;
    review.history = history_of(c, id, public_version);
    return Done{};
}

std::vector<std::string> decisions_of(db::organizations::Head const& head)
{
    bool const changed = head.public_version != head.latest_version;
    if (head.status == "pending") return {"approve", "return"};
    if (head.status == "approved" && changed) return {"approve", "return", "suspend"};
    if (head.status == "approved") return {"suspend"};
    return {"approve"}; // returned or suspended
}

std::vector<std::string> decisions_of(db::products::Head const& head)
{
    if (head.status == "pending") return {"publish", "return"};
    if (head.status == "published") return {"pause"};
    if (head.status == "withdrawn") return {}; // the enterprise's own word
    return {"publish"};                        // returned or paused
}

bool may(db::Connection& c, Principal const& who, Scope scope, db::organizations::Head const& head)
{
    auto const commune = db::reference::find_commune(c, head.commune_code);
    return who.may(scope, head.id, head.commune_code, commune ? commune->province_code : std::string{});
}

/// What is common to both kinds: the record stands as it stood when it was looked at, and may be decided so.
template <typename Head>
Status check_decision(Head const& head, Decision const& decision)
{
    if (head.latest_version != decision.version) return conflict("record.changed_meanwhile");
    auto const allowed = decisions_of(head);
    if (std::ranges::find(allowed, decision.word) == allowed.end()) return conflict("decision.not_now");
    return Done{};
}

std::string status_after(std::string_view word)
{
    if (word == "approve") return "approved";
    if (word == "publish") return "published";
    if (word == "suspend") return "suspended";
    return word == "pause" ? "paused" : "returned";
}

} // namespace

Result<db::organizations::Head> organization_within(db::Connection& c, Principal const& who, Scope scope,
                                                    OrganizationId const& org)
{
    auto head = db::organizations::find(c, org);
    if (!head) return head;
    if (!may(c, who, scope, *head)) return not_found("organization.unknown");
    return head;
}

Result<OwnedProduct> product_within(db::Connection& c, Principal const& who, Scope scope, ProductId const& id)
{
    auto head = db::products::find_any(c, id);
    if (!head) return head.error();
    auto owner = organization_within(c, who, scope, head->org);
    if (!owner) return not_found("product.unknown");
    return OwnedProduct{*std::move(head), *std::move(owner)};
}

Result<db::complaints::Case> complaint_within(db::Connection& c, Principal const& who, Scope scope,
                                              std::string const& code)
{
    auto entry = db::complaints::find(c, code);
    if (!entry) return entry;
    bool const admitted =
        entry->org.empty() ? who.may(scope, OrganizationId{}) : organization_within(c, who, scope, entry->org).ok();
    if (!admitted) return not_found("complaint.unknown");
    return entry;
}

Result<OrganizationReview> review_organization(db::Connection& c, Actor const& actor, Principal const& who,
                                               OrganizationId const& org)
{
    auto const head = organization_within(c, who, "province:read", org);
    if (!head) return head.error();
    auto view = show_organization(c, org);
    if (!view) return view.error();
    OrganizationReview review;
    review.organization = *std::move(view);
    auto const compared =
        compare(c, review, org.text(), head->latest_version, head->public_version, organization_fields);
    if (!compared) return compared.error();
    review.products = db::products::list(c, org, 0, products_max);
    if (may(c, who, "approval:write", *head)) review.decisions = decisions_of(*head);
    note_read(c, actor, org, "organization", org.text());
    return review;
}

Result<ProductReview> review_product(db::Connection& c, Actor const& actor, Principal const& who, ProductId const& id)
{
    auto product = product_within(c, who, "province:read", id);
    if (!product) return product.error();
    auto const& head = product->head;
    auto latest = db::products::fields(c, id, head.latest_version);
    if (!latest) return latest.error();
    ProductReview review;
    auto const compared = compare(c, review, id.text(), head.latest_version, head.public_version, product_fields);
    if (!compared) return compared.error();
    review.missing = missing_for_portal(*latest);
    if (may(c, who, "approval:write", product->owner)) review.decisions = decisions_of(head);
    review.latest = *std::move(latest);
    note_read(c, actor, head.org, "product", id.text());
    review.product = *std::move(product);
    return review;
}

Status decide(db::Connection& c, Actor const& actor, Principal const& who, OrganizationId const& org,
              Decision const& decision)
{
    auto const head = organization_within(c, who, "approval:write", org);
    if (!head) return head.error();
    if (auto good = check_decision(*head, decision); !good) return good;
    return decide_organization(c, actor, org, status_after(decision.word), decision.reason);
}

Status decide(db::Connection& c, Actor const& actor, Principal const& who, ProductId const& id,
              Decision const& decision)
{
    auto const product = product_within(c, who, "approval:write", id);
    if (!product) return product.error();
    if (auto good = check_decision(product->head, decision); !good) return good;
    return decide_product(c, actor, id, status_after(decision.word), decision.reason);
}

void note_read(db::Connection& c, Actor const& actor, OrganizationId const& org, std::string const& kind,
               std::string const& id)
{
    db::audit_log::Entry entry;
    entry.org = org;
    entry.action = kind + ".read";
    entry.entity_kind = kind;
    entry.entity_id = id;
    db::audit_log::append(c, actor.change(), entry);
}

} // namespace nguon::server::app
