#pragma once

#include "server/app/actor.hpp"
#include "server/app/sheet_lines.hpp"
#include "server/web/locale.hpp"

/// Lists of organizations and products from sheets: all lines or none, and a list that comes twice adds nothing.
namespace nguon::server::app {

struct Imported {
    std::int64_t added = 0;
    std::int64_t known = 0; // were there already; nothing of them was changed
};

/// The columns of either sheet.
std::span<SheetColumn const> organization_columns();
std::span<SheetColumn const> product_columns();

/// Sheets to fill in, with the catalogue that codes are chosen from beside them.
std::string write_organization_sheet(db::Connection& c, std::string const& province_code);
std::string write_product_sheet(db::Connection& c);

/// Where a list of organizations may come from: the installation's province and, for an officer of an area, that area.
struct ImportReach {
    std::string province_code = {};
    std::vector<std::string> areas = {}; // empty: the whole province
};

/// Registers the organizations that are not known by their tax code or their owner's number; they await approval like
/// those that sign up. Errors: "import.too_many" {max}; every faulty cell as "C7" with the faults of
/// `read_organization`, "import.twice" {row}, "import.outside_area", "organization.tax_code_taken",
/// "reference.commune_unknown" {code}.
Result<Imported> import_organizations(db::Connection& c, Actor const& actor, Locale const& locale,
                                      ImportReach const& reach, SheetLines const& sheet);

/// Registers products of `actor.org` that are not known by their barcode, their own code, or name, group and weight.
/// Errors: as above with the faults of `read_product`, "product.code_taken", "gtin.disputed",
/// "reference.group_unknown" {code}.
Result<Imported> import_products(db::Connection& c, Actor const& actor, Locale const& locale, SheetLines const& sheet);

/// What a trial ends with, so that its transaction is undone: "import.tried" {added, known}.
Error tried(Imported const& imported);
inline constexpr std::string_view tried_key = "import.tried";

} // namespace nguon::server::app
