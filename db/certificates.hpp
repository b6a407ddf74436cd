#pragma once

#include "core/model/certificate.hpp"
#include "db/versions.hpp"

namespace nguon::db::certificates {

/// Status: active, revoked, withdrawn. Whether it holds today is computed (state_on).
struct Head {
    CertificateId id = {};
    OrganizationId org = {};
    std::int64_t latest_version = 1;
    std::string status = "active";
    ProductId product = {}; // empty: concerns the organization or a place
    PlaceId place = {};
    Instant created_at = {};
};

struct Entry {
    Head head = {};
    Certificate certificate = {};
    Marks marks = {};
};

/// Columns of an entry, of `certificate h` and its `record_version v`; read by `from_row`.
inline constexpr char columns[] =
    "h.id, h.org_id, h.latest_version, h.status, h.product_id, h.place_id, h.created_at, v.fields, v.marks";
Entry from_row(Row const& row);

Status insert(Connection& c, Head const& head, Certificate const& certificate, Marks const& marks,
              versions::Change const& change);

/// Version latest + 1, for example when an authority confirms it. Errors: "certificate.unknown".
Status update(Connection& c, Head const& head, Certificate const& certificate, Marks const& marks,
              versions::Change const& change);

/// Errors: "certificate.unknown", also for a certificate of another organization.
Result<Entry> find(Connection& c, OrganizationId const& org, CertificateId const& id);

/// Those that end soonest first.
std::vector<Entry> list(Connection& c, OrganizationId const& org);

/// Serves the public: the product's own certificates and those of its organization as a whole.
std::vector<Entry> list_public(Connection& c, OrganizationId const& org, ProductId const& product);

} // namespace nguon::db::certificates
