#pragma once

#include "scanner/preflight.hpp"
#include "scanner/stock.hpp"
#include "server/app/label_designs.hpp"
#include "server/pages/console/desk.hpp"

/// What the pages about labels share.
namespace nguon::server::pages::console {

inline constexpr std::string_view usual_stock = "a4-65";

app::PrintAddress address_of(Services const& services);

std::string label_job_url(std::string_view id);

/// Every design to choose from: shipped, then the organization's own.
Options design_options(Request const& request, std::vector<db::label_designs::Design> const& own);
/// What people call a job's design.
std::string design_name(Request const& request, app::DesignOfJob const& design);

/// How people call a stock.
std::string stock_name(Request const& request, scanner::Stock const& stock);

/// A length or percentage in the request's language: "1,25".
std::string show_mm(Request const& request, double length);

/// A length or percentage as a form shows it and reads it back: "1,25".
std::string typed_mm(double length);

/// The sheet in small: page_width, page_height, width and height of a label, labels [{x, y}].
json drawing_of(scanner::Stock const& stock);

scanner::Preflight preflight_of(app::LabelPrint const& print);

/// "mã vuông cỡ 17,5 mm": to half a millimetre, as a ruler shows it.
std::string symbol_size(Services const& services, Request const& request, scanner::Preflight const& preflight);

/// Faults or warnings of a preflight, as sentences.
json findings(Services const& services, Request const& request, std::vector<FieldError> const& list);

/// A job in a list: url, time, count, stock, kind, purpose, state.
json label_job_line(Services const& services, Request const& request, db::label_jobs::Job const& job);

} // namespace nguon::server::pages::console
