#include "core/fold.hpp"
#include "core/limits.hpp"
#include "server/app/sheet_workers.hpp"
#include "tests/support/zip_archive.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <ranges>

namespace {

using namespace nguon;
using namespace nguon::server::app;

// Checksums and compression would keep nearly every change of an archive from the readers behind it: an input that is
// no archive holds the parts of a workbook, in this order, with a line of "--" between them.
constexpr std::array part_names{"xl/worksheets/a.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
                                "xl/_rels/workbook.xml.rels"};
constexpr std::string_view between = "\n--\n";

void check(bool holds)
{
    if (!holds) std::abort();
}

std::string archive_of(std::string_view text)
{
    auto parts = testing::sheet_parts("");
    for (auto const* name : part_names) {
        auto const end = text.find(between);
        std::string bytes{text.substr(0, end)};
        auto const there = std::ranges::find(parts, name, &testing::Parts::value_type::first);
        if (there == parts.end()) {
            parts.emplace_back(name, std::move(bytes));
        } else {
            there->second = std::move(bytes);
        }
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + between.size());
    }
    return testing::archive_of(parts);
}

void check_rows(SheetRows const& rows)
{
    check(rows.size() <= limits::sheet_rows_max);
    for (auto const& row : rows) {
        check(row.size() <= limits::sheet_columns_max);
        for (auto const& cell : row) check(cell.size() <= limits::sheet_cell_bytes_max && is_utf8(cell));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const archive = text.starts_with("PK") ? std::string{text} : archive_of(text);
    auto const rows = read_sheet(archive);
    if (rows) check_rows(*rows);
    if (!rows) check(rows.error().key == not_a_sheet().key || rows.error().key == sheet_too_large().key);

    // The parent takes the worker's answer for the same, and reads whatever a worker that was taken over may say.
    auto const told = read_sheet_answer(sheet_task().answer(sheet_request(archive)));
    check(told.ok() == rows.ok() && (rows ? *told == *rows : told.error().key == rows.error().key));
    if (auto const answer = read_sheet_answer(text)) check_rows(*answer);
    return 0;
}
