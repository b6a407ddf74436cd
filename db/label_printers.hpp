#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"

/// The printers of an enterprise and the sheets and rolls that it measured itself.
namespace nguon::db::label_printers {

struct Printer {
    std::string id = {};
    OrganizationId org = {};
    std::string name = {};
    std::string language = {}; // of label printers: zpl, tspl, epl; "": an office printer, which gets PDF
    std::int64_t dpi = 203;
    double offset_x = 0; // mm
    double offset_y = 0;
    double scale_x = 1;
    double scale_y = 1;
    std::optional<std::int64_t> darkness = {};
    std::optional<std::int64_t> speed = {};
    std::int64_t version = 1;
    Instant created_at = {};
};

void insert(Connection& c, Printer const& printer);
/// Writes `printer` with the next version. Errors: those of `find`.
Status change(Connection& c, Printer const& printer);
/// Errors: those of `find`.
Status remove(Connection& c, OrganizationId const& org, std::string_view id);
/// Errors: "printer.unknown", also for another organization's.
Result<Printer> find(Connection& c, OrganizationId const& org, std::string_view id);
std::vector<Printer> list(Connection& c, OrganizationId const& org);

struct OwnStock {
    std::string id = {};
    OrganizationId org = {};
    std::string name = {};
    std::string grid = {}; // JSON
    std::int64_t version = 1;
    Instant created_at = {};
};

void insert(Connection& c, OwnStock const& stock);
/// Errors: those of `find_stock`.
Status change(Connection& c, OwnStock const& stock);
/// Errors: those of `find_stock`.
Status remove_stock(Connection& c, OrganizationId const& org, std::string_view id);
/// Errors: "stock.unknown", also for another organization's.
Result<OwnStock> find_stock(Connection& c, OrganizationId const& org, std::string_view id);
std::vector<OwnStock> stocks(Connection& c, OrganizationId const& org);

} // namespace nguon::db::label_printers
