#include "scanner/label_pdf.hpp"

#include "core/limits.hpp"
#include "scanner/label_layout.hpp"
#include "scanner/preflight.hpp"
#include "tests/scanner/support.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace nguon::scanner {
namespace {

using namespace testing;
using ::testing::HasSubstr;

std::string text_of(std::string const& pdf)
{
    nguon::testing::TempDir const dir;
    write_file(dir.path() / "in.pdf", pdf);
    auto const run = run_tool(fmt::format("pdftotext -layout {}/in.pdf -", dir.path().string()));
    EXPECT_EQ(run.status, 0);
    return run.output;
}

/// The label at `place` (from 0) of a rasterised page.
Picture label_of(Picture const& page, Stock const& stock, int place, int dpi)
{
    auto to_pixels = [dpi](double mm) { return static_cast<int>(std::lround(mm / 25.4 * dpi)); };
    auto const left = to_pixels(stock.margin_left + place % stock.columns * stock.pitch_x);
    auto const top = to_pixels(stock.margin_top + place / stock.columns * stock.pitch_y);
    return crop(page, left, top, std::min(to_pixels(stock.label_width), page.width - left),
                std::min(to_pixels(stock.label_height), page.height - top));
}

bool is_blank(Picture const& picture)
{
    return std::all_of(picture.samples.begin(), picture.samples.end(), [](auto sample) { return sample > 250; });
}

std::vector<std::string> keys(std::vector<FieldError> const& fields)
{
    std::vector<std::string> found;
    for (auto const& field : fields) found.push_back(field.pointer + " " + field.key);
    return found;
}

struct Print {
    char const* stock;
    int dpi;
    bool specimen;
};

class PrintedLabels : public ::testing::TestWithParam<Print> {};

TEST_P(PrintedLabels, AreAllReadByAForeignDecoder)
{
    auto const& stock = *find_stock(GetParam().stock);
    auto job = a_label_job(GetParam().stock, stock.labels_per_sheet());
    job.specimen = GetParam().specimen;
    auto const pdf = draw_label_pdf(job);
    ASSERT_TRUE(pdf.ok()) << pdf.error().key << pdf.error().log_text;

    auto const pages = rasterize(*pdf, GetParam().dpi);
    ASSERT_EQ(pages.size(), 1U);
    std::vector<Picture> labels;
    std::vector<std::string> expected;
    for (int place = 0; place < stock.labels_per_sheet(); ++place) {
        labels.push_back(label_of(pages[0], stock, place, GetParam().dpi));
        expected.push_back(job.codes[static_cast<std::size_t>(place)].url);
    }
    EXPECT_EQ(read_with_zbar(labels), expected);
}

INSTANTIATE_TEST_SUITE_P(StocksAndPrinters, PrintedLabels,
                         ::testing::Values(Print{"a4-65", 203, false}, Print{"a4-65", 300, false},
                                           Print{"a4-24", 203, false}, Print{"a4-24", 300, false},
                                           Print{"a4-65", 300, true}, Print{"a4-24", 203, true}),
                         [](auto const& test) {
                             auto name = fmt::format("{}_{}dpi{}", test.param.stock, test.param.dpi,
                                                     test.param.specimen ? "_specimen" : "");
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST(LabelPdf, CarriesItsTextWithAllDiacritics)
{
    auto const text = text_of(*draw_label_pdf(a_label_job("a4-24", 2)));
    EXPECT_THAT(text, HasSubstr("Chè Ô Long Bản"));
    EXPECT_THAT(text, HasSubstr("hái tay"));
    EXPECT_THAT(text, HasSubstr("BB-2026-11-07"));
    EXPECT_THAT(text, HasSubstr("07/11/2026"));
    EXPECT_THAT(text, HasSubstr("06/11/2028"));
    EXPECT_THAT(text, HasSubstr("AB7K 0000 0000"));
    EXPECT_THAT(text, HasSubstr("AB7K 0000 7919"));
    EXPECT_THAT(text, HasSubstr("HTX Chè Bản Bo"));
    EXPECT_THAT(text, HasSubstr("In 100 %"));
    EXPECT_THAT(text, HasSubstr("LB-2026-000123"));
    EXPECT_THAT(text, HasSubstr("tờ 1/1"));
}

TEST(LabelPdf, SetsEveryVietnameseLetter)
{
    // No font behind Roboto may step in for a letter of the language: that would look like another hand.
    auto job = a_label_job("a4-8", 1);
    job.product_name = "Ắằẳẵặ ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỷỹỵ Đđ";
    auto const pdf = *draw_label_pdf(job);
    EXPECT_THAT(text_of(pdf), HasSubstr("Ắằẳẵặ ấầẩẫậ"));

    nguon::testing::TempDir const dir;
    write_file(dir.path() / "in.pdf", pdf);
    auto const fonts = run_tool(fmt::format("pdffonts {}/in.pdf", dir.path().string()));
    ASSERT_EQ(fonts.status, 0);
    EXPECT_THAT(fonts.output, HasSubstr("RobotoCondensed-Bold"));
    EXPECT_THAT(fonts.output, ::testing::Not(HasSubstr("DejaVu")));
    // name type encoding emb sub uni: every font is embedded
    EXPECT_THAT(fonts.output, ::testing::Not(HasSubstr(" no  ")));
}

TEST(LabelPdf, BeginsAtTheWantedPlaceAndGoesOnOverSheets)
{
    auto const& stock = *find_stock("a4-24");
    auto job = a_label_job("a4-24", 5);
    job.start = 22;
    auto const pages = rasterize(*draw_label_pdf(job), 203);
    ASSERT_EQ(pages.size(), 2U);
    for (int place = 0; place < 24; ++place)
        EXPECT_EQ(is_blank(label_of(pages[0], stock, place, 203)), place < 21) << place;
    for (int place = 0; place < 24; ++place)
        EXPECT_EQ(is_blank(label_of(pages[1], stock, place, 203)), place > 1) << place;
    EXPECT_EQ(read_with_zbar({label_of(pages[0], stock, 21, 203)}).at(0), job.codes[0].url);
    EXPECT_EQ(read_with_zbar({label_of(pages[1], stock, 1, 203)}).at(0), job.codes[4].url);
}

TEST(LabelPdf, RepeatsOneCodeForALot)
{
    auto job = a_label_job("a4-65", 1);
    job.copies = 70;
    auto const pdf = *draw_label_pdf(job);
    auto const pages = rasterize(pdf, 203);
    ASSERT_EQ(pages.size(), 2U);
    EXPECT_EQ(read_with_zbar({label_of(pages[1], *find_stock("a4-65"), 4, 203)}).at(0), job.codes[0].url);
    EXPECT_TRUE(is_blank(label_of(pages[1], *find_stock("a4-65"), 5, 203)));
    EXPECT_LT(pdf.size(), 60'000U); // the symbol is embedded once
}

TEST(LabelPdf, MarksSpecimensOnEveryLabel)
{
    auto job = a_label_job("a4-24", 24);
    EXPECT_THAT(text_of(*draw_label_pdf(job)), ::testing::Not(HasSubstr("MẪU")));
    job.specimen = true;
    auto const pdf = *draw_label_pdf(job);
    auto const page = rasterize(pdf, 100).at(0);
    for (int place = 0; place < 24; ++place) {
        auto const label = label_of(page, *find_stock("a4-24"), place, 100);
        auto const grey = std::count(label.samples.begin(), label.samples.end(), 204);
        EXPECT_GT(grey, static_cast<std::ptrdiff_t>(label.samples.size() / 50)) << place;
    }
}

TEST(LabelPdf, KeepsTextAndNeighboursOutOfTheQuietZone)
{
    auto const& stock = *find_stock("a4-65");
    auto const job = a_label_job("a4-65", 65);
    auto const checked = preflight(job);
    auto const page = rasterize(*draw_label_pdf(job), 600).at(0);
    auto const label = label_of(page, stock, 32, 600);
    auto const quiet = static_cast<int>(4 * checked.module_mm / 25.4 * 600);
    auto const side = static_cast<int>((checked.symbol_modules + 8) * checked.module_mm / 25.4 * 600);
    // The symbol's square begins half a millimetre from the label's edge; below it stands the printed code.
    auto const left = static_cast<int>(0.5 / 25.4 * 600);
    auto top = 0;
    while (std::all_of(label.row(top) + left, label.row(top) + left + side, [](auto sample) { return sample > 128; }))
        ++top;
    auto const bottom = top + side - 2 * quiet;
    EXPECT_TRUE(is_blank(crop(label, left + side - quiet + 2, top, quiet - 4, bottom - top)));
    EXPECT_TRUE(is_blank(crop(label, left, bottom + 3, side, quiet - 6)));
}

TEST(LabelPdf, LaysOutForTheDearestCode)
{
    // Digits need fewer modules than letters: the size of one symbol says nothing of the next.
    std::mt19937 chance{20261122};
    for (auto const* letters : {"0123456789", "0123456789ABCDEFGHJKMNPQRSTVWXYZ", "0123456789ABCDEFabcdef-_~"}) {
        auto job = a_label_job("a4-65", 0);
        for (int i = 0; i < 60; ++i) {
            std::string end;
            for (int k = 0; k < 20; ++k) end += letters[chance() % std::string_view{letters}.size()];
            job.codes.push_back({"https://nguon.vn/01/08938501234568/21/" + end, "AB7K00000000"});
        }
        job.codes.push_back({"https://nguon.vn/t/" + std::string(20, letters[9]), "AB7K00000000"});
        auto const most = largest_symbol(job);
        ASSERT_TRUE(most.ok());
        for (auto const& code : job.codes) EXPECT_LE(encode_qr(code.url, job.ecc_level)->width, *most) << code.url;
        EXPECT_TRUE(draw_label_pdf(job).ok());
    }
}

TEST(LabelPdf, GivesTheSameBytesForTheSameJob)
{
    auto const job = a_label_job("a4-24", 30);
    EXPECT_EQ(*draw_label_pdf(job), *draw_label_pdf(job));
}

TEST(LabelPdf, StopsWhenTheSinkRefuses)
{
    std::size_t taken = 0;
    ByteSink const sink = [&](std::string_view bytes) { return (taken += bytes.size()) < 30'000; };
    auto const drawn = draw_label_pdf(a_label_job("a4-65", 650), sink);
    ASSERT_FALSE(drawn.ok());
    EXPECT_EQ(drawn.error().key, "label.sink");
}

TEST(LabelPdf, StreamsSheetBySheet)
{
    std::size_t pieces = 0;
    std::size_t largest = 0;
    ByteSink const sink = [&](std::string_view bytes) {
        ++pieces;
        largest = std::max(largest, bytes.size());
        return true;
    };
    ASSERT_TRUE(draw_label_pdf(a_label_job("a4-65", 650), sink).ok());
    EXPECT_GT(pieces, 100U);
    EXPECT_LT(largest, 200'000U);
}

TEST(LabelPdf, NamesTheSizesWhenALabelIsTooSmall)
{
    auto job = a_label_job("a4-65", 1);
    job.codes[0].url += std::string(200, 'x');
    auto const drawn = draw_label_pdf(job);
    ASSERT_FALSE(drawn.ok());
    EXPECT_EQ(drawn.error().key, "label.too_small");
    ASSERT_EQ(drawn.error().values.size(), 3U);
    EXPECT_EQ(drawn.error().values[1], "0,3");
    job.stock = "a4-8"; // the same code on a larger label
    EXPECT_TRUE(draw_label_pdf(job).ok());
}

TEST(Stock, FindsByIdAndFitsItsPage)
{
    EXPECT_EQ(find_stock("a4-65")->labels_per_sheet(), 65);
    EXPECT_EQ(find_stock("a4-24")->labels_per_sheet(), 24);
    EXPECT_EQ(find_stock("letter"), nullptr);
    for (auto const& stock : stocks()) {
        EXPECT_EQ(find_stock(stock.id), &stock);
        // The ruler stands in the margin below the last row.
        auto const last = stock.margin_top + (stock.rows - 1) * stock.pitch_y + stock.label_height;
        EXPECT_GE(stock.page_height - last, 10.0) << stock.id;
    }
}

TEST(Preflight, SaysWhatWillBePrinted)
{
    auto job = a_label_job("a4-65", 70);
    job.start = 62;
    auto const checked = preflight(job);
    EXPECT_TRUE(checked.ok());
    EXPECT_EQ(checked.labels, 70);
    EXPECT_EQ(checked.sheets, 3); // 4 + 65 + 1
    EXPECT_EQ(checked.symbol_modules, 37 - 4);
    EXPECT_GT(checked.module_mm, module_mm_retail);
    EXPECT_TRUE(checked.warnings.empty()) << checked.warnings[0].key;
}

TEST(Preflight, ReportsEveryFaultWithItsPlace)
{
    LabelJob job;
    job.stock = "a5";
    job.copies = 0;
    job.made_on = Date{std::chrono::year{2026}, std::chrono::month{2}, std::chrono::day{2}};
    job.use_by = Date{std::chrono::year{2026}, std::chrono::month{2}, std::chrono::day{1}};
    job.codes = {{"", "SHORT"}, {"https://x.vn/\n", "ABCDEFGHJKMN"}};
    EXPECT_THAT(keys(preflight(job).faults),
                ::testing::UnorderedElementsAre(
                    "/stock label.stock_unknown", "/copies label.copies", "/productName label.name_missing",
                    "/lot label.lot_missing", "/useBy label.dates_order", "/codes/0/url label.url_missing",
                    "/codes/0/printedCode label.printed_code", "/codes/1/url label.control_characters"));
    auto const drawn = draw_label_pdf(job);
    ASSERT_FALSE(drawn.ok());
    EXPECT_EQ(drawn.error().fields.size(), 8U);
}

TEST(Preflight, KeepsStartAndCountWithinTheirLimits)
{
    auto job = a_label_job("a4-24", 1);
    auto const ok = [&] { return preflight(job).ok(); };
    for (auto const& [start, good] : {std::pair{0, false}, {1, true}, {24, true}, {25, false}}) {
        job.start = start;
        EXPECT_EQ(ok(), good) << start;
    }
    job.start = 1;
    auto const most = static_cast<int>(limits::labels_per_job_max);
    for (auto const& [copies, good] : {std::pair{most - 1, true}, {most, true}, {most + 1, false}}) {
        job.copies = copies;
        EXPECT_EQ(ok(), good) << copies;
    }
    job.copies = 1;
    job.codes.clear();
    EXPECT_THAT(keys(preflight(job).faults), ::testing::ElementsAre("/codes label.none"));
}

TEST(Preflight, WarnsOfWhatWillBeLeftOut)
{
    auto job = a_label_job("a4-65", 1);
    job.product_name =
        "Chè Ô Long Bản Bo hái tay thượng hạng vụ xuân của hợp tác xã, sao suốt, đóng túi hút chân không";
    job.organization = "Hợp tác xã dịch vụ nông nghiệp và du lịch cộng đồng Bản Bo, huyện Tam Đường";
    job.made_on.reset();
    job.use_by.reset();
    job.codes[0].url = "http://nguon.laichau.gov.vn/01/08938501234568/10/BB-2026-11-07/21/AB7KCDEFGH12";
    auto const checked = preflight(job);
    EXPECT_TRUE(checked.ok());
    EXPECT_THAT(keys(checked.warnings), ::testing::UnorderedElementsAre(
                                            "/madeOn label.made_on_missing", "/useBy label.use_by_missing",
                                            "/codes label.url_insecure", "/productName label.name_shortened",
                                            "/organization label.organization_left_out", "/stock label.module_small"));
}

TEST(Preflight, RefusesALotThatDoesNotFit)
{
    auto job = a_label_job("a4-65", 1);
    job.lot = "ABCDEFGHIJ0123456789"; // 20 characters, as long as GS1 allows: must fit on the smallest label
    EXPECT_TRUE(preflight(job).ok());
    job.lot = std::string(60, 'W');
    EXPECT_THAT(keys(preflight(job).faults), ::testing::ElementsAre("/lot label.lot_overflow"));
}

TEST(Preflight, RefusesTextThatIsNotUtf8)
{
    auto job = a_label_job("a4-65", 1);
    job.product_name = "Ch\xE8";
    EXPECT_THAT(keys(preflight(job).faults), ::testing::ElementsAre("/productName label.control_characters"));
}

} // namespace
} // namespace nguon::scanner
