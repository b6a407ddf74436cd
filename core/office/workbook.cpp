#include "core/office/workbook.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <stdexcept>
#include <system_error>

#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

namespace nguon::office {
namespace {

constexpr std::size_t column_width_min = 10; // characters
constexpr std::size_t column_width_max = 40;

/// A file without a name, in memory only: the library writes to paths.
class MemoryFile {
public:
    MemoryFile() : descriptor_{::memfd_create("sheet", MFD_CLOEXEC)}
    {
        if (descriptor_ < 0) throw std::system_error{errno, std::system_category(), "memfd_create"};
    }
    ~MemoryFile() { ::close(descriptor_); }
    MemoryFile(MemoryFile const&) = delete;
    MemoryFile& operator=(MemoryFile const&) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

    std::string bytes() const
    {
        std::string out(static_cast<std::size_t>(::lseek(descriptor_, 0, SEEK_END)), '\0');
        auto const got = ::pread(descriptor_, out.data(), out.size(), 0);
        out.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return out;
    }

private:
    int descriptor_;
};

struct Formats {
    lxw_format* bold = nullptr;
    lxw_format* whole = nullptr;
    lxw_format* decimal = nullptr;
};

struct CellWriter {
    lxw_worksheet* sheet;
    Formats const& formats;
    lxw_row_t row;
    lxw_col_t column;

    void operator()(std::string const& text) const
    {
        if (!text.empty()) worksheet_write_string(sheet, row, column, text.c_str(), nullptr);
    }
    void operator()(std::int64_t number) const
    {
        worksheet_write_number(sheet, row, column, static_cast<double>(number), formats.whole);
    }
    void operator()(double number) const
    {
        bool const is_whole = std::floor(number) == number;
        worksheet_write_number(sheet, row, column, number, is_whole ? formats.whole : formats.decimal);
    }
};

void note_width(std::vector<std::size_t>& widths, std::size_t column, std::size_t bytes)
{
    if (widths.size() <= column) widths.resize(column + 1, column_width_min);
    widths[column] = std::max(widths[column], std::min(bytes + 2, column_width_max));
}

std::size_t width_of(Cell const& cell)
{
    auto const* const text = std::get_if<std::string>(&cell);
    return text != nullptr ? text->size() : column_width_min;
}

void write_one(lxw_workbook* workbook, Formats const& formats, Sheet const& wanted)
{
    auto* const sheet = workbook_add_worksheet(workbook, wanted.name.c_str());
    if (sheet == nullptr) throw std::runtime_error{"a worksheet was given a name that no program takes"};
    lxw_row_t row = 0;
    for (auto const& line : wanted.lines) {
        worksheet_write_string(sheet, row, 0, line.c_str(), row == 0 ? formats.bold : nullptr);
        ++row;
    }
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < wanted.header.size(); ++i) {
        if (!wanted.header[i].empty())
            worksheet_write_string(sheet, row, static_cast<lxw_col_t>(i), wanted.header[i].c_str(), formats.bold);
        note_width(widths, i, wanted.header[i].size());
    }
    worksheet_freeze_panes(sheet, ++row, 0);
    for (auto const& cells : wanted.rows) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            note_width(widths, i, width_of(cells[i]));
            std::visit(CellWriter{sheet, formats, row, static_cast<lxw_col_t>(i)}, cells[i]);
        }
        ++row;
    }
    for (std::size_t i = 0; i < widths.size(); ++i) {
        auto const column = static_cast<lxw_col_t>(i);
        worksheet_set_column(sheet, column, column, static_cast<double>(widths[i]), nullptr);
    }
}

} // namespace

std::string write_workbook(std::vector<Sheet> const& sheets)
{
    MemoryFile const file;
    auto* const workbook = workbook_new(file.path().c_str());
    lxw_doc_properties properties{};
    properties.created = 315'532'800; // 01/01/1980, as in the archive: when a sheet was made is said in it
    workbook_set_properties(workbook, &properties);
    Formats formats{workbook_add_format(workbook), workbook_add_format(workbook), workbook_add_format(workbook)};
    format_set_bold(formats.bold);
    format_set_num_format(formats.whole, "#,##0");
    format_set_num_format(formats.decimal, "#,##0.##");
    for (auto const& sheet : sheets) write_one(workbook, formats, sheet);
    if (workbook_close(workbook) != LXW_NO_ERROR) throw std::runtime_error{"the sheet could not be written"};
    return file.bytes();
}

std::string write_sheet(std::string_view name, std::vector<std::vector<std::string>> const& rows)
{
    Sheet sheet;
    sheet.name = name;
    if (!rows.empty()) sheet.header = rows.front();
    for (std::size_t i = 1; i < rows.size(); ++i) sheet.rows.emplace_back(rows[i].begin(), rows[i].end());
    return write_workbook({sheet});
}

} // namespace nguon::office
