#include "server/app/sheet_lines.hpp"

#include "core/fold.hpp"
#include "core/limits.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

bool is_header_of(SheetColumn const& column, std::string const& text)
{
    return fold(text).starts_with(fold(column.header.substr(0, column.header.find(" ("))));
}

} // namespace

Result<SheetLines> read_sheet_lines(SheetRows const& rows, std::span<SheetColumn const> columns)
{
    SheetLines out;
    auto const header = rows.empty() ? std::vector<std::string>{} : rows.front();
    for (auto const& column : columns) {
        for (std::size_t i = 0; i < header.size(); ++i)
            if (is_header_of(column, header[i])) out.columns.try_emplace(std::string{column.field}, i);
        if (column.required && !out.columns.contains(column.field))
            return invalid("sheet.header_missing", {std::string{column.header}});
    }
    for (std::size_t row = 1; row < rows.size(); ++row) {
        SheetLine line{row, {}};
        for (auto const& [field, column] : out.columns)
            if (column < rows[row].size() && !rows[row][column].empty()) line.fields[field] = rows[row][column];
        if (!line.fields.empty()) out.lines.push_back(std::move(line));
    }
    if (out.lines.empty()) return invalid("sheet.empty");
    return out;
}

void add_cell_faults(SheetLines const& sheet, SheetLine const& line, std::vector<FieldError> of_line,
                     std::vector<FieldError>& faults)
{
    for (auto& fault : of_line) {
        auto const name = fault.pointer.substr(fault.pointer.find('/') + 1);
        auto const column = sheet.columns.find(name);
        fault.pointer = cell_name(column == sheet.columns.end() ? 0 : column->second, line.row);
        faults.push_back(std::move(fault));
    }
}

SheetRows sample_rows(std::span<SheetColumn const> columns)
{
    SheetRows rows(2);
    for (auto const& column : columns) {
        rows[0].emplace_back(column.header);
        rows[1].emplace_back(column.example);
    }
    return rows;
}

nlohmann::json to_json(SheetLines const& sheet)
{
    auto lines = nlohmann::json::array();
    for (auto const& line : sheet.lines) lines.push_back({{"row", line.row}, {"fields", line.fields}});
    return {{"columns", sheet.columns}, {"lines", std::move(lines)}};
}

Result<SheetLines> sheet_lines_from_text(std::string const& text)
{
    auto const json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded()) return not_a_sheet();
    SheetLines out;
    try {
        json.at("columns").get_to(out.columns);
        for (auto const& line : json.at("lines"))
            out.lines.push_back(
                {line.at("row").get<std::size_t>(), line.at("fields").get<decltype(SheetLine::fields)>()});
    } catch (nlohmann::json::exception const&) {
        return not_a_sheet();
    }
    auto const too_far = [](std::size_t row) { return row >= limits::sheet_rows_max; };
    if (out.lines.empty() || std::ranges::any_of(out.lines, too_far, &SheetLine::row)) return not_a_sheet();
    return out;
}

} // namespace nguon::server::app
