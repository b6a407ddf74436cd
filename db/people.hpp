#pragma once

#include "db/connection.hpp"

/// Personal data, apart from everything else: erasing a person's detail breaks no hash and no history.
namespace nguon::db::people {

struct Detail {
    std::string name = {};
    std::string phone = {};
    std::string identity_number = {}; // 12 digits
    bool consent_public = false;      // name and telephone may stand on public pages
};

/// `kind`: user, grower, owner, contact, reporter.
void insert(Connection& c, PersonId const& id, OrganizationId const& org, std::string_view kind, Detail const& detail,
            Instant at);

/// Writes the detail anew. Errors: "person.unknown".
Status update(Connection& c, PersonId const& id, Detail const& detail);

/// nullopt once erased, or when there never was one. The caller has decided who may see it.
std::optional<Detail> find(Connection& c, PersonId const& id);

/// Removes name, telephone, identity number and sign-in; the opaque id stays.
void erase(Connection& c, PersonId const& id, Instant at);

/// A member household's plot.
struct Plot {
    std::string id = {};
    PersonId person = {};
    std::string person_name = {}; // "" once erased
    std::string name = {};
    std::string area_ha = {};
    std::string commune_code = {};
    std::string growing_area_code = {};
};

void insert_plot(Connection& c, OrganizationId const& org, Plot const& plot, Instant at);

/// Sorted as Vietnamese names are.
std::vector<Plot> plots(Connection& c, OrganizationId const& org);

/// The grower of that name (without regard to marks and case), if the organization has exactly one.
std::optional<PersonId> find_grower(Connection& c, OrganizationId const& org, std::string_view name);

} // namespace nguon::db::people
