#include "db/people.hpp"

#include "core/fold.hpp"

namespace nguon::db::people {

void insert(Connection& c, PersonId const& id, OrganizationId const& org, std::string_view kind, Detail const& detail,
            Instant at)
{
    c.execute("INSERT INTO person (id, org_id, kind, created_at) VALUES ($1, $2, $3, $4)",
              {id, or_null(org.text()), kind, at});
    c.execute("INSERT INTO person_detail (person_id, name, name_fold, sort_key, phone, identity_number, consent_public)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7)",
              {id, detail.name, fold(detail.name), Blob{sort_key(detail.name)}, detail.phone, detail.identity_number,
               detail.consent_public});
}

Status update(Connection& c, PersonId const& id, Detail const& detail)
{
    auto const changed = c.execute("UPDATE person_detail SET name = $2, name_fold = $3, sort_key = $4, phone = $5,"
                                   " identity_number = $6, consent_public = $7 WHERE person_id = $1",
                                   {id, detail.name, fold(detail.name), Blob{sort_key(detail.name)}, detail.phone,
                                    detail.identity_number, detail.consent_public});
    if (changed == 0) return not_found("person.unknown");
    return Done{};
}

std::optional<Detail> find(Connection& c, PersonId const& id)
{
    auto const rows = c.query("SELECT name, phone, identity_number, consent_public FROM person_detail"
                              " WHERE person_id = $1",
                              {id});
    if (rows.empty()) return std::nullopt;
    auto const& row = rows.front();
    return Detail{row.text(0), row.text(1), row.text(2), row.flag(3)};
}

void erase(Connection& c, PersonId const& id, Instant at)
{
    c.execute("DELETE FROM session WHERE person_id = $1", {id});
    c.execute("DELETE FROM account WHERE person_id = $1", {id});
    c.execute("DELETE FROM person_detail WHERE person_id = $1", {id});
    c.execute("UPDATE person SET erased_at = $2 WHERE id = $1", {id, at});
}

void insert_plot(Connection& c, OrganizationId const& org, Plot const& plot, Instant at)
{
    c.execute("INSERT INTO plot (id, org_id, person_id, name, area_ha, commune_code, growing_area_code, created_at)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
              {plot.id, org, plot.person, plot.name, plot.area_ha, plot.commune_code, plot.growing_area_code, at});
}

std::vector<Plot> plots(Connection& c, OrganizationId const& org)
{
    std::vector<Plot> out;
    for (auto const& row : c.query("SELECT p.id, p.person_id, d.name, p.name, p.area_ha, p.commune_code,"
                                   " p.growing_area_code FROM plot p LEFT JOIN person_detail d"
                                   " ON d.person_id = p.person_id WHERE p.org_id = $1 AND p.withdrawn_at IS NULL"
                                   " ORDER BY d.sort_key, p.name, p.id",
                                   {org}))
        out.push_back({row.text(0), row.id<PersonId>(1), row.text_or_empty(2), row.text(3), row.text(4), row.text(5),
                       row.text(6)});
    return out;
}

std::optional<PersonId> find_grower(Connection& c, OrganizationId const& org, std::string_view name)
{
    auto const rows = c.query("SELECT p.id FROM person p JOIN person_detail d ON d.person_id = p.id"
                              " WHERE p.org_id = $1 AND p.kind = 'grower' AND d.name_fold = $2",
                              {org, fold(name)});
    if (rows.size() != 1) return std::nullopt;
    return rows.front().id<PersonId>(0);
}

} // namespace nguon::db::people
