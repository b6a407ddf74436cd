#pragma once

#include "core/model/organization.hpp"
#include "db/versions.hpp"

namespace nguon::db::organizations {

/// The head: the latest version's columns and where the record stands.
/// Status: pending (awaits approval), approved, returned (with a reason), suspended.
struct Head {
    OrganizationId id = {};
    std::int64_t latest_version = 1;
    std::optional<std::int64_t> public_version = {};
    std::string status = "pending";
    std::string status_reason = {};
    std::string kind = {};
    std::string name = {};
    std::string tax_code = {};
    std::string commune_code = {};
    PersonId tax_person = {};     // a household's owner: the identity number stands in person_detail
    PersonId contact_person = {}; // telephone
    bool illustrative = false;
    Instant created_at = {};
    Instant submitted_at = {};
    std::optional<Instant> decided_at = {};
};

/// Version 1. Errors: "organization.tax_code_taken" {tax code}.
Status insert(Connection& c, Head const& head, Organization const& organization, versions::Change const& change);

/// Version latest + 1; an approved organization keeps its public version until the province approves again.
Status update(Connection& c, Head const& head, Organization const& organization, versions::Change const& change);

/// Whose telephone it is; the number itself is personal data.
void set_contact(Connection& c, OrganizationId const& id, PersonId const& contact);
/// Whose identity number a household pays tax under; empty: it has a tax code of its own.
void set_tax_person(Connection& c, OrganizationId const& id, PersonId const& owner);

/// Serves the province. `approved` makes the latest version the public one.
Status decide(Connection& c, OrganizationId const& id, std::string_view status, versions::Change const& change);

/// Errors: "organization.unknown".
Result<Head> find(Connection& c, OrganizationId const& id);

/// Serves the province. Errors: "organization.unknown".
Result<Head> find_by_tax_code(Connection& c, std::string_view tax_code);

/// Serves the province: the household whose owner pays tax under this number of 12 digits.
std::optional<OrganizationId> find_by_identity(Connection& c, std::string_view identity_number);

/// The fields of one version. Errors: "record.unknown".
Result<Organization> fields(Connection& c, OrganizationId const& id, std::int64_t version);

/// Serves the province: by status ("" for all).
std::int64_t count(Connection& c, std::string_view status);

/// The province's own organization, if it was set up.
std::optional<OrganizationId> find_authority(Connection& c);

} // namespace nguon::db::organizations
