#include "core/office/workbook.hpp"

#include "tests/support/pdf_text.hpp"

#include <gtest/gtest.h>

namespace nguon::office {
namespace {

using namespace nguon::testing;

std::string as_csv(std::string const& xlsx)
{
    TempDir const folder;
    auto const file = folder.path() / "book.xlsx";
    std::ofstream{file, std::ios::binary} << xlsx;
    output_of("timeout 120 soffice -env:UserInstallation=file://" + (folder.path() / "p").string() +
              " --headless --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1' "
              "--outdir " +
              folder.path().string() + " " + file.string() + " 2>&1");
    return output_of("cat " + folder.path().string() + "/book*.csv");
}

Sheet sheet()
{
    return {"Phụ lục 1",
            {"CHỈ TIÊU", "Nguồn: dữ liệu minh họa"},
            {"Chỉ tiêu", "Số", "Tỷ lệ"},
            {{std::string{"=1+1"}, std::int64_t{12}, 46.5}, {std::string{"Tổ chức"}, std::string{}, 3.0}}};
}

TEST(Workbook, OpensInASpreadsheetProgramWithTextsAndNumbers)
{
    auto const text = as_csv(write_workbook({sheet()}));
    EXPECT_NE(text.find("CHỈ TIÊU"), std::string::npos) << text;
    EXPECT_NE(text.find("=1+1,12,46.5"), std::string::npos) << "never a formula: " << text;
}

TEST(Workbook, IsTheSameBytesForTheSameSheets)
{
    EXPECT_EQ(write_workbook({sheet()}), write_workbook({sheet()}));
    EXPECT_NE(write_workbook({sheet()}), write_sheet("Phụ lục 1", {{"a"}, {"b"}}));
}

} // namespace
} // namespace nguon::office
