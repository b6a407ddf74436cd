#include "scanner/calibration.hpp"

#include "tests/scanner/support.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace nguon::scanner {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A printer that prints a little wrong: where a place of the page comes out on paper.
struct CrookedPrinter {
    double scale = 1;
    double offset = 0;

    double on_paper(double page, double profile_scale, double profile_offset) const
    {
        return scale * (profile_scale * page + profile_offset) + offset;
    }
};

TEST(Calibration, MendsWhatThePrinterDoesWrong)
{
    for (auto const* id : {"a4-65", "a5-10", "roll-50x30", "roll-35x22-3"}) {
        auto const& stock = *find_stock(id);
        auto const marks = calibration_marks(stock);
        auto const origin = stock.is_roll() ? stock.margin_left : 0;
        CrookedPrinter const across{0.993, 1.7};
        CrookedPrinter const down{1.004, -0.8};
        PrinterProfile profile;
        for (int round = 0; round < 2; ++round) { // the second time with a profile that is nearly right
            auto const x = [&](double page) { return across.on_paper(page, profile.scale_x, profile.offset_x); };
            auto const y = [&](double page) { return down.on_paper(page, profile.scale_y, profile.offset_y); };
            CalibrationReading reading;
            reading.x = x(origin + marks.cross_x) - origin;
            reading.y = y(marks.cross_y);
            reading.ruler_x = x(marks.ruler_x) - x(0);
            reading.ruler_y = y(marks.ruler_y) - y(0);
            auto const mended = calibrate(stock, profile, reading);
            ASSERT_TRUE(mended.ok()) << id;
            profile = *mended;
            for (auto const page : {0.0, 50.0, 200.0}) {
                EXPECT_NEAR(x(page), page, 1e-9) << id;
                EXPECT_NEAR(y(page), page, 1e-9) << id;
            }
        }
    }
}

TEST(Calibration, TwoNumbersLeaveTheScale)
{
    PrinterProfile profile;
    profile.scale_x = 1.01;
    auto const mended = calibrate(*find_stock("a4-24"), profile, {21.5, 19.25, {}, {}});
    ASSERT_TRUE(mended.ok());
    EXPECT_DOUBLE_EQ(mended->scale_x, 1.01);
    EXPECT_DOUBLE_EQ(mended->scale_y, 1);
    EXPECT_NEAR(mended->offset_x, (20 - 21.5) * 1.01, 1e-9);
    EXPECT_NEAR(mended->offset_y, 0.75, 1e-9);
}

TEST(Calibration, RefusesReadingsThatNobodyReads)
{
    auto const& stock = *find_stock("a4-24");
    auto const refused = calibrate(stock, {}, {-1, 46, 134.0, std::nan("")});
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(keys(refused.error().fields),
                ElementsAre("/x calibration.reading", "/y calibration.reading", "/ruler_x calibration.reading",
                            "/ruler_y calibration.reading"));
    auto const beyond = calibrate(stock, {}, {44, 20, {}, {}});
    ASSERT_FALSE(beyond.ok());
    EXPECT_EQ(beyond.error().key, "calibration.beyond");
}

/// Where a thin line crosses a row or column of dots, in millimetres from the picture's edge.
double find_mark(Picture const& page, double at_mm, bool across, double expected, int dpi)
{
    auto const line = static_cast<int>(std::lround(at_mm / 25.4 * dpi));
    auto const around = expected / 25.4 * dpi;
    double sum = 0;
    auto count = 0;
    for (auto i = static_cast<int>(around) - 15; i < static_cast<int>(around) + 15; ++i)
        if ((across ? page.row(line)[i] : page.row(i)[line]) < 128) {
            sum += i + 0.5;
            ++count;
        }
    return count == 0 ? 0 : sum / count / dpi * 25.4;
}

TEST(Calibration, TheCrossStandsWhereTheExplanationSays)
{
    for (auto const* id : {"a4-24", "a5-10"}) {
        auto const& stock = *find_stock(id);
        auto const page = rasterize(*draw_calibration(stock, {}, {}), 600).at(0);
        EXPECT_NEAR(find_mark(page, 17.5, true, 20, 600), 20, 0.05);  // above the cross's middle: its upright arm
        EXPECT_NEAR(find_mark(page, 17.5, false, 20, 600), 20, 0.05); // left of it
    }
    LabelOutput output;
    output.printer.offset_x = 1;
    output.printer.scale_y = 1.01;
    auto const page = rasterize(*draw_calibration(*find_stock("a4-24"), output, {}), 600).at(0);
    EXPECT_NEAR(find_mark(page, 17.7, true, 21, 600), 21, 0.05);
    EXPECT_NEAR(find_mark(page, 18.5, false, 20.2, 600), 20.2, 0.05);
}

TEST(Calibration, ExplainsItselfInVietnamese)
{
    nguon::testing::TempDir const dir;
    write_file(dir.path() / "in.pdf", *draw_calibration(*find_stock("a4-65"), {}, {}));
    auto const text = run_tool(fmt::format("pdftotext {}/in.pdf -", dir.path().string())).output;
    EXPECT_THAT(text, HasSubstr("Tờ căn chỉnh máy in"));
    EXPECT_THAT(text, HasSubstr("Đúng ra là 20 mm"));
}

TEST(Calibration, ComesAsABitmapForLabelPrinters)
{
    for (auto const& stock : stocks()) {
        if (!stock.is_roll()) continue;
        LabelOutput output;
        output.format = LabelFormat::tspl;
        auto const rows = read_tspl(*draw_calibration(stock, output, {}));
        ASSERT_EQ(rows.size(), 1U);
        auto const marks = calibration_marks(stock);
        auto const x = static_cast<int>(std::lround((stock.margin_left + marks.cross_x) / 25.4 * 203));
        auto const y = static_cast<int>(std::lround(marks.cross_y / 25.4 * 203));
        EXPECT_TRUE(rows[0].bitmap.dark(x, y) || rows[0].bitmap.dark(x - 1, y - 1)) << stock.id;
    }
    LabelOutput output;
    output.format = LabelFormat::zpl;
    EXPECT_EQ(draw_calibration(*find_stock("a4-24"), output, {}).error().key, "label.format_needs_roll");
}

} // namespace
} // namespace nguon::scanner
