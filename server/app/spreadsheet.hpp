#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Sheets that people send (XLSX, ISO/IEC 29500): the first worksheet as texts, nothing executed.
namespace nguon::server::app {

using SheetRows = std::vector<std::vector<std::string>>;

/// Cells as texts: dates as "dd/mm/yyyy" where the cell's format says so, numbers with a decimal point. For files of
/// our own and for workers: what a stranger sent goes to `SheetWorkers`. Errors: "sheet.format" when it is no XLSX,
/// "sheet.too_large" when a limit of core/limits.hpp is passed (rows and columns with something in them, cell, all
/// texts, entries, size and ratio of the archive).
Result<SheetRows> read_sheet(std::string const& xlsx);

/// The two ways in which a sheet is refused.
Error not_a_sheet();
Error sheet_too_large();

/// "C7": column and row counted from 0.
std::string cell_name(std::size_t column, std::size_t row);

} // namespace nguon::server::app
