#include "scanner/stock.hpp"

#include "tests/scanner/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace nguon::scanner {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Stock, FindsByIdAndFitsItsPage)
{
    EXPECT_EQ(find_stock("a4-65")->labels_per_sheet(), 65);
    EXPECT_EQ(find_stock("a4-24")->labels_per_sheet(), 24);
    EXPECT_EQ(find_stock("letter"), nullptr);
    for (auto const& stock : stocks()) {
        EXPECT_EQ(find_stock(stock.id), &stock);
        EXPECT_THAT(keys(stock_faults(stock)), IsEmpty()) << stock.id;
        // The ruler stands in the margin below the last row.
        auto const last = stock.label_top(stock.labels_per_sheet() - 1) + stock.label_height;
        EXPECT_TRUE(stock.is_roll() || stock.page_height - last >= 10.0) << stock.id;
    }
}

/// A job that every stock has room for: the short address of a printed code.
LabelSample small_job(Stock const& stock)
{
    auto sample = a_label_job("a4-65", stock.labels_per_sheet());
    sample.job.stock = stock;
    for (auto& code : sample.codes) code.url = "https://nguon.laichau.gov.vn/t/" + code.printed_code;
    return sample;
}

TEST(Stock, EveryOneCanBePrintedOnAtEveryResolution)
{
    for (auto const& stock : stocks())
        for (auto const dpi : printer_resolutions())
            for (auto const design : {LabelDesign::qr, LabelDesign::datamatrix}) {
                auto sample = small_job(stock);
                sample.job.design = design;
                LabelOutput output;
                output.printer.dpi = dpi;
                output.format = stock.is_roll() ? LabelFormat::zpl : LabelFormat::pdf;
                auto const checked = check(sample, output);
                EXPECT_THAT(keys(checked.faults), IsEmpty()) << stock.id << ' ' << dpi << ' ' << to_name(design);
            }
}

TEST(Stock, MeasuredGridsAreCheckedNumberByNumber)
{
    auto const measured = *find_stock("a4-24");
    struct Case {
        char const* fault;
        void (*spoil)(Stock&);
    };
    constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
    for (auto const& [fault, spoil] :
         {Case{"/page_width stock.range", [](Stock& s) { s.page_width = 501; }},
          {"/page_height stock.range", [](Stock& s) { s.page_height = nan; }},
          {"/columns stock.range", [](Stock& s) { s.columns = 0; }},
          {"/rows stock.range", [](Stock& s) { s.rows = 61; }},
          {"/label_width stock.range", [](Stock& s) { s.label_width = 9.9; }},
          {"/label_height stock.range", [](Stock& s) { s.label_height = -1; }},
          {"/margin_left stock.range", [](Stock& s) { s.margin_left = -0.1; }},
          {"/margin_top stock.range", [](Stock& s) { s.margin_top = -1; }},
          {"/corner_radius stock.range", [](Stock& s) { s.corner_radius = -1; }},
          {"/edge_x stock.range", [](Stock& s) { s.edge_x = 11; }},
          {"/pitch_x stock.overlap", [](Stock& s) { s.pitch_x = 63.4; }},
          {"/pitch_y stock.overlap", [](Stock& s) { s.pitch_y = 33.8; }},
          {"/pitch_x stock.off_page", [](Stock& s) { s.margin_left = 14.6; }},
          {"/pitch_y stock.off_page", [](Stock& s) { s.rows = 9; }},
          {"/label_height stock.round", [](Stock& s) { s.outline = LabelOutline::round; }}}) {
        auto stock = measured;
        spoil(stock);
        EXPECT_THAT(keys(stock_faults(stock)), ElementsAre(fault));
    }
}

TEST(Stock, GridsAtTheirLimitsAreGood)
{
    Stock stock;
    stock.page_width = 20;
    stock.page_height = 10;
    stock.label_width = 20;
    stock.label_height = 10;
    EXPECT_THAT(keys(stock_faults(stock)), IsEmpty()); // one label that fills its page
    stock.columns = 2;
    stock.label_width = 10;
    stock.pitch_x = 10;
    EXPECT_THAT(keys(stock_faults(stock)), IsEmpty()); // labels that touch
    stock.pitch_x = 10.1;
    EXPECT_THAT(keys(stock_faults(stock)), ElementsAre("/pitch_x stock.off_page"));
}

TEST(Stock, RollsHaveOneRowAndMayBeWiderThanTheHead)
{
    auto stock = *find_stock("roll-35x22-3");
    EXPECT_LT(stock.margin_left, 0);
    stock.rows = 2;
    EXPECT_THAT(keys(stock_faults(stock)), ElementsAre("/rows stock.range"));
    stock.rows = 1;
    stock.edge_x = 1; // ink where the head does not reach
    EXPECT_THAT(keys(stock_faults(stock)), ElementsAre("/margin_left stock.range"));
}

} // namespace
} // namespace nguon::scanner
