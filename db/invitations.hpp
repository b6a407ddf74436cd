#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "db/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Slips with a one-time code. Issued by officers and owners, used by whoever holds the paper.
namespace nguon::db::invitations {

struct Invitation {
    std::string code_sha256 = {}; // hexadecimal
    std::string kind = {}; // "member": joins `org` with `role`; "firm": signs an enterprise up; "reset": new password
    std::optional<OrganizationId> org = {};
    std::optional<PersonId> person = {}; // of "reset"
    std::string role = {};
    std::optional<std::string> area = {}; // limits the role to a commune or province
    std::string issued_by = {};
    Instant issued_at = {};
    Instant expires_at = {};
    std::optional<Instant> used_at = {};
};

void insert(Connection& c, Invitation const& invitation);

/// The slip while it can be used. Errors: not_found "slip.unknown" when there is none, it was used, or it expired: the
/// holder of a wrong code learns no more.
Result<Invitation> find_open(Connection& c, std::string_view code_sha256, Instant now);

/// Uses it up: of several attempts at once exactly one succeeds. Errors: not_found "slip.unknown".
Result<Invitation> use(Connection& c, std::string_view code_sha256, Instant now);

/// Withdraws open slips for a person (a new one replaces them). Returns how many.
std::int64_t withdraw(Connection& c, PersonId const& person, Instant now);

} // namespace nguon::db::invitations
