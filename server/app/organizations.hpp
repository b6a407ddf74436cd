#pragma once

#include "core/model/organization.hpp"
#include "db/organizations.hpp"
#include "server/app/actor.hpp"

namespace nguon::server::app {

/// Registers an organization; it awaits the province's approval. Personal data go to their own tables.
/// `illustrative`: demo data. Errors: "organization.tax_code_taken", "reference.commune_unknown" {code}.
Result<OrganizationId> register_organization(db::Connection& c, Actor const& actor, OrganizationInput const& input,
                                             bool illustrative = false);

/// A new version; what the public sees stays until the province approves again. A household's 12-digit number replaces
/// the one that is kept; none leaves it as it is. Errors as above, "organization.unknown",
/// "organization.authority_fixed" at "kind".
Status change_organization(db::Connection& c, Actor const& actor, OrganizationInput const& input,
                           std::string const& reason);

/// The province approves, returns (with a reason) or suspends. Approval publishes the latest version and releases what
/// was held. Errors: "organization.unknown", "decision.reason_missing".
Status decide_organization(db::Connection& c, Actor const& actor, OrganizationId const& org, std::string const& status,
                           std::string const& reason);

/// An organization with everything the pages need of it.
struct OrganizationView {
    db::organizations::Head head = {};
    Organization latest = {};
    std::string commune_name = {};
    std::string phone = {};
    bool phone_public = false;
    std::string masked_identity = {}; // "********8901" of a household
};

/// Errors: "organization.unknown".
Result<OrganizationView> show_organization(db::Connection& c, OrganizationId const& org);

} // namespace nguon::server::app
