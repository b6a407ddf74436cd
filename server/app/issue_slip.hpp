#pragma once

#include "server/app/actor.hpp"
#include "server/auth/principal.hpp"
#include "server/auth/roles.hpp"

#include <array>
#include <chrono>
#include <string>

/// The province's slips of paper; see server/auth/slips.hpp for what their holders do with them.
namespace nguon::server::app {

inline constexpr std::array member_roles{Role::enterprise_owner, Role::enterprise_clerk, Role::field_worker};
inline constexpr std::array officer_roles{Role::province_operator,  Role::province_auditor, Role::province_security,
                                          Role::department_officer, Role::commune_officer,  Role::inspector};

struct SlipWish {
    std::string kind = {};   // firm, member (of a firm), officer, reset
    OrganizationId org = {}; // "member"
    std::string role = {};   // "member", "officer"
    std::string area = {};   // "officer": code of a commune or province; empty: everywhere
    std::string login = {};  // "reset"
};

struct IssuedSlip {
    std::string code = {};
    std::string for_whom = {}; // name of the firm, or the login; "" for "firm" and "officer"
    Instant expires_at = {};
};

/// Issues a slip and notes it in the audit, without the code. Slips for officers, and passwords of officers, are for
/// those who manage accounts ("account:write"). Errors: invalid with the field "role", "area" or "login":
/// "admin.role_unknown" {role}, "slip.area_needed" for a commune officer without an area, "reference.commune_unknown"
/// {code}, "account.unknown"; "organization.unknown"; forbidden "auth.forbidden".
Result<IssuedSlip> issue_slip_for(db::Connection& c, Actor const& actor, Principal const& who, SlipWish const& wish,
                                  std::chrono::hours life);

} // namespace nguon::server::app
