#include "db/certificates.hpp"

#include "db/blobs.hpp"
#include "db/search_words.hpp"

#include <nlohmann/json.hpp>

namespace nguon::db::certificates {

Entry from_row(Row const& row)
{
    Entry entry;
    entry.head.id = row.id<CertificateId>(0);
    entry.head.org = row.id<OrganizationId>(1);
    entry.head.latest_version = row.integer(2);
    entry.head.status = row.text(3);
    entry.head.product = ProductId{row.text_or_empty(4)};
    entry.head.place = PlaceId{row.text_or_empty(5)};
    entry.head.created_at = row.instant(6);
    entry.certificate = certificate_from_json(nlohmann::json::parse(row.text(7)));
    entry.marks = read_marks(nlohmann::json::parse(row.text(8)));
    return entry;
}

namespace {

std::vector<Entry> from_rows(Rows const& rows)
{
    std::vector<Entry> out;
    for (auto const& row : rows) out.push_back(from_row(row));
    return out;
}

Status append_version(Connection& c, Head const& head, std::int64_t version, Certificate const& certificate,
                      Marks const& marks, versions::Change const& change)
{
    search_words::replace(c, "certificate", head.id.text(), head.org, {certificate.name, certificate.number});
    for (auto const& file : certificate.files) blobs::cite(c, file, head.org, "certificate", head.id.text(), "public");
    versions::publish(c, head.id.text(), version, change);
    return versions::append(c, head.id.text(), version, "certificate", head.org, to_json(certificate), marks, change);
}

} // namespace

Status insert(Connection& c, Head const& head, Certificate const& certificate, Marks const& marks,
              versions::Change const& change)
{
    c.execute("INSERT INTO certificate (id, org_id, latest_version, public_version, status, kind, number, product_id,"
              " place_id, valid_from, valid_to, created_at) VALUES ($1, $2, 1, 1, $3, $4, $5, $6, $7, $8, $9, $10)",
              {head.id, head.org, head.status, certificate.kind, certificate.number, or_null(head.product.text()),
               or_null(head.place.text()), or_null(certificate.valid_from), or_null(certificate.valid_to), change.at});
    return append_version(c, head, 1, certificate, marks, change);
}

Status update(Connection& c, Head const& head, Certificate const& certificate, Marks const& marks,
              versions::Change const& change)
{
    auto const version = head.latest_version + 1;
    auto const changed =
        c.execute("UPDATE certificate SET latest_version = $3, public_version = $3, status = $4, kind = $5,"
                  " number = $6, valid_from = $7, valid_to = $8 WHERE org_id = $1 AND id = $2",
                  {head.org, head.id, version, head.status, certificate.kind, certificate.number,
                   or_null(certificate.valid_from), or_null(certificate.valid_to)});
    if (changed == 0) return not_found("certificate.unknown");
    return append_version(c, head, version, certificate, marks, change);
}

Result<Entry> find(Connection& c, OrganizationId const& org, CertificateId const& id)
{
    auto const rows =
        c.query(std::string{"SELECT "} + columns +
                    " FROM certificate h JOIN record_version v"
                    " ON v.record_id = h.id AND v.version = h.latest_version WHERE h.org_id = $1 AND h.id = $2",
                {org, id});
    if (rows.empty()) return not_found("certificate.unknown");
    return from_row(rows.front());
}

std::vector<Entry> list(Connection& c, OrganizationId const& org)
{
    return from_rows(c.query(std::string{"SELECT "} + columns +
                                 " FROM certificate h JOIN record_version v"
                                 " ON v.record_id = h.id AND v.version = h.latest_version"
                                 " WHERE h.org_id = $1 ORDER BY h.valid_to NULLS LAST, h.id",
                             {org}));
}

std::vector<Entry> list_public(Connection& c, OrganizationId const& org, ProductId const& product)
{
    return from_rows(c.query(std::string{"SELECT "} + columns +
                                 " FROM certificate h JOIN record_version v"
                                 " ON v.record_id = h.id AND v.version = h.public_version"
                                 " WHERE h.org_id = $1 AND (h.product_id = $2 OR h.product_id IS NULL)"
                                 " AND h.status <> 'withdrawn' ORDER BY h.valid_to DESC NULLS FIRST, h.id",
                             {org, product}));
}

} // namespace nguon::db::certificates
