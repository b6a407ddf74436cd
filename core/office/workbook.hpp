#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nguon::office {

/// Text, a whole number or a decimal one. A text that begins with = + - @ is written as text, never as a formula.
using Cell = std::variant<std::string, std::int64_t, double>;

/// One worksheet: lines above the table (title, source), a bold header row that stays in view, the rows.
struct Sheet {
    std::string name = {}; // at most 31 characters, none of []:*?/\ .
    std::vector<std::string> lines = {};
    std::vector<std::string> header = {};
    std::vector<std::vector<Cell>> rows = {};
};

/// The bytes of an XLSX (ISO/IEC 29500). The same sheets give the same bytes.
std::string write_workbook(std::vector<Sheet> const& sheets);

/// One worksheet of texts; the first row is the header.
std::string write_sheet(std::string_view name, std::vector<std::vector<std::string>> const& rows);

} // namespace nguon::office
