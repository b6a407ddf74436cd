#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "db/connection.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Who may do what, for whom, where, since when and by whose word. Nothing is overwritten: a grant ends.
namespace nguon::db::grants {

struct Grant {
    std::string id = {};
    std::string subject = {}; // id of a person or key
    std::string role = {};    // "enterprise-owner" …
    std::optional<OrganizationId> org = {};
    std::optional<std::string> area = {};
    std::string scopes = {}; // narrows the role; empty: all of the role
    Instant valid_from = {};
    std::optional<Instant> valid_to = {};
    std::string granted_by = {};
};

void insert(Connection& c, Grant const& grant);

/// The grants of a person or key that are in force at `at`, oldest first.
std::vector<Grant> in_force(Connection& c, std::string_view subject, Instant at);

/// The grants in force that name this organization.
std::vector<Grant> of_org(Connection& c, OrganizationId const& org, Instant at);

/// Ends a grant at `at`. Errors: not_found "grant.unknown", also when it has ended already.
Status end(Connection& c, std::string_view id, Instant at);

} // namespace nguon::db::grants
