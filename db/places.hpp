#pragma once

#include "core/model/place.hpp"
#include "db/versions.hpp"

namespace nguon::db::places {

/// Status: active, withdrawn.
struct Head {
    PlaceId id = {};
    OrganizationId org = {};
    std::int64_t latest_version = 1;
    std::optional<std::int64_t> public_version = {};
    std::string status = "active";
    std::string kind = {};
    std::string name = {};
    std::string code = {};
    std::string gln = {};
    std::string commune_code = {};
    Instant created_at = {};
};

/// Version 1, public at once: places are shown only through approved products. Errors: "place.code_taken" {code}.
Status insert(Connection& c, PlaceId const& id, OrganizationId const& org, Place const& place,
              versions::Change const& change);

/// Version latest + 1. Errors: "place.unknown", "place.code_taken".
Status update(Connection& c, OrganizationId const& org, Head const& head, Place const& place,
              versions::Change const& change);

/// Errors: "place.unknown", also for a place of another organization.
Result<Head> find(Connection& c, OrganizationId const& org, PlaceId const& id);

/// Serves the public: any organization's place. Errors: "place.unknown".
Result<Place> public_fields(Connection& c, PlaceId const& id);
/// Serves the public: whose place it is; empty when there is none.
OrganizationId owner(Connection& c, PlaceId const& id);
Result<Place> fields(Connection& c, PlaceId const& id, std::int64_t version);

std::vector<Head> list(Connection& c, OrganizationId const& org);

} // namespace nguon::db::places
