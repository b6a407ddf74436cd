#include "db/label_printers.hpp"

namespace nguon::db::label_printers {
namespace {

constexpr std::string_view select_printer = "SELECT id, org_id, name, language, dpi, offset_x, offset_y, scale_x,"
                                            " scale_y, darkness, speed, version, created_at FROM label_printer";
constexpr std::string_view select_stock = "SELECT id, org_id, name, grid, version, created_at FROM label_stock";

Printer printer_from_row(Row const& row)
{
    Printer out;
    out.id = row.text(0);
    out.org = row.id<OrganizationId>(1);
    out.name = row.text(2);
    out.language = row.text(3);
    out.dpi = row.integer(4);
    out.offset_x = row.real(5);
    out.offset_y = row.real(6);
    out.scale_x = row.real(7);
    out.scale_y = row.real(8);
    out.darkness = row.optional_integer(9);
    out.speed = row.optional_integer(10);
    out.version = row.integer(11);
    out.created_at = row.instant(12);
    return out;
}

OwnStock stock_from_row(Row const& row)
{
    return {row.text(0), row.id<OrganizationId>(1), row.text(2), row.text(3), row.integer(4), row.instant(5)};
}

Status changed(std::int64_t rows, std::string_view unknown)
{
    if (rows == 0) return not_found(std::string{unknown});
    return Done{};
}

} // namespace

void insert(Connection& c, Printer const& printer)
{
    c.execute("INSERT INTO label_printer (id, org_id, name, language, dpi, offset_x, offset_y, scale_x, scale_y,"
              " darkness, speed, version, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
              {printer.id, printer.org, printer.name, printer.language, printer.dpi, printer.offset_x, printer.offset_y,
               printer.scale_x, printer.scale_y, printer.darkness, printer.speed, printer.version, printer.created_at});
}

Status change(Connection& c, Printer const& printer)
{
    return changed(c.execute("UPDATE label_printer SET name = $3, language = $4, dpi = $5, offset_x = $6,"
                             " offset_y = $7, scale_x = $8, scale_y = $9, darkness = $10, speed = $11,"
                             " version = version + 1 WHERE org_id = $1 AND id = $2",
                             {printer.org, printer.id, printer.name, printer.language, printer.dpi, printer.offset_x,
                              printer.offset_y, printer.scale_x, printer.scale_y, printer.darkness, printer.speed}),
                   "printer.unknown");
}

Status remove(Connection& c, OrganizationId const& org, std::string_view id)
{
    return changed(c.execute("DELETE FROM label_printer WHERE org_id = $1 AND id = $2", {org, id}), "printer.unknown");
}

Result<Printer> find(Connection& c, OrganizationId const& org, std::string_view id)
{
    auto const rows = c.query(std::string{select_printer} + " WHERE org_id = $1 AND id = $2", {org, id});
    if (rows.empty()) return not_found("printer.unknown");
    return printer_from_row(rows.front());
}

std::vector<Printer> list(Connection& c, OrganizationId const& org)
{
    std::vector<Printer> out;
    for (auto const& row : c.query(std::string{select_printer} + " WHERE org_id = $1 ORDER BY created_at, id", {org}))
        out.push_back(printer_from_row(row));
    return out;
}

void insert(Connection& c, OwnStock const& stock)
{
    c.execute("INSERT INTO label_stock (id, org_id, name, grid, version, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
              {stock.id, stock.org, stock.name, stock.grid, stock.version, stock.created_at});
}

Status change(Connection& c, OwnStock const& stock)
{
    return changed(c.execute("UPDATE label_stock SET name = $3, grid = $4, version = version + 1"
                             " WHERE org_id = $1 AND id = $2",
                             {stock.org, stock.id, stock.name, stock.grid}),
                   "stock.unknown");
}

Status remove_stock(Connection& c, OrganizationId const& org, std::string_view id)
{
    return changed(c.execute("DELETE FROM label_stock WHERE org_id = $1 AND id = $2", {org, id}), "stock.unknown");
}

Result<OwnStock> find_stock(Connection& c, OrganizationId const& org, std::string_view id)
{
    auto const rows = c.query(std::string{select_stock} + " WHERE org_id = $1 AND id = $2", {org, id});
    if (rows.empty()) return not_found("stock.unknown");
    return stock_from_row(rows.front());
}

std::vector<OwnStock> stocks(Connection& c, OrganizationId const& org)
{
    std::vector<OwnStock> out;
    for (auto const& row : c.query(std::string{select_stock} + " WHERE org_id = $1 ORDER BY created_at, id", {org}))
        out.push_back(stock_from_row(row));
    return out;
}

} // namespace nguon::db::label_printers
