#include "db/reference.hpp"

namespace nguon::db::reference {
namespace {

constexpr std::string_view select_commune =
    "SELECT code, province_code, kind, name, latitude, longitude, valid_from FROM commune";

Commune commune_from_row(Row const& row)
{
    return {row.text(0),          row.text(1),          row.text(2), row.text(3),
            row.optional_real(4), row.optional_real(5), row.text(6)};
}

constexpr std::string_view select_product_group = "SELECT code, name, name_en, template, hs_code FROM product_group";

ProductGroup group_from_row(Row const& row)
{
    return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)};
}

} // namespace

void save(Connection& c, std::vector<Province> const& provinces)
{
    for (auto const& province : provinces)
        c.execute("INSERT INTO province (code, name, valid_from) VALUES ($1, $2, $3)"
                  " ON CONFLICT (code) DO UPDATE SET name = excluded.name, valid_from = excluded.valid_from",
                  {province.code, province.name, province.valid_from});
}

void save(Connection& c, std::vector<Commune> const& communes)
{
    for (auto const& commune : communes)
        c.execute("INSERT INTO commune (code, province_code, kind, name, latitude, longitude, valid_from)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (code) DO UPDATE SET"
                  " province_code = excluded.province_code, kind = excluded.kind, name = excluded.name,"
                  " latitude = excluded.latitude, longitude = excluded.longitude, valid_from = excluded.valid_from",
                  {commune.code, commune.province_code, commune.kind, commune.name, commune.latitude, commune.longitude,
                   commune.valid_from});
}

void save(Connection& c, std::vector<Succession> const& successions)
{
    for (auto const& succession : successions)
        c.execute("INSERT INTO area_succession (former_kind, former_name, former_code, successor_code, valid_from)"
                  " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (former_kind, former_name, successor_code) DO UPDATE SET"
                  " former_code = excluded.former_code, valid_from = excluded.valid_from",
                  {succession.former_kind, succession.former_name, succession.former_code, succession.successor_code,
                   succession.valid_from});
}

void save(Connection& c, std::vector<ProductGroup> const& groups)
{
    std::int64_t position = 0;
    for (auto const& group : groups)
        c.execute("INSERT INTO product_group (code, name, name_en, template, hs_code, position)"
                  " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (code) DO UPDATE SET name = excluded.name,"
                  " name_en = excluded.name_en, template = excluded.template, hs_code = excluded.hs_code,"
                  " position = excluded.position",
                  {group.code, group.name, group.name_en, group.template_group, group.hs_code, position++});
}

std::vector<Province> provinces(Connection& c)
{
    std::vector<Province> out;
    for (auto const& row : c.query("SELECT code, name, valid_from FROM province WHERE valid_to IS NULL ORDER BY code"))
        out.push_back({row.text(0), row.text(1), row.text(2)});
    return out;
}

std::vector<Commune> communes(Connection& c, std::string_view province_code)
{
    std::vector<Commune> out;
    for (auto const& row :
         c.query(std::string{select_commune} + " WHERE province_code = $1 AND valid_to IS NULL ORDER BY code",
                 {province_code}))
        out.push_back(commune_from_row(row));
    return out;
}

std::vector<ProductGroup> product_groups(Connection& c)
{
    std::vector<ProductGroup> out;
    for (auto const& row : c.query(std::string{select_product_group} + " ORDER BY position"))
        out.push_back(group_from_row(row));
    return out;
}

std::optional<ProductGroup> find_product_group(Connection& c, std::string_view code)
{
    auto const rows = c.query(std::string{select_product_group} + " WHERE code = $1", {code});
    if (rows.empty()) return std::nullopt;
    return group_from_row(rows.front());
}

std::optional<Commune> find_commune(Connection& c, std::string_view code)
{
    auto const rows = c.query(std::string{select_commune} + " WHERE code = $1", {code});
    if (rows.empty()) return std::nullopt;
    return commune_from_row(rows.front());
}

std::optional<Province> find_province(Connection& c, std::string_view code)
{
    auto const rows = c.query("SELECT code, name, valid_from FROM province WHERE code = $1", {code});
    if (rows.empty()) return std::nullopt;
    return Province{rows.front().text(0), rows.front().text(1), rows.front().text(2)};
}

std::string commune_name(Connection& c, std::string_view code, std::string_view typed)
{
    auto const commune = find_commune(c, code);
    if (!commune) return std::string{typed};
    auto const province = find_province(c, commune->province_code);
    return commune->kind + " " + commune->name + (province ? ", " + province->name : std::string{});
}

} // namespace nguon::db::reference
