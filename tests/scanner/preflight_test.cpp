#include "scanner/preflight.hpp"

#include "core/limits.hpp"
#include "scanner/label_layout.hpp"
#include "tests/scanner/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace nguon::scanner {
namespace {

using namespace testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Preflight, SaysWhatWillBePrinted)
{
    auto sample = a_label_job("a4-65", 70);
    sample.job.start = 62;
    auto const checked = check(sample);
    EXPECT_TRUE(checked.ok());
    EXPECT_EQ(checked.labels, 70);
    EXPECT_EQ(checked.sheets, 3); // 4 + 65 + 1
    EXPECT_EQ(checked.symbol_modules, 37 - 4);
    EXPECT_GT(checked.module_mm, module_mm_retail);
    EXPECT_TRUE(checked.warnings.empty()) << checked.warnings[0].key;
}

TEST(Preflight, ReportsEveryFaultWithItsPlace)
{
    LabelSample sample;
    sample.job.stock = *find_stock("a4-65");
    sample.job.stock.columns = 6;
    EXPECT_THAT(keys(check(sample).faults), ::testing::ElementsAre("/stock/pitch_x stock.off_page"));
    sample.job.stock.columns = 5;
    sample.job.copies = 0;
    sample.job.made_on = Date{std::chrono::year{2026}, std::chrono::month{2}, std::chrono::day{2}};
    sample.job.use_by = Date{std::chrono::year{2026}, std::chrono::month{2}, std::chrono::day{1}};
    sample.codes = {{"", "SHORT"}, {"https://x.vn/\n", "ABCDEFGHJKMN"}};
    EXPECT_THAT(keys(check(sample).faults),
                ::testing::UnorderedElementsAre(
                    "/copies label.copies", "/productName label.name_missing", "/lot label.lot_missing",
                    "/useBy label.dates_order", "/codes/0/url label.url_missing",
                    "/codes/0/printedCode label.printed_code", "/codes/1/url label.control_characters"));
    auto const drawn = draw(sample);
    ASSERT_FALSE(drawn.ok());
    EXPECT_EQ(drawn.error().fields.size(), 7U);
}

TEST(Preflight, KeepsStartAndCountWithinTheirLimits)
{
    auto sample = a_label_job("a4-24", 1);
    auto const ok = [&] { return check(sample).ok(); };
    for (auto const& [start, good] : {std::pair{0, false}, {1, true}, {24, true}, {25, false}}) {
        sample.job.start = start;
        EXPECT_EQ(ok(), good) << start;
    }
    sample.job.start = 1;
    auto const most = static_cast<int>(limits::labels_per_job_max);
    for (auto const& [copies, good] : {std::pair{most - 1, true}, {most, true}, {most + 1, false}}) {
        sample.job.copies = copies;
        EXPECT_EQ(ok(), good) << copies;
    }
    sample.job.copies = 1;
    sample.codes.clear();
    EXPECT_THAT(keys(check(sample).faults), ::testing::ElementsAre("/codes label.none"));
}

TEST(Preflight, WarnsOfWhatWillBeLeftOut)
{
    auto sample = a_label_job("a4-65", 1);
    sample.job.product_name =
        "Chè Ô Long Bản Bo hái tay thượng hạng vụ xuân của hợp tác xã, sao suốt, đóng túi hút chân không";
    sample.job.organization = "Hợp tác xã dịch vụ nông nghiệp và du lịch cộng đồng Bản Bo, huyện Tam Đường";
    sample.job.made_on.reset();
    sample.job.use_by.reset();
    sample.codes[0].url = "http://nguon.laichau.gov.vn/01/08938501234568/10/BB-2026-11-07/21/AB7KCDEFGH12";
    auto const checked = check(sample);
    EXPECT_TRUE(checked.ok());
    EXPECT_THAT(keys(checked.warnings), ::testing::UnorderedElementsAre(
                                            "/madeOn label.made_on_missing", "/useBy label.use_by_missing",
                                            "/codes label.url_insecure", "/productName label.name_shortened",
                                            "/organization label.organization_left_out", "/stock label.module_small"));
}

TEST(Preflight, RefusesALotThatDoesNotFit)
{
    auto sample = a_label_job("a4-65", 1);
    sample.job.lot = "ABCDEFGHIJ0123456789"; // 20 characters, as long as GS1 allows: must fit on the smallest label
    EXPECT_TRUE(check(sample).ok());
    sample.job.lot = std::string(60, 'W');
    EXPECT_THAT(keys(check(sample).faults), ::testing::ElementsAre("/lot label.lot_overflow"));
}

TEST(Preflight, RefusesTextThatIsNotUtf8)
{
    auto sample = a_label_job("a4-65", 1);
    sample.job.product_name = "Ch\xE8";
    EXPECT_THAT(keys(check(sample).faults), ::testing::ElementsAre("/productName label.control_characters"));
}

TEST(Preflight, CountsWholeDotsOnAPrinter)
{
    auto const sample = a_label_job("roll-50x30", 1);
    LabelOutput output;
    output.format = LabelFormat::zpl;
    for (auto const& [dpi, dots] : {std::pair{203, 4}, {300, 7}, {600, 14}}) {
        output.printer.dpi = dpi;
        auto const checked = check(sample, output);
        EXPECT_TRUE(checked.ok());
        EXPECT_EQ(checked.module_dots, dots) << dpi;
        EXPECT_NEAR(checked.module_mm, dots * 25.4 / dpi, 1e-9);
    }
    EXPECT_EQ(check(sample).module_dots, 0);
}

TEST(Preflight, RefusesModulesThatThePrintersDotsMakeTooSmall)
{
    // 0.35 mm as vectors, but two dots of 0.125 mm.
    auto sample = a_label_job("roll-30x20", 1);
    sample.codes[0].url += "/abcdefghijklmnop";
    EXPECT_THAT(keys(check(sample).faults), IsEmpty());
    LabelOutput output;
    output.format = LabelFormat::epl;
    EXPECT_THAT(keys(check(sample, output).faults), ElementsAre("/stock label.too_small"));
    output.printer.dpi = 300;
    EXPECT_THAT(keys(check(sample, output).faults), IsEmpty());
}

TEST(Preflight, KnowsWhereOffsetAndScaleMoveLabels)
{
    auto const sample = a_label_job("a4-65", 1);
    LabelOutput output;
    output.printer.offset_x = 4;
    EXPECT_THAT(keys(check(sample, output).warnings), ElementsAre("/printer label.unprintable_margin"));
    output.printer.offset_x = -6;
    EXPECT_THAT(keys(check(sample, output).faults), ElementsAre("/printer label.off_page"));
    output.printer = {};
    output.printer.scale_x = 1.05;
    EXPECT_THAT(keys(check(sample, output).faults), ElementsAre("/printer label.off_page"));
    output.printer.scale_x = 1.005;
    EXPECT_THAT(keys(check(sample, output).faults), IsEmpty());

    output.printer = {};
    output.format = LabelFormat::tspl;
    auto const on_roll = a_label_job("roll-40x30", 1);
    output.printer.offset_y = -0.4;
    EXPECT_THAT(keys(check(on_roll, output).faults), IsEmpty());
    output.printer.offset_y = -0.7;
    EXPECT_THAT(keys(check(on_roll, output).faults), ElementsAre("/printer label.off_page"));
}

TEST(Preflight, RefusesPrintersThatThereAreNot)
{
    LabelOutput output;
    output.printer.offset_x = 21;
    output.printer.offset_y = std::numeric_limits<double>::quiet_NaN();
    output.printer.scale_x = 0.9;
    output.printer.scale_y = 1.06;
    output.printer.dpi = 204;
    output.printer.darkness = 16;
    output.printer.speed = 0;
    EXPECT_THAT(keys(check(a_label_job("a4-65", 1), output).faults),
                ElementsAre("/printer/offset_x printer.range", "/printer/offset_y printer.range",
                            "/printer/scale_x printer.range", "/printer/scale_y printer.range",
                            "/printer/dpi printer.dpi", "/printer/darkness printer.range",
                            "/printer/speed printer.range"));
}

TEST(Preflight, SaysWhatTheCallerKnows)
{
    auto const sample = a_label_job("a4-65", 1);
    PreflightFacts facts;
    facts.today = Date{std::chrono::year{2028}, std::chrono::month{11}, std::chrono::day{6}};
    facts.host_reachable = true;
    EXPECT_THAT(keys(check(sample, {}, facts).warnings), IsEmpty());
    facts.today = Date{std::chrono::year{2028}, std::chrono::month{11}, std::chrono::day{7}};
    facts.host_reachable = false;
    facts.expired_certificates = {"VietGAP 12", "OCOP 3 sao"};
    facts.codes_inactive = 7;
    auto const checked = check(sample, {}, facts);
    EXPECT_TRUE(checked.ok());
    EXPECT_THAT(keys(checked.warnings),
                ElementsAre("/useBy label.use_by_past", "/codes label.codes_inactive", "/codes label.host_unreachable",
                            "/certificates label.certificate_expired"));
    EXPECT_EQ(checked.warnings[3].values, std::vector<std::string>{"VietGAP 12, OCOP 3 sao"});
    facts.codes_void = 2;
    EXPECT_THAT(keys(check(sample, {}, facts).faults), ElementsAre("/codes label.codes_void"));
}

TEST(Preflight, FindsWrongCheckDigits)
{
    auto sample = a_label_job("a4-8", 1);
    sample.job.gtin = "8938501234567";
    EXPECT_THAT(keys(check(sample).faults), ElementsAre("/gtin gtin.check_digit"));
    sample.job.gtin.clear();
    EXPECT_THAT(keys(check(sample).faults), IsEmpty());
    sample.job.design = LabelDesign::qr_ean13;
    EXPECT_THAT(keys(check(sample).faults), ElementsAre("/gtin label.gtin_missing"));
    sample = a_label_job("a4-8", 1);
    sample.codes[0].url = "https://nguon.laichau.gov.vn/01/08938501234567/21/AB7K00000000";
    EXPECT_THAT(keys(check(sample).faults), ElementsAre("/codes/0/url label.url_check_digit"));
}

TEST(Preflight, SaysWhereThereIsNoRoomForABarcode)
{
    auto sample = a_label_job("a4-65", 1);
    sample.job.design = LabelDesign::qr_ean13;
    EXPECT_THAT(keys(check(sample).faults), Contains("/stock label.ean_no_room"));
    sample.job.stock = *find_stock("a4-8");
    EXPECT_THAT(keys(check(sample).faults), IsEmpty());
}

TEST(Preflight, OffersPrinterLanguagesForRollsOnly)
{
    LabelOutput output;
    output.format = LabelFormat::zpl;
    EXPECT_THAT(keys(check(a_label_job("a4-65", 1), output).faults), ElementsAre("/stock label.format_needs_roll"));
    output.one_label = true; // of a sheet, to try
    EXPECT_THAT(keys(check(a_label_job("a4-65", 1), output).faults), IsEmpty());
}

TEST(Preflight, KeepsSheetsOfAPictureWithinTheJob)
{
    auto const sample = a_label_job("a4-65", 66);
    LabelOutput output;
    output.format = LabelFormat::svg;
    for (auto const& [sheet, good] : {std::pair{0, false}, {1, true}, {2, true}, {3, false}}) {
        output.sheet = sheet;
        EXPECT_EQ(check(sample, output).ok(), good) << sheet;
    }
}

} // namespace
} // namespace nguon::scanner
