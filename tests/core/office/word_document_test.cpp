#include "core/office/word_document.hpp"

#include "core/office/pdf.hpp"
#include "tests/support/pdf_text.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace nguon::office {
namespace {

using namespace nguon::testing;

using namespace std::chrono_literals;
constexpr Date day{std::chrono::year{2026} / 2 / 5};

WordDocument report()
{
    WordDocument out;
    out.head = OfficialHead{"UBND TỈNH LAI CHÂU", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số:      /BC-SKHCN",
                            place_and_date("Lai Châu", day)};
    out.kind = "BÁO CÁO";
    out.subject = "Kết quả thực hiện kế hoạch nâng cao năng suất, chất lượng năm 2026";
    out.body = {heading("1. Kết quả"), body("Tổ chức được hỗ trợ: ưỡ, ậ, ệ, ỗ, ử, ỵ < & >."), item("một việc")};
    Table table;
    table.columns = {{"TT", 1, Align::center}, {"Chỉ tiêu", 6}, {"Kết quả", 2, Align::right}};
    for (int i = 1; i <= 80; ++i) table.rows.push_back({{std::to_string(i), "Dòng của bảng", "12"}, i == 80});
    out.body.emplace_back(table);
    out.recipients = {"Bộ Khoa học và Công nghệ", "Lưu: VT"};
    out.signature = Signature{"GIÁM ĐỐC", "", "Nguyễn Văn Ví Dụ"};
    out.annex = {centered("PHỤ LỤC"), note("Nguồn: sổ giao nhận")};
    return out;
}

std::string pdf_of(WordDocument const& document)
{
    PdfOptions options;
    options.time_max = 120s; // machines that test are busy
    auto const pdf = PdfMaker{options}.make_now(to_docx(document));
    EXPECT_TRUE(pdf.ok()) << (pdf ? "" : pdf.error().key + " " + pdf.error().log_text);
    return pdf.value_or("");
}

std::size_t count(std::string const& text, std::string const& what)
{
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
}

TEST(WordDocument, SaysTheDayAsTheDecreeDoes)
{
    EXPECT_EQ(place_and_date("Lai Châu", day), "Lai Châu, ngày 05 tháng 02 năm 2026");
    EXPECT_EQ(place_and_date("Lai Châu", Date{std::chrono::year{2026} / 11 / 22}),
              "Lai Châu, ngày 22 tháng 11 năm 2026");
    EXPECT_EQ(place_and_month("Lai Châu", day), "Lai Châu, ngày      tháng 02 năm 2026");
}

TEST(WordDocument, IsTheSameBytesForTheSameDocument)
{
    auto const first = to_docx(report());
    EXPECT_EQ(first, to_docx(report()));
    auto other = report();
    other.subject = "khác";
    EXPECT_NE(first, to_docx(other));
}

TEST(WordDocument, OpensInAWordProcessorWithHeadTableAndSignature)
{
    auto const pdf = pdf_of(report());
    auto const text = pdf_text(pdf);
    for (auto const* const part :
         {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
          "Lai Châu, ngày 05 tháng 02 năm 2026", "BÁO CÁO", "ưỡ, ậ, ệ, ỗ, ử, ỵ < & >.", "- một việc",
          "Nơi nhận:", "- Bộ Khoa học và Công nghệ;", "- Lưu: VT.", "GIÁM ĐỐC", "Nguyễn Văn Ví Dụ", "PHỤ LỤC"})
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
    EXPECT_GE(count(text, "Chỉ tiêu"), 3U) << "the header row stands on every page";
    EXPECT_EQ(count(text, "Dòng của bảng"), 80U);
    auto const fonts = pdf_text(pdf, "pdffonts");
    EXPECT_NE(fonts.find("LiberationSerif"), std::string::npos) << fonts;
    EXPECT_EQ(fonts.find("DejaVu"), std::string::npos) << "every letter is in the document's own type\n" << fonts;
    auto const info = pdf_text(pdf, "pdfinfo");
    EXPECT_NE(info.find("A4"), std::string::npos) << info;
}

TEST(WordDocument, CarriesAWatermarkAcrossThePage)
{
    auto document = report();
    document.watermark = "DIỄN TẬP";
    // Drawn as shapes, not as text: each page has more to draw than without.
    EXPECT_GT(pdf_of(document).size(), pdf_of(report()).size() + 100);
}

TEST(WordDocument, LeavesOutWhatXmlForbids)
{
    WordDocument document;
    document.body = {
        body(std::string{"một\x01\x0B hai\nba"}),
        Signatures{{{"ĐẠI DIỆN CƠ SỞ", "(Ký, ghi rõ họ tên)", ""}, {"KIỂM TRA VIÊN", "", "Lò Thị Ví Dụ"}}}};
    auto const text = pdf_text(pdf_of(document));
    EXPECT_NE(text.find("một"), std::string::npos) << text;
    EXPECT_NE(text.find("hai\nba"), std::string::npos) << text;
    EXPECT_NE(text.find("KIỂM TRA VIÊN"), std::string::npos) << text;
}

TEST(PdfMaker, SaysThatItsProgramIsMissing)
{
    PdfOptions options;
    options.program.clear();
    auto const made = PdfMaker{options}.make_now("x");
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().key, "pdf.program_missing");
    options.program = "/nowhere/soffice";
    EXPECT_EQ(PdfMaker{options}.make_now("x").error().key, "pdf.program_missing");
}

/// A program that leaves a child behind and never ends.
std::filesystem::path stubborn_program(TempDir const& folder)
{
    auto const program = folder.path() / "stubborn";
    std::ofstream{program} << "#!/bin/sh\nsleep 300 & echo $! >" << (folder.path() / "child").string() << "\nwait\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return program;
}

TEST(PdfMaker, KillsAProgramThatTakesTooLongWithAllItStarted)
{
    TempDir const folder;
    PdfOptions options;
    options.program = stubborn_program(folder);
    options.time_max = 1s;
    PdfMaker maker{options};
    auto const made = maker.make_now("x");
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().key, "pdf.slow");
    EXPECT_EQ(made.error().values, std::vector<std::string>{"1"});
    EXPECT_EQ(maker.counters().timed_out, 1U);
    std::ifstream in{folder.path() / "child"};
    std::string child;
    ASSERT_TRUE(in >> child);
    // A killed orphan may be a zombie for a moment, until its new parent has reaped it.
    auto const state = output_of("ps -o stat= -p " + child);
    EXPECT_TRUE(state.empty() || state.front() == 'Z') << state;
}

TEST(PdfMaker, SaysWhenNothingCameOfIt)
{
    PdfOptions options;
    options.program = "/bin/true";
    PdfMaker maker{options};
    EXPECT_EQ(maker.make_now("x").error().key, "pdf.failed");
    EXPECT_EQ(maker.counters().failed, 1U);
}

} // namespace
} // namespace nguon::office
