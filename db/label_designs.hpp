#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"

/// Labels that enterprises drew up themselves.
namespace nguon::db::label_designs {

struct Design {
    std::string id = {};
    OrganizationId org = {};
    std::string name = {};
    std::string design = {}; // JSON
    std::int64_t version = 1;
    Instant created_at = {};
};

void insert(Connection& c, Design const& design);
/// Writes `design` with the next version. Errors: those of `find`.
Status change(Connection& c, Design const& design);
/// Errors: those of `find`.
Status remove(Connection& c, OrganizationId const& org, std::string_view id);
/// Errors: "label_design.unknown", also for another organization's.
Result<Design> find(Connection& c, OrganizationId const& org, std::string_view id);
std::vector<Design> list(Connection& c, OrganizationId const& org);

} // namespace nguon::db::label_designs
