#pragma once

#include "core/json.hpp"
#include "db/label_printers.hpp"
#include "scanner/calibration.hpp"
#include "scanner/stock.hpp"
#include "server/app/actor.hpp"

/// What an enterprise prints its labels with: printers, and sheets or rolls that it measured itself.
namespace nguon::server::app {

/// What somebody says of a printer. All faults are told at once.
db::label_printers::Printer read_printer(JsonReader& in);
/// The same of a measured grid. Faults: those of scanner::stock_faults.
struct StockInput {
    std::string name = {};
    scanner::Stock grid = {};
};
StockInput read_stock(JsonReader& in);

/// Returns the id. Errors: those of scanner::printer_faults, rate_limited "printer.too_many" {max}.
Result<std::string> add_printer(db::Connection& c, Actor const& actor, db::label_printers::Printer printer);
/// Errors: "printer.unknown", those of scanner::printer_faults.
Status change_printer(db::Connection& c, Actor const& actor, std::string const& id,
                      db::label_printers::Printer printer);
Status remove_printer(db::Connection& c, Actor const& actor, std::string const& id);

/// What somebody read off a calibration sheet.
scanner::CalibrationReading read_calibration(JsonReader& in);
/// By how much a calibration moves what is printed; millimetres.
struct Shift {
    double right = 0;
    double down = 0;
};
/// Changes the printer so that the sheet, printed with what it was set to in `version`, comes out right. Errors:
/// "printer.unknown", conflict "calibration.stale" when it was changed since, those of scanner::calibrate.
Result<Shift> calibrate_printer(db::Connection& c, Actor const& actor, std::string const& id, std::int64_t version,
                                scanner::Stock const& stock, scanner::CalibrationReading const& reading);

/// Returns the id. Errors: those of scanner::stock_faults, rate_limited "stock.too_many" {max}.
Result<std::string> add_stock(db::Connection& c, Actor const& actor, StockInput const& stock);
/// Errors: "stock.unknown", those of scanner::stock_faults.
Status change_stock(db::Connection& c, Actor const& actor, std::string const& id, StockInput const& stock);
Status remove_stock(db::Connection& c, Actor const& actor, std::string const& id);

nlohmann::json to_json(scanner::Stock const& grid);
/// Of our own making.
scanner::Stock stock_from(nlohmann::json const& grid);
scanner::Stock to_stock(db::label_printers::OwnStock const& stock);

/// The shipped stock of that id, or the organization's own. Errors: "label.stock_unknown" {id}.
Result<scanner::Stock> find_any_stock(db::Connection& c, OrganizationId const& org, std::string const& id);

/// How files for this printer are made.
scanner::LabelOutput to_output(db::label_printers::Printer const& printer);
nlohmann::json to_json(scanner::LabelOutput const& output);
/// Of our own making.
scanner::LabelOutput output_from(nlohmann::json const& output);

} // namespace nguon::server::app
