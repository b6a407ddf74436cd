#include "scanner/label_file.hpp"

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

bool is_blank(Picture const& picture)
{
    return std::all_of(picture.samples.begin(), picture.samples.end(), [](auto grey) { return grey > 250; });
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
    auto sample = a_label_job(GetParam().stock, stock.labels_per_sheet());
    sample.job.specimen = GetParam().specimen;
    auto const pdf = draw(sample);
    ASSERT_TRUE(pdf.ok()) << pdf.error().key << pdf.error().log_text;

    auto const pages = rasterize(*pdf, GetParam().dpi);
    ASSERT_EQ(pages.size(), 1U);
    std::vector<Picture> labels;
    std::vector<std::string> expected;
    for (int place = 0; place < stock.labels_per_sheet(); ++place) {
        labels.push_back(label_of(pages[0], stock, place, GetParam().dpi));
        expected.push_back(sample.codes[static_cast<std::size_t>(place)].url);
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
    auto const text = text_of(*draw(a_label_job("a4-24", 2)));
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
    auto sample = a_label_job("a4-8", 1);
    sample.job.product_name = "Ắằẳẵặ ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỷỹỵ Đđ";
    auto const pdf = *draw(sample);
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
    auto sample = a_label_job("a4-24", 5);
    sample.job.start = 22;
    auto const pages = rasterize(*draw(sample), 203);
    ASSERT_EQ(pages.size(), 2U);
    for (int place = 0; place < 24; ++place)
        EXPECT_EQ(is_blank(label_of(pages[0], stock, place, 203)), place < 21) << place;
    for (int place = 0; place < 24; ++place)
        EXPECT_EQ(is_blank(label_of(pages[1], stock, place, 203)), place > 1) << place;
    EXPECT_EQ(read_with_zbar({label_of(pages[0], stock, 21, 203)}).at(0), sample.codes[0].url);
    EXPECT_EQ(read_with_zbar({label_of(pages[1], stock, 1, 203)}).at(0), sample.codes[4].url);
}

TEST(LabelPdf, RepeatsOneCodeForALot)
{
    auto sample = a_label_job("a4-65", 1);
    sample.job.copies = 70;
    auto const pdf = *draw(sample);
    auto const pages = rasterize(pdf, 203);
    ASSERT_EQ(pages.size(), 2U);
    EXPECT_EQ(read_with_zbar({label_of(pages[1], *find_stock("a4-65"), 4, 203)}).at(0), sample.codes[0].url);
    EXPECT_TRUE(is_blank(label_of(pages[1], *find_stock("a4-65"), 5, 203)));
    EXPECT_LT(pdf.size(), 60'000U); // the symbol is embedded once
}

TEST(LabelPdf, MarksSpecimensOnEveryLabel)
{
    auto sample = a_label_job("a4-24", 24);
    EXPECT_THAT(text_of(*draw(sample)), ::testing::Not(HasSubstr("MẪU")));
    sample.job.specimen = true;
    auto const pdf = *draw(sample);
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
    auto const sample = a_label_job("a4-65", 65);
    auto const checked = check(sample);
    auto const page = rasterize(*draw(sample), 600).at(0);
    auto const label = label_of(page, stock, 32, 600);
    auto const quiet = static_cast<int>(4 * checked.module_mm / 25.4 * 600);
    auto const side = static_cast<int>((checked.symbol_modules + 8) * checked.module_mm / 25.4 * 600);
    // The symbol's square begins half a millimetre from the label's edge; below it stands the printed code.
    auto const left = static_cast<int>(0.5 / 25.4 * 600);
    auto top = 0;
    while (std::all_of(label.row(top) + left, label.row(top) + left + side, [](auto grey) { return grey > 128; }))
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
        auto sample = a_label_job("a4-65", 0);
        for (int i = 0; i < 60; ++i) {
            std::string end;
            for (int k = 0; k < 20; ++k) end += letters[chance() % std::string_view{letters}.size()];
            sample.codes.push_back({"https://nguon.vn/01/08938501234568/21/" + end, "AB7K00000000"});
        }
        sample.codes.push_back({"https://nguon.vn/t/" + std::string(20, letters[9]), "AB7K00000000"});
        ListedCodes const codes{sample.codes};
        auto const needs = label_needs(sample.job, codes);
        ASSERT_TRUE(needs.ok());
        for (auto const& code : sample.codes)
            EXPECT_LE(encode_qr(code.url, sample.job.ecc_level)->width, needs->symbol_modules) << code.url;
        EXPECT_TRUE(draw(sample).ok());
    }
}

TEST(LabelPdf, GivesTheSameBytesForTheSameJob)
{
    auto const sample = a_label_job("a4-24", 30);
    EXPECT_EQ(*draw(sample), *draw(sample));
}

TEST(LabelPdf, StopsWhenTheSinkRefuses)
{
    std::size_t taken = 0;
    ByteSink const sink = [&](std::string_view bytes) { return (taken += bytes.size()) < 30'000; };
    auto const sample = a_label_job("a4-65", 650);
    ListedCodes codes{sample.codes};
    auto const drawn = write_labels(sample.job, codes, {}, sink);
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
    auto const sample = a_label_job("a4-65", 650);
    ListedCodes codes{sample.codes};
    ASSERT_TRUE(write_labels(sample.job, codes, {}, sink).ok());
    EXPECT_GT(pieces, 100U);
    EXPECT_LT(largest, 200'000U);
}

TEST(LabelPdf, NamesTheSizesWhenALabelIsTooSmall)
{
    auto sample = a_label_job("a4-65", 1);
    sample.codes[0].url += std::string(200, 'x');
    auto const drawn = draw(sample);
    ASSERT_FALSE(drawn.ok());
    EXPECT_EQ(drawn.error().key, "label.too_small");
    ASSERT_EQ(drawn.error().values.size(), 3U);
    EXPECT_EQ(drawn.error().values[1], "0,3");
    sample.job.stock = *find_stock("a4-8"); // the same code on a larger label
    EXPECT_TRUE(draw(sample).ok());
}

} // namespace
} // namespace nguon::scanner
