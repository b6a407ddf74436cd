#include "core/office/workbook.hpp"
#include "server/app/spreadsheet.hpp"

#include "core/limits.hpp"
#include "server/app/sheet_workers.hpp"
#include "tests/support/zip_archive.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace nguon::server::app {
namespace {

using testing::archive_of;
using testing::sheet_parts;

Result<SheetRows> read_rows(std::string const& rows) { return read_sheet(archive_of(sheet_parts(rows))); }

std::string error_of(Result<SheetRows> const& result) { return result ? "" : result.error().key; }

TEST(Spreadsheet, ReadsWhatItWrites)
{
    SheetRows const rows{{"Họ tên", "Thửa"}, {"Lò Thị Ví Dụ", "=HYPERLINK(\"x\")"}, {"", "& <b>"}, {"+84", "@x"}};
    auto const read = read_sheet(office::write_sheet("Hộ thành viên", rows));
    ASSERT_TRUE(read.ok()) << read.error().key;
    ASSERT_EQ(read->size(), rows.size());
    EXPECT_EQ((*read)[1], rows[1]);
    EXPECT_EQ((*read)[2], rows[2]);
    EXPECT_EQ((*read)[3], rows[3]);
}

TEST(Spreadsheet, ReadsEveryKindOfCell)
{
    auto parts =
        sheet_parts(R"(<row r="2"><c r="A2" t="s"><v>1</v></c><c r="C2" t="inlineStr"><is><t>chè </t></is></c>)"
                    R"(<c r="D2"><v>0.10000000000000001</v></c><c r="E2" s="1"><v>46347</v></c>)"
                    R"(<c r="F2" s="2"><v>46347.5</v></c><c r="G2" t="b"><v>1</v></c>)"
                    R"(<c r="H2" t="str"><f>A1</f><v>x</v></c><c r="I2" s="3"><v>5</v></c></row>)"
                    R"(<row><c><v>7</v></c><c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>)");
    parts.push_back({"xl/sharedStrings.xml", "<sst><si><t>không</t></si><si><r><t>Nương </t></r><r><t>trên</t></r>"
                                             "<rPh><t>phonetic</t></rPh></si></sst>"});
    parts.push_back({"xl/styles.xml",
                     R"(<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\/mm\/yyyy"/>)"
                     R"(<numFmt numFmtId="165" formatCode="0.0 &quot;day&quot;"/></numFmts>)"
                     R"(<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>)"
                     R"(<xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>)"});
    auto const read = read_sheet(archive_of(parts));
    ASSERT_TRUE(read.ok()) << read.error().key;
    ASSERT_EQ(read->size(), 3U);
    EXPECT_TRUE((*read)[0].empty());
    EXPECT_EQ((*read)[1],
              (std::vector<std::string>{"Nương trên", "", "chè ", "0.1", "21/11/2026", "21/11/2026", "1", "x", "5"}));
    EXPECT_EQ((*read)[2], (std::vector<std::string>{"7", "ab"}));
}

TEST(Spreadsheet, RefusesWhatIsNoWorkbook)
{
    EXPECT_EQ(error_of(read_sheet("")), "sheet.format");
    EXPECT_EQ(error_of(read_sheet("họ tên;thửa")), "sheet.format");
    EXPECT_EQ(error_of(read_sheet("PK\x03\x04 cut")), "sheet.format");
    EXPECT_EQ(error_of(read_sheet(archive_of({{"a.txt", "x"}}))), "sheet.format");
    auto const whole = archive_of(sheet_parts("<row><c><v>1</v></c></row>"));
    for (std::size_t size = 0; size < whole.size(); size += 37)
        EXPECT_EQ(error_of(read_sheet(whole.substr(0, size))), "sheet.format") << size;
}

TEST(Spreadsheet, RefusesAMissingSheetAndBrokenXml)
{
    auto parts = sheet_parts("");
    parts.pop_back();
    EXPECT_EQ(error_of(read_sheet(archive_of(parts))), "sheet.format");
    EXPECT_EQ(error_of(read_rows("<row>")), "sheet.format");
    EXPECT_EQ(error_of(read_rows(R"(<row><c r="1A"><v>1</v></c></row>)")), "sheet.format");
    EXPECT_EQ(error_of(read_rows(R"(<row><c t="s"><v>4</v></c></row>)")), "sheet.format"); // no such shared text
    EXPECT_EQ(error_of(read_rows(R"(<row r="3"/><row r="2"/>)")), "sheet.format");
    EXPECT_EQ(error_of(read_rows("<c><v>1</v></c>")), "sheet.format");
}

TEST(Spreadsheet, RefusesDocumentTypesAndEntities)
{
    auto parts = sheet_parts("");
    parts.back().second = "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                          "<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>";
    EXPECT_EQ(error_of(read_sheet(archive_of(parts))), "sheet.format");
    parts.back().second = "<!DOCTYPE w SYSTEM \"file:///etc/passwd\"><worksheet><sheetData/></worksheet>";
    EXPECT_EQ(error_of(read_sheet(archive_of(parts))), "sheet.format");
}

TEST(Spreadsheet, RefusesAZipBomb)
{
    auto parts = sheet_parts("");
    parts.push_back({"xl/sharedStrings.xml", "<sst><si><t>" + std::string(30 * 1024, 'a') + "</t></si>" +
                                                 std::string(20'000'000, ' ') + "</sst>"});
    EXPECT_EQ(error_of(read_sheet(archive_of(parts))), "sheet.too_large");
}

TEST(Spreadsheet, RefusesABombThatGrowsSlowly)
{
    std::string rows;
    while (rows.size() <= limits::zip_bytes_max)
        rows += "<!-- " + std::to_string(rows.size() * 7919) + std::string(300, ' ') + "-->";
    auto const bomb = archive_of(sheet_parts(rows));
    ASSERT_GT(bomb.size() * limits::zip_ratio_max, rows.size());
    EXPECT_EQ(error_of(read_sheet(bomb)), "sheet.too_large");
}

TEST(Spreadsheet, RefusesMoreSharedTextsThanCells)
{
    std::string texts;
    for (std::size_t i = 0; i <= limits::sheet_rows_max * limits::sheet_columns_max; ++i)
        texts += i % 64 == 0 ? "<si><t>" + std::to_string(i * 7919) + "</t></si>" : "<si/>";
    auto parts = sheet_parts("");
    parts.push_back({"xl/sharedStrings.xml", "<sst>" + texts + "</sst>"});
    EXPECT_EQ(error_of(read_sheet(archive_of(parts))), "sheet.too_large");
}

TEST(Spreadsheet, RefusesAThousandCopiesOfOneText)
{
    std::string rows;
    for (int i = 0; i < 1'000; ++i)
        rows += R"(<row><c t="s"><v>0</v></c><c><v>)" + std::to_string(i * 7919) + "</v></c></row>";
    auto parts = sheet_parts(rows);
    parts.push_back(
        {"xl/sharedStrings.xml", "<sst><si><t>" + std::string(limits::sheet_cell_bytes_max, 'a') + "</t></si></sst>"});
    EXPECT_EQ(error_of(read_sheet(archive_of(parts))), "sheet.too_large");
}

TEST(Spreadsheet, RefusesTooManyEntries)
{
    auto parts = sheet_parts("");
    while (parts.size() < limits::zip_entries_max) parts.push_back({"x" + std::to_string(parts.size()), ""});
    EXPECT_TRUE(read_sheet(archive_of(parts)).ok());
    parts.push_back({"one more", ""});
    EXPECT_EQ(error_of(read_sheet(archive_of(parts))), "sheet.too_large");
}

TEST(Spreadsheet, KeepsItsLimitsOfRowsColumnsAndCells)
{
    auto const row = [](std::size_t number) {
        return "<row r=\"" + std::to_string(number) + "\"><c><v>1</v></c></row>";
    };
    EXPECT_EQ(read_rows(row(limits::sheet_rows_max)).value_or({}).size(), limits::sheet_rows_max);
    EXPECT_EQ(error_of(read_rows(row(limits::sheet_rows_max + 1))), "sheet.too_large");
    EXPECT_EQ(error_of(read_rows("<row r=\"99999999999999999999\"/>")), "sheet.format");

    auto const cell = [](std::size_t column) {
        return "<row><c r=\"" + cell_name(column, 0) + "\"><v>1</v></c></row>";
    };
    EXPECT_EQ(read_rows(cell(limits::sheet_columns_max - 1)).value_or({{}}).front().size(), limits::sheet_columns_max);
    EXPECT_EQ(error_of(read_rows(cell(limits::sheet_columns_max))), "sheet.too_large");
    EXPECT_EQ(error_of(read_rows(R"(<row><c r="AAAA1"><v>1</v></c></row>)")), "sheet.format");

    auto const text = [](std::size_t size) {
        return "<row><c t=\"inlineStr\"><is><t>" + std::string(size, 'x') + "</t></is></c></row>";
    };
    EXPECT_TRUE(read_rows(text(limits::sheet_cell_bytes_max)).ok());
    EXPECT_EQ(error_of(read_rows(text(limits::sheet_cell_bytes_max + 1))), "sheet.too_large");
}

TEST(Spreadsheet, LeavesOutRowsAndColumnsThatHoldNothing)
{
    auto const read = read_rows(R"(<row r="1" s="4"><c r="A1"><v>1</v></c><c r="XFD1" s="4"/></row>)"
                                R"(<row r="1048576"><c r="A1048576" s="4"/></row>)");
    EXPECT_EQ(read.value_or({}), (SheetRows{{"1"}}));
}

TEST(Spreadsheet, ReadsTenThousandFullRowsWithinTheWorkersLimits)
{
    std::string rows;
    for (std::size_t i = 0; i < limits::sheet_rows_max; ++i) {
        rows += "<row>";
        for (int column = 0; column < 8; ++column)
            rows += "<c t=\"inlineStr\"><is><t>Nương " + std::to_string(i * 7919 % 10007) + "</t></is></c>";
        rows += "</row>";
    }
    WorkerPoolOptions options;
    options.arguments = {"file-worker"};
    options.processes = 1;
    WorkerPool pool{options};
    auto const answer = pool.run_now(sheet_request(archive_of(sheet_parts(rows))));
    ASSERT_TRUE(answer.ok()) << answer.error().key;
    auto const read = read_sheet_answer(*answer).value_or({});
    ASSERT_EQ(read.size(), limits::sheet_rows_max);
    EXPECT_EQ(read.back(), std::vector<std::string>(8, "Nương " + std::to_string(9'999 * 7919 % 10007)));
    EXPECT_EQ(error_of(read_rows(rows + "<row><c><v>1</v></c></row>")), "sheet.too_large");
}

TEST(SheetAnswer, IsReadWithCare)
{
    using namespace std::string_literals;
    auto const task = sheet_task();
    auto const answer = task.answer(sheet_request(office::write_sheet("Hộ", {{"Họ tên", ""}, {}, {"", "Chè"}})));
    EXPECT_EQ(read_sheet_answer(answer).value_or({}), (SheetRows{{"Họ tên"}, {}, {"", "Chè"}}));
    for (std::size_t size = 0; size < answer.size(); ++size)
        EXPECT_EQ(error_of(read_sheet_answer(answer.substr(0, size))), "sheet.format") << size;
    EXPECT_EQ(error_of(read_sheet_answer(answer + "x")), "sheet.format");
    EXPECT_EQ(error_of(read_sheet_answer("+\xFF\xFF\xFF\xFF"s)), "sheet.format");
    EXPECT_EQ(error_of(read_sheet_answer("+\1\0\0\0\xFF\xFF\xFF\xFF"s)), "sheet.format");
    EXPECT_EQ(error_of(read_sheet_answer("+\1\0\0\0\1\0\0\0\1\0\0\0\xE8"s)), "sheet.format"); // not UTF-8
    EXPECT_EQ(error_of(read_sheet_answer("-sheet.too_large")), "sheet.too_large");
    EXPECT_EQ(error_of(read_sheet_answer("-any.other.key")), "sheet.format");
    EXPECT_EQ(error_of(read_sheet_answer(task.answer(sheet_request("họ tên")))), "sheet.format");
}

TEST(Spreadsheet, NamesCells)
{
    EXPECT_EQ(cell_name(0, 0), "A1");
    EXPECT_EQ(cell_name(25, 6), "Z7");
    EXPECT_EQ(cell_name(26, 9), "AA10");
    EXPECT_EQ(cell_name(701, 0), "ZZ1");
    EXPECT_EQ(cell_name(702, 0), "AAA1");
}

} // namespace
} // namespace nguon::server::app
