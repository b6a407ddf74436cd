#include "db/organizations.hpp"

#include "core/fold.hpp"
#include "db/search_words.hpp"

#include <nlohmann/json.hpp>

namespace nguon::db::organizations {
namespace {

Head from_row(Row const& row)
{
    Head head;
    head.id = row.id<OrganizationId>(0);
    head.latest_version = row.integer(1);
    head.public_version = row.optional_integer(2);
    head.status = row.text(3);
    head.status_reason = row.text(4);
    head.kind = row.text(5);
    head.name = row.text(6);
    head.tax_code = row.text_or_empty(7);
    head.commune_code = row.text(8);
    head.tax_person = PersonId{row.text_or_empty(9)};
    head.contact_person = PersonId{row.text_or_empty(10)};
    head.illustrative = row.flag(11);
    head.created_at = row.instant(12);
    head.submitted_at = row.instant(13);
    head.decided_at = row.optional_instant(14);
    return head;
}

void index_words(Connection& c, OrganizationId const& id, Organization const& organization)
{
    search_words::replace(c, "organization", id.text(), id, {organization.name, organization.tax_code});
}

} // namespace

Status insert(Connection& c, Head const& head, Organization const& organization, versions::Change const& change)
{
    auto const inserted = c.execute(
        "INSERT INTO organization (id, latest_version, status, kind, name, sort_key, tax_code, commune_code,"
        " tax_person_id, contact_person_id, illustrative, created_at, submitted_at)"
        " VALUES ($1, 1, 'pending', $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) ON CONFLICT (tax_code) DO NOTHING",
        {head.id, organization.kind, organization.name, Blob{sort_key(organization.name)},
         or_null(organization.tax_code), organization.address.commune_code, or_null(head.tax_person.text()),
         or_null(head.contact_person.text()), head.illustrative, change.at});
    if (inserted == 0) return conflict("organization.tax_code_taken", {organization.tax_code});
    index_words(c, head.id, organization);
    return versions::append(c, head.id.text(), 1, "organization", head.id, to_json(organization), {}, change);
}

Status update(Connection& c, Head const& head, Organization const& organization, versions::Change const& change)
{
    auto const taken =
        c.query("SELECT id FROM organization WHERE tax_code = $1 AND id <> $2", {organization.tax_code, head.id});
    if (!taken.empty()) return conflict("organization.tax_code_taken", {organization.tax_code});
    auto const version = head.latest_version + 1;
    c.execute("UPDATE organization SET latest_version = $2, kind = $3, name = $4, sort_key = $5, tax_code = $6,"
              " commune_code = $7, submitted_at = $8,"
              " status = CASE WHEN status = 'returned' THEN 'pending' ELSE status END WHERE id = $1",
              {head.id, version, organization.kind, organization.name, Blob{sort_key(organization.name)},
               or_null(organization.tax_code), organization.address.commune_code, change.at});
    index_words(c, head.id, organization);
    return versions::append(c, head.id.text(), version, "organization", head.id, to_json(organization), {}, change);
}

void set_contact(Connection& c, OrganizationId const& id, PersonId const& contact)
{
    c.execute("UPDATE organization SET contact_person_id = $2 WHERE id = $1", {id, contact});
}

void set_tax_person(Connection& c, OrganizationId const& id, PersonId const& owner)
{
    c.execute("UPDATE organization SET tax_person_id = $2 WHERE id = $1", {id, or_null(owner.text())});
}

Status decide(Connection& c, OrganizationId const& id, std::string_view status, versions::Change const& change)
{
    auto const rows = c.query("UPDATE organization SET status = $2, status_reason = $3, decided_at = $4,"
                              " public_version = CASE WHEN $2 = 'approved' THEN latest_version ELSE public_version END"
                              " WHERE id = $1 RETURNING latest_version",
                              {id, status, change.reason, change.at});
    if (rows.empty()) return not_found("organization.unknown");
    if (status == "approved") versions::publish(c, id.text(), rows.front().integer(0), change);
    return Done{};
}

Result<Head> find(Connection& c, OrganizationId const& id)
{
    auto const rows = c.query("SELECT id, latest_version, public_version, status, status_reason, kind, name, tax_code,"
                              " commune_code, tax_person_id, contact_person_id, illustrative, created_at,"
                              " submitted_at, decided_at FROM organization WHERE id = $1",
                              {id});
    if (rows.empty()) return not_found("organization.unknown");
    return from_row(rows.front());
}

Result<Head> find_by_tax_code(Connection& c, std::string_view tax_code)
{
    auto const rows = c.query("SELECT id, latest_version, public_version, status, status_reason, kind, name, tax_code,"
                              " commune_code, tax_person_id, contact_person_id, illustrative, created_at,"
                              " submitted_at, decided_at FROM organization WHERE tax_code = $1",
                              {tax_code});
    if (rows.empty()) return not_found("organization.unknown");
    return from_row(rows.front());
}

std::optional<OrganizationId> find_by_identity(Connection& c, std::string_view identity_number)
{
    auto const rows = c.query("SELECT o.id FROM organization o JOIN person_detail d ON d.person_id = o.tax_person_id"
                              " WHERE d.identity_number = $1 AND d.identity_number <> ''",
                              {identity_number});
    if (rows.empty()) return std::nullopt;
    return rows.front().id<OrganizationId>(0);
}

Result<Organization> fields(Connection& c, OrganizationId const& id, std::int64_t version)
{
    auto const found = versions::find(c, id.text(), version);
    if (!found) return found.error();
    return organization_from_json(nlohmann::json::parse(found->fields));
}

std::int64_t count(Connection& c, std::string_view status)
{
    return c.query("SELECT count(*) FROM organization WHERE ($1 = '' OR status = $1) AND kind <> 'authority'", {status})
        .front()
        .integer(0);
}

std::optional<OrganizationId> find_authority(Connection& c)
{
    auto const rows = c.query("SELECT id FROM organization WHERE kind = 'authority' ORDER BY created_at, id LIMIT 1");
    if (rows.empty()) return std::nullopt;
    return rows.front().id<OrganizationId>(0);
}

} // namespace nguon::db::organizations
