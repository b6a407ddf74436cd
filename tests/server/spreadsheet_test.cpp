#include "server/app/spreadsheet.hpp"

#include "core/limits.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <zip.h>

namespace nguon::server::app {
namespace {

using Parts = std::vector<std::pair<std::string, std::string>>;

/// A zip archive of these parts.
std::string archive_of(Parts const& parts)
{
    zip_error_t error;
    zip_error_init(&error);
    auto* source = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_source_keep(source);
    auto* archive = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    for (auto const& [name, bytes] : parts)
        zip_file_add(archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
    EXPECT_EQ(zip_close(archive), 0);
    zip_stat_t stat;
    zip_source_stat(source, &stat);
    std::string out(stat.size, '\0');
    zip_source_open(source);
    zip_source_read(source, out.data(), out.size());
    zip_source_close(source);
    zip_source_free(source);
    zip_error_fini(&error);
    return out;
}

constexpr char const* workbook =
    R"(<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">)"
    R"(<sheets><sheet name="A" sheetId="1" r:id="rId7"/><sheet name="B" sheetId="2" r:id="rId8"/></sheets></workbook>)";
constexpr char const* relations = R"(<Relationships><Relationship Id="rId8" Target="worksheets/b.xml"/>)"
                                  R"(<Relationship Id="rId7" Target="worksheets/a.xml"/></Relationships>)";

Parts parts_of(std::string const& rows)
{
    return {{"xl/workbook.xml", workbook},
            {"xl/_rels/workbook.xml.rels", relations},
            {"xl/worksheets/a.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}};
}

Result<SheetRows> read_rows(std::string const& rows) { return read_sheet(archive_of(parts_of(rows))); }

std::string error_of(Result<SheetRows> const& result) { return result ? "" : result.error().key; }

TEST(Spreadsheet, ReadsWhatItWrites)
{
    SheetRows const rows{{"Họ tên", "Thửa"}, {"Lò Thị Ví Dụ", "=HYPERLINK(\"x\")"}, {"", "& <b>"}, {"+84", "@x"}};
    auto const read = read_sheet(write_sheet("Hộ thành viên", rows));
    ASSERT_TRUE(read.ok()) << read.error().key;
    ASSERT_EQ(read->size(), rows.size());
    EXPECT_EQ((*read)[1], rows[1]);
    EXPECT_EQ((*read)[2], rows[2]);
    EXPECT_EQ((*read)[3], rows[3]);
}

TEST(Spreadsheet, ReadsEveryKindOfCell)
{
    auto parts = parts_of(R"(<row r="2"><c r="A2" t="s"><v>1</v></c><c r="C2" t="inlineStr"><is><t>chè </t></is></c>)"
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
    auto const whole = archive_of(parts_of("<row><c><v>1</v></c></row>"));
    for (std::size_t size = 0; size < whole.size(); size += 37)
        EXPECT_EQ(error_of(read_sheet(whole.substr(0, size))), "sheet.format") << size;
}

TEST(Spreadsheet, RefusesAMissingSheetAndBrokenXml)
{
    auto parts = parts_of("");
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
    auto parts = parts_of("");
    parts.back().second = "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                          "<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>";
    EXPECT_EQ(error_of(read_sheet(archive_of(parts))), "sheet.format");
    parts.back().second = "<!DOCTYPE w SYSTEM \"file:///etc/passwd\"><worksheet><sheetData/></worksheet>";
    EXPECT_EQ(error_of(read_sheet(archive_of(parts))), "sheet.format");
}

TEST(Spreadsheet, RefusesAZipBomb)
{
    auto parts = parts_of("");
    parts.push_back({"xl/sharedStrings.xml", "<sst><si><t>" + std::string(30 * 1024, 'a') + "</t></si>" +
                                                 std::string(20'000'000, ' ') + "</sst>"});
    EXPECT_EQ(error_of(read_sheet(archive_of(parts))), "sheet.too_large");
}

TEST(Spreadsheet, RefusesAMillionCopiesOfOneText)
{
    std::string rows;
    for (int i = 0; i < 7'000; ++i)
        rows += R"(<row><c t="s"><v>0</v></c><c><v>)" + std::to_string(i * 7919) + "</v></c></row>";
    auto parts = parts_of(rows);
    parts.push_back(
        {"xl/sharedStrings.xml", "<sst><si><t>" + std::string(limits::sheet_cell_bytes_max, 'a') + "</t></si></sst>"});
    EXPECT_EQ(error_of(read_sheet(archive_of(parts))), "sheet.too_large");
}

TEST(Spreadsheet, RefusesTooManyEntries)
{
    auto parts = parts_of("");
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
    EXPECT_EQ(error_of(read_rows(row(limits::sheet_rows_max) + "<row/>")), "sheet.too_large");
    EXPECT_EQ(error_of(read_rows("<row r=\"99999999999999999999\"/>")), "sheet.too_large");

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

TEST(Spreadsheet, ReadsTwoHundredThousandRowsAndNotOneMore)
{
    std::string rows;
    for (std::size_t i = 0; i < limits::sheet_rows_max; ++i)
        rows += "<row><c><v>" + std::to_string(i * 7919 % 10007) + "</v></c></row>";
    EXPECT_EQ(read_rows(rows).value_or({}).size(), limits::sheet_rows_max);
    EXPECT_EQ(error_of(read_rows(rows + "<row><c><v>1</v></c></row>")), "sheet.too_large");
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
