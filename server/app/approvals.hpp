#pragma once

#include "db/products.hpp"
#include "db/province_desk.hpp"
#include "server/app/actor.hpp"
#include "server/app/organizations.hpp"
#include "server/auth/principal.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

/// The province decides on firms and products. What lies outside the viewer's scope or area looks absent.
namespace nguon::server::app {

/// The organization, if `who` may do this there. Errors: "organization.unknown".
Result<db::organizations::Head> organization_within(db::Connection& c, Principal const& who, Scope scope,
                                                    OrganizationId const& org);
/// The product with its organization, likewise. Errors: "product.unknown".
struct OwnedProduct {
    db::products::Head head = {};
    db::organizations::Head owner = {};
};
Result<OwnedProduct> product_within(db::Connection& c, Principal const& who, Scope scope, ProductId const& id);

/// The complaint, likewise; those about no organization are for views without limits. Errors: "complaint.unknown".
Result<db::complaints::Case> complaint_within(db::Connection& c, Principal const& who, Scope scope,
                                              std::string const& code);

/// One field of a record: what the public sees and what was submitted. Values are those of the record's JSON.
struct ComparedField {
    std::string name = {}; // "address.line"
    nlohmann::json before = {};
    nlohmann::json after = {};

    bool changed() const { return before != after; }
};

/// One version in the record's history.
struct PastVersion {
    std::int64_t version = 0;
    Instant recorded_at = {};
    std::string who = {}; // name of the person; "" for programs and once erased
    std::string reason = {};
    std::optional<Instant> published_at = {};
    bool is_public = false;
};

/// What a decision is made from. `before` of the fields is null for a record that was never public.
struct Review {
    std::vector<ComparedField> fields = {};
    std::vector<PastVersion> history = {};
    bool was_public = false;
    bool has_changes = false;                // the latest version differs from the public one
    std::vector<std::string> decisions = {}; // words that `Decision` takes now, for this viewer
};

struct OrganizationReview : Review {
    OrganizationView organization = {};
    std::vector<db::products::Head> products = {};
};
struct ProductReview : Review {
    OwnedProduct product = {};
    Product latest = {};
    std::vector<std::string> missing = {}; // what the national portal lacks
};

/// Read the record for a decision and note in the audit that its private data were read. Errors:
/// "organization.unknown", "product.unknown".
Result<OrganizationReview> review_organization(db::Connection& c, Actor const& actor, Principal const& who,
                                               OrganizationId const& org);
Result<ProductReview> review_product(db::Connection& c, Actor const& actor, Principal const& who, ProductId const& id);

struct Decision {
    std::string word = {};    // organization: approve, return, suspend; product: publish, return, pause
    std::int64_t version = 0; // the version that was looked at
    std::string reason = {};
};

/// Errors: "organization.unknown", "decision.not_now" when the record's state does not allow it,
/// "record.changed_meanwhile" when a newer version came in between, "decision.reason_missing" at "reason".
Status decide(db::Connection& c, Actor const& actor, Principal const& who, OrganizationId const& org,
              Decision const& decision);
/// The same with "product.unknown".
Status decide(db::Connection& c, Actor const& actor, Principal const& who, ProductId const& id,
              Decision const& decision);

/// Notes in the audit that somebody of the province read private data of an organization.
void note_read(db::Connection& c, Actor const& actor, OrganizationId const& org, std::string const& kind,
               std::string const& id);

} // namespace nguon::server::app
