#include "db/places.hpp"

#include "db/search_words.hpp"

#include <nlohmann/json.hpp>

namespace nguon::db::places {
namespace {

constexpr std::string_view select_place =
    "SELECT id, org_id, latest_version, public_version, status, kind, name, code, gln, commune_code,"
    " created_at FROM place";

Head from_row(Row const& row)
{
    Head head;
    head.id = row.id<PlaceId>(0);
    head.org = row.id<OrganizationId>(1);
    head.latest_version = row.integer(2);
    head.public_version = row.optional_integer(3);
    head.status = row.text(4);
    head.kind = row.text(5);
    head.name = row.text(6);
    head.code = row.text(7);
    head.gln = row.text_or_empty(8);
    head.commune_code = row.text(9);
    head.created_at = row.instant(10);
    return head;
}

Status append_version(Connection& c, PlaceId const& id, OrganizationId const& org, std::int64_t version,
                      Place const& place, versions::Change const& change)
{
    search_words::replace(c, "place", id.text(), org, {place.name, place.code, place.gln});
    versions::publish(c, id.text(), version, change);
    return versions::append(c, id.text(), version, "place", org, to_json(place), {}, change);
}

} // namespace

Status insert(Connection& c, PlaceId const& id, OrganizationId const& org, Place const& place,
              versions::Change const& change)
{
    auto const inserted = c.execute(
        "INSERT INTO place (id, org_id, latest_version, public_version, status, kind, name, code, gln,"
        " commune_code, created_at) VALUES ($1, $2, 1, 1, 'active', $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (org_id, code) DO NOTHING",
        {id, org, place.kind, place.name, place.code, or_null(place.gln), place.address.commune_code, change.at});
    if (inserted == 0) return conflict("place.code_taken", {place.code});
    return append_version(c, id, org, 1, place, change);
}

Status update(Connection& c, OrganizationId const& org, Head const& head, Place const& place,
              versions::Change const& change)
{
    auto const taken =
        c.query("SELECT id FROM place WHERE org_id = $1 AND code = $2 AND id <> $3", {org, place.code, head.id});
    if (!taken.empty()) return conflict("place.code_taken", {place.code});
    auto const version = head.latest_version + 1;
    auto const changed = c.execute(
        "UPDATE place SET latest_version = $3, public_version = $3, kind = $4, name = $5, code = $6,"
        " gln = $7, commune_code = $8 WHERE org_id = $1 AND id = $2",
        {org, head.id, version, place.kind, place.name, place.code, or_null(place.gln), place.address.commune_code});
    if (changed == 0) return not_found("place.unknown");
    return append_version(c, head.id, org, version, place, change);
}

Result<Head> find(Connection& c, OrganizationId const& org, PlaceId const& id)
{
    auto const rows = c.query(std::string{select_place} + " WHERE org_id = $1 AND id = $2", {org, id});
    if (rows.empty()) return not_found("place.unknown");
    return from_row(rows.front());
}

Result<Place> fields(Connection& c, PlaceId const& id, std::int64_t version)
{
    auto const found = versions::find(c, id.text(), version);
    if (!found) return found.error();
    return place_from_json(nlohmann::json::parse(found->fields));
}

OrganizationId owner(Connection& c, PlaceId const& id)
{
    auto const rows = c.query("SELECT org_id FROM place WHERE id = $1", {id});
    return rows.empty() ? OrganizationId{} : rows.front().id<OrganizationId>(0);
}

Result<Place> public_fields(Connection& c, PlaceId const& id)
{
    auto const rows = c.query("SELECT v.fields FROM place p JOIN record_version v ON v.record_id = p.id"
                              " AND v.version = p.public_version WHERE p.id = $1",
                              {id});
    if (rows.empty()) return not_found("place.unknown");
    return place_from_json(nlohmann::json::parse(rows.front().text(0)));
}

std::vector<Head> list(Connection& c, OrganizationId const& org)
{
    std::vector<Head> out;
    for (auto const& row :
         c.query(std::string{select_place} + " WHERE org_id = $1 AND status = 'active' ORDER BY created_at, id", {org}))
        out.push_back(from_row(row));
    return out;
}

} // namespace nguon::db::places
