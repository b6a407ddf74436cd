#include "db/label_designs.hpp"

namespace nguon::db::label_designs {
namespace {

constexpr std::string_view select_design = "SELECT id, org_id, name, design, version, created_at FROM label_design";

Design from_row(Row const& row)
{
    return {row.text(0), row.id<OrganizationId>(1), row.text(2), row.text(3), row.integer(4), row.instant(5)};
}

Status changed(std::int64_t rows)
{
    if (rows == 0) return not_found("label_design.unknown");
    return Done{};
}

} // namespace

void insert(Connection& c, Design const& design)
{
    c.execute(
        "INSERT INTO label_design (id, org_id, name, design, version, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        {design.id, design.org, design.name, design.design, design.version, design.created_at});
}

Status change(Connection& c, Design const& design)
{
    return changed(c.execute("UPDATE label_design SET name = $3, design = $4, version = version + 1"
                             " WHERE org_id = $1 AND id = $2",
                             {design.org, design.id, design.name, design.design}));
}

Status remove(Connection& c, OrganizationId const& org, std::string_view id)
{
    return changed(c.execute("DELETE FROM label_design WHERE org_id = $1 AND id = $2", {org, id}));
}

Result<Design> find(Connection& c, OrganizationId const& org, std::string_view id)
{
    auto const rows = c.query(std::string{select_design} + " WHERE org_id = $1 AND id = $2", {org, id});
    if (rows.empty()) return not_found("label_design.unknown");
    return from_row(rows.front());
}

std::vector<Design> list(Connection& c, OrganizationId const& org)
{
    std::vector<Design> out;
    for (auto const& row : c.query(std::string{select_design} + " WHERE org_id = $1 ORDER BY created_at, id", {org}))
        out.push_back(from_row(row));
    return out;
}

} // namespace nguon::db::label_designs
