#pragma once

#include "core/ids.hpp"
#include "core/json.hpp"
#include "core/model/mark.hpp"

#include <array>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace nguon {

/// Two levels since 01/07/2025: a line below the commune, and the commune. What older papers say stands beside it.
struct Address {
    std::string line = {};         // house, village or street
    std::string commune_code = {}; // official five-digit code; empty outside the catalogue
    std::string commune_text = {}; // commune and province as typed, when the catalogue lacks the commune
    std::string former = {};       // the address before the change of boundaries

    bool operator==(Address const&) const = default;
};

inline constexpr std::array<std::string_view, 6> organization_kinds{
    "enterprise",      // doanh nghiệp
    "cooperative",     // hợp tác xã
    "household",       // hộ kinh doanh
    "conformity_body", // tổ chức đánh giá sự phù hợp
    "training_body",   // cơ sở giáo dục nghề nghiệp
    "authority",       // cơ quan
};

/// An organization as its records carry it: without personal data. A household's 12-digit tax number is its owner's
/// identity number and therefore stands in person_detail.
struct Organization {
    std::string kind = {};
    std::string name = {};
    std::string tax_code = {}; // 10 digits, or 13 written 10-3; empty for a household
    Address address = {};
    std::string gs1_prefix = {};      // company prefix, 7–10 or 12 digits
    std::string gs1_certificate = {}; // number of the certificate
    std::string gs1_valid_to = {};    // ISO date
    std::string website = {};
    std::string conformity_number = {}; // công bố hợp chuẩn of the traceability system
    std::string conformity_date = {};
    std::string conformity_standard = {};

    bool operator==(Organization const&) const = default;
};

/// What somebody typed, with what goes into the personal tables.
struct OrganizationInput {
    Organization organization = {};
    std::string tax_identity_number = {}; // 12 digits, households only
    std::string phone = {};
    bool phone_public = false;
};

/// Reads a form or a JSON object; faults go to the reader: "mst.*", "phone.*", "gs1_prefix.length" {text},
/// "organization.household_identity" when a firm gives a 12-digit number.
OrganizationInput read_organization(JsonReader& in);

/// Fields "address_line", "commune_code", "commune_text", "former_address".
Address read_address(JsonReader& in);

nlohmann::json to_json(Organization const& organization);
Organization organization_from_json(nlohmann::json const& json); // of our own making

nlohmann::json to_json(Address const& address);
Address address_from_json(nlohmann::json const& json);

} // namespace nguon
