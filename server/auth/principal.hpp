#pragma once

#include "core/ids.hpp"
#include "server/auth/roles.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::server {

/// One grant in force: a role, where it counts and what it allows after narrowing.
struct Grant {
    Role role = Role::field_worker;
    OrganizationId org = {}; // empty: none named
    std::string area = {};   // code of a commune (5 digits) or province (2 digits); empty: everywhere
    Scopes scopes = {};

    bool operator==(Grant const&) const = default;
};

enum class PrincipalKind { anonymous, person, key };

/// Which grants a route counts. What is held for one organization must never work on another's records.
enum class Side {
    any,  // all that apply; the handler asks for the organization itself
    own,  // those for the organization acted for
    desk, // an authority's
};

/// Who is asking. Made by `identify` for every request.
struct Principal {
    PrincipalKind kind = PrincipalKind::anonymous;
    std::string subject = {};                 // id of the person or key; opaque, fit for the audit
    OrganizationId org = {};                  // for whom the subject acts; empty for the province and for strangers
    std::string org_name = {};                // where there is a choice, for the page's head
    std::vector<OrganizationId> choices = {}; // for whom the subject may act, longest first; an empty id: the province
    bool undecided = false;                   // there are several and none was chosen: acts for nobody yet
    std::vector<Grant> grants = {};           // those that apply while acting so
    std::string name = {};                    // of the account or key, for the page's head; never logged
    std::string language = {};                // chosen by the account, or empty
    std::string session_sha256 = {};          // the session, hashed; empty without one
    std::string csrf = {};                    // the session's token
    bool must_change_password = false;

    bool is_anonymous() const { return kind == PrincipalKind::anonymous; }
    bool is_person() const { return kind == PrincipalKind::person; }
    bool has_role(Role role) const;
    /// Some grant is an authority's.
    bool is_authority() const;
    /// Acts for an enterprise: the console is the place to be, not the province's desk.
    bool works_for_enterprise() const;

    /// Takes the grants in force and acts for `chosen`, where there is a choice. Only grants for that organization
    /// apply then; an authority's always do.
    void act_for(std::vector<Grant> in_force, std::optional<OrganizationId> const& chosen);
    /// The grants that a route of this side counts.
    std::vector<Grant> grants_on(Side side) const;

    /// Any grant of that side allows it somewhere: decides whether a route answers at all.
    bool may(Scope scope, Side side = Side::any) const;
    /// A grant allows it for this organization, whose seat lies in `commune` of `province`. Where this is false, the
    /// organization's records look like ones that do not exist.
    bool may(Scope scope, OrganizationId const& of_org, std::string_view commune = {},
             std::string_view province = {}) const;
    /// An authority's grant has this scope: its holder sees other organizations too, within `areas`.
    bool sees_all(Scope scope) const;
    /// The areas an authority's view is limited to for this scope; empty: no limit.
    std::vector<std::string> areas(Scope scope) const;
};

} // namespace nguon::server
