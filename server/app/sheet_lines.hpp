#pragma once

#include "core/result.hpp"
#include "server/app/spreadsheet.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// Sheets whose lines are forms: a header names the columns, each line below is read as if it had been typed.
namespace nguon::server::app {

struct SheetColumn {
    std::string_view field = {};
    std::string_view header = {}; // what stands before " (" finds the column
    std::string_view example = {};
    bool required = false;
};

struct SheetLine {
    std::size_t row = 0; // in the sheet, from 0
    std::map<std::string, std::string, std::less<>> fields = {};
};

struct SheetLines {
    std::map<std::string, std::size_t, std::less<>> columns = {}; // where each field stands
    std::vector<SheetLine> lines = {};                            // those with something in them
};

/// Headers may come in any order, without marks, and others between them. Errors: "sheet.header_missing" {header},
/// "sheet.empty".
Result<SheetLines> read_sheet_lines(SheetRows const& rows, std::span<SheetColumn const> columns);

/// Puts what is wrong with a line at its cells: "/name" becomes "C7"; what has no cell stands at the line's first.
void add_cell_faults(SheetLines const& sheet, SheetLine const& line, std::vector<FieldError> of_line,
                     std::vector<FieldError>& faults);

/// A sheet with the headers and an example line.
SheetRows sample_rows(std::span<SheetColumn const> columns);

/// What a page carries from the trial of an import to its writing; it is checked again as if it had just come.
nlohmann::json to_json(SheetLines const& sheet);
/// Errors: "sheet.format".
Result<SheetLines> sheet_lines_from_text(std::string const& text);

} // namespace nguon::server::app
