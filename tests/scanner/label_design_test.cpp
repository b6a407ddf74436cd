#include "scanner/label_design.hpp"
#include "scanner/label_layout.hpp"
#include "scanner/preflight.hpp"
#include "tests/scanner/support.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nguon::scanner {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A small name, a large lot, the date goods are good until, and a line of the firm's own.
OwnDesign a_design()
{
    return {LabelDesign::qr,
            {{LabelField::lot, LineSize::large},
             {LabelField::name, LineSize::small},
             {LabelField::use_by, LineSize::normal},
             {LabelField::text, LineSize::small}},
            "Bảo quản nơi khô mát"};
}

LabelSample drawn_up(std::string const& stock, int count, OwnDesign const& design = a_design())
{
    auto sample = a_label_job(stock, count);
    if (sample.job.stock.wants_short_link())
        for (auto& code : sample.codes) code.url = "https://nguon.laichau.gov.vn/t/" + code.printed_code;
    sample.job.use(design);
    return sample;
}

Preflight checked(LabelSample const& sample)
{
    ListedCodes codes{sample.codes};
    return preflight(sample.job, codes);
}

std::vector<std::string> keys_of(std::vector<FieldError> const& faults)
{
    std::vector<std::string> out;
    for (auto const& fault : faults) out.push_back(fault.pointer + " " + fault.key);
    return out;
}

TEST(OwnDesign, IsPrintedInItsOrderAndNothingElse)
{
    nguon::testing::TempDir const dir;
    write_file(dir.path() / "in.pdf", draw(drawn_up("a4-8", 1)).value_or(""));
    auto const text = run_tool(fmt::format("pdftotext -layout {}/in.pdf -", dir.path().string())).output;
    auto const lot = text.find("Lô BB-2026-11-07");
    auto const name = text.find("Chè Ô Long");
    auto const own = text.find("Bảo quản nơi khô mát");
    EXPECT_LT(lot, name) << text;
    EXPECT_LT(name, own) << text;
    EXPECT_THAT(text, HasSubstr("HSD"));
    EXPECT_THAT(text, Not(HasSubstr("NSX")));
    EXPECT_THAT(text, Not(HasSubstr("HTX Chè Bản Bo")));
}

TEST(OwnDesign, IsReadFromEveryPrinterAt203Dpi)
{
    for (auto const* const stock : {"a4-65", "a4-24", "a4-8", "a4-24-round"}) {
        auto design = a_design();
        if (std::string_view{stock} == "a4-65") design.lines.resize(3), design.text.clear();
        auto const& grid = *find_stock(stock);
        auto const sample = drawn_up(stock, grid.labels_per_sheet(), design);
        ASSERT_THAT(keys_of(checked(sample).faults), IsEmpty()) << stock;
        auto const pages = rasterize(draw(sample).value_or(""), 203);
        ASSERT_EQ(pages.size(), 1U);
        std::vector<Picture> labels;
        std::vector<std::string> expected;
        for (int place = 0; place < grid.labels_per_sheet(); ++place) {
            labels.push_back(label_of(pages[0], grid, place, 203));
            expected.push_back(sample.codes[static_cast<std::size_t>(place)].url);
        }
        EXPECT_EQ(read_with_zbar(labels), expected) << stock;
    }
}

TEST(OwnDesign, MakesRoomBesideASymbolThatIsLargerThanNeeded)
{
    auto const sample = drawn_up("a4-24", 1);
    ListedCodes codes{sample.codes};
    auto const needs = label_needs(sample.job, codes);
    ASSERT_TRUE(needs.ok());
    SurfaceOwner const surface{cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)};
    ContextOwner const context{cairo_create(surface.get())};
    TextSetter setter{context.get()};
    auto usual = sample.job;
    usual.lines.clear();
    auto many = sample.job;
    many.lines = {{LabelField::lot, LineSize::large},
                  {LabelField::name, LineSize::large},
                  {LabelField::use_by, LineSize::large},
                  {LabelField::text, LineSize::large}};
    auto const largest = lay_out(usual, *needs, {}, setter).module_mm;
    auto smallest = largest;
    for (many.own_text = "Khô"; many.own_text.size() < 200; many.own_text += " mát") {
        auto const layout = lay_out(many, *needs, {}, setter);
        if (!layout.texts_fit()) break;
        smallest = std::min(smallest, layout.module_mm);
    }
    EXPECT_LT(smallest, largest);
    EXPECT_GE(smallest, module_mm_retail - 1e-9);
}

TEST(OwnDesign, IsRefusedWithTheLineThatHasNoRoom)
{
    auto design = a_design();
    design.text = std::string(110, 'W');
    for (auto const* const stock : {"a4-65", "roll-50x30", "a4-24-round"}) {
        auto const result = checked(drawn_up(stock, 1, design));
        ASSERT_FALSE(result.ok()) << stock;
        auto const& fault = result.faults.back();
        EXPECT_EQ(fault.key, "label.line_overflow") << stock;
        EXPECT_THAT(fault.values, ElementsAre(design.text));
    }
}

TEST(OwnDesign, LeavesOutADateThatNobodyGaveAndSaysSoOnlyWhereItIsShown)
{
    auto sample = drawn_up("a4-24", 1);
    sample.job.use_by.reset();
    sample.job.made_on.reset();
    auto const result = checked(sample);
    EXPECT_TRUE(result.ok());
    auto const warnings = keys_of(result.warnings);
    EXPECT_THAT(warnings, ::testing::Contains("/useBy label.use_by_missing"));
    EXPECT_THAT(warnings, Not(::testing::Contains("/madeOn label.made_on_missing")));
}

TEST(OwnDesign, SaysEveryFaultOfItself)
{
    EXPECT_THAT(keys_of(design_faults({})), ElementsAre("/lines label_design.empty"));
    EXPECT_THAT(design_faults(a_design()), IsEmpty());
    OwnDesign twice{LabelDesign::qr, {{LabelField::lot}, {LabelField::text}, {LabelField::lot}}, {}};
    EXPECT_THAT(keys_of(design_faults(twice)),
                ElementsAre("/lines/2/field label_design.twice", "/text label_design.text_missing"));
    OwnDesign unused{LabelDesign::qr, {{LabelField::lot}}, "Chữ"};
    EXPECT_THAT(keys_of(design_faults(unused)), ElementsAre("/text label_design.text_unused"));
}

} // namespace
} // namespace nguon::scanner
