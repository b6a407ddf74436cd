#include "scanner/symbol.hpp"

#include "scanner/symbol_file.hpp"
#include "tests/scanner/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace nguon::scanner {
namespace {

using namespace testing;
using std::string_literals::operator""s;

TEST(Symbol, IsTheSmallestVersionThatHoldsTheText)
{
    // ISO/IEC 18004 table 7, byte mode at level M: version 1 holds 14, version 2 holds 26.
    EXPECT_EQ(draw_qr(std::string(14, 'a'))->width, 21);
    EXPECT_EQ(draw_qr(std::string(15, 'a'))->width, 25);
    EXPECT_EQ(draw_qr(std::string(26, 'a'))->width, 25);
    EXPECT_EQ(draw_qr(std::string(27, 'a'))->width, 29);
    EXPECT_EQ(draw_qr("https://nguon.vn/01/08938501234568/21/AB7KCDEFGH12")->width, 33);
}

TEST(Symbol, HoldsLessAtHigherLevels)
{
    auto const text = "https://nguon.vn/01/08938501234568/21/AB7KCDEFGH12"s;
    auto const width = [&](EccLevel level) { return draw_qr(text, level)->width; };
    EXPECT_LT(width(EccLevel::low), width(EccLevel::medium));
    EXPECT_LT(width(EccLevel::medium), width(EccLevel::quartile));
    EXPECT_LT(width(EccLevel::quartile), width(EccLevel::high));
}

TEST(Symbol, RefusesNothingAndTooMuch)
{
    EXPECT_EQ(draw_qr("").error().key, "symbol.empty");
    EXPECT_TRUE(draw_qr(std::string(2331, 'a')).ok());
    EXPECT_EQ(draw_qr(std::string(2332, 'a')).error().key, "symbol.too_long");
    EXPECT_EQ(draw_qr(std::string(2331, 'a'), EccLevel::high).error().key, "symbol.too_long");
}

TEST(Symbol, KeepsVietnameseText)
{
    auto const modules = draw_qr("Chè Ô Long Bản Bo – hái tay");
    ASSERT_TRUE(modules.ok()) << modules.error().log_text;
    EXPECT_TRUE(prove_symbol(Symbology::qr, *modules, "Chè Ô Long Bản Bo – hái tay").ok());
}

TEST(Symbol, ProofRefusesAnotherText)
{
    auto const modules = *draw_qr("https://nguon.vn/t/AB7KCDEFGH12");
    auto const proof = prove_symbol(Symbology::qr, modules, "https://nguon.vn/t/AB7KCDEFGH13");
    ASSERT_FALSE(proof.ok());
    EXPECT_EQ(proof.error().key, "symbol.proof_failed");
    EXPECT_EQ(proof.error().code, ErrorCode::internal);
}

TEST(Symbol, ProofRefusesADamagedSymbol)
{
    auto modules = *draw_qr("https://nguon.vn/t/AB7KCDEFGH12");
    for (int y = 9; y < modules.height; ++y)
        for (int x = 9; x < modules.width; ++x) modules.cells[static_cast<std::size_t>(y * modules.width + x)] ^= 1;
    EXPECT_FALSE(prove_symbol(Symbology::qr, modules, "https://nguon.vn/t/AB7KCDEFGH12").ok());
}

TEST(Symbol, AForeignDecoderReadsEveryLevel)
{
    std::vector<Picture> pictures;
    std::vector<std::string> expected;
    for (auto const level : {EccLevel::low, EccLevel::medium, EccLevel::quartile, EccLevel::high})
        for (int length = 1; length < 200; length += 23) {
            expected.push_back("https://nguon.vn/" + std::string(static_cast<std::size_t>(length), 'x'));
            pictures.push_back(paint(*draw_qr(expected.back(), level), 4));
        }
    EXPECT_EQ(read_with_zbar(pictures), expected);
}

TEST(SymbolFile, SvgHasMillimetresAndQuietZone)
{
    auto const modules = *draw_qr("https://nguon.vn/t/AB7KCDEFGH12");
    auto const svg = *write_symbol_svg(modules, {.module_mm = 0.5, .quiet_zone = 4});
    auto const side = modules.width + 8;
    EXPECT_NE(svg.find("width=\"" + std::to_string(side / 2) + (side % 2 == 1 ? ".500mm" : ".000mm")),
              std::string::npos)
        << svg;
    EXPECT_NE(svg.find("viewBox=\"0 0 " + std::to_string(side)), std::string::npos);
    EXPECT_NE(svg.find("M4 4h7v1h-7z"), std::string::npos); // the first row of the upper left finder
}

TEST(SymbolFile, PngAndPdfAreReadByAForeignDecoder)
{
    auto const text = "https://nguon.vn/01/08938501234568/21/AB7KCDEFGH12"s;
    auto const modules = *draw_qr(text);
    auto const png = read_picture(*write_symbol_png(modules, {.module_mm = 0.4}), Colors::grey);
    ASSERT_TRUE(png.ok());
    EXPECT_EQ(png->width, (33 + 8) * 9); // 0.4 mm are 9 dots of 600 dpi
    auto pages = rasterize(*write_symbol_pdf(modules, {.module_mm = 0.4}, from_micros(0)), 300);
    ASSERT_EQ(pages.size(), 1U);
    EXPECT_NEAR(pages[0].width, (33 + 8) * 0.4 / 25.4 * 300, 1.5);
    EXPECT_EQ(read_with_zbar({*png, pages[0]}), (std::vector{text, text}));
}

TEST(SymbolFile, RefusesAbsurdModuleSizes)
{
    auto const modules = *draw_qr("x");
    for (auto const mm : {0.0, 0.0999, 20.001, -1.0, std::nan("")}) {
        EXPECT_EQ(write_symbol_svg(modules, {.module_mm = mm}).error().key, "symbol.module_size");
        EXPECT_EQ(write_symbol_png(modules, {.module_mm = mm}).error().key, "symbol.module_size");
        EXPECT_EQ(write_symbol_pdf(modules, {.module_mm = mm}, {}).error().key, "symbol.module_size");
    }
    EXPECT_TRUE(write_symbol_svg(modules, {.module_mm = 0.1}).ok());
}

TEST(SymbolFile, PdfIsTheSameForTheSameTime)
{
    auto const modules = *draw_qr("https://nguon.vn/t/AB7KCDEFGH12");
    auto const once = *write_symbol_pdf(modules, {}, from_micros(1'795'000'000'000'000));
    EXPECT_EQ(once, *write_symbol_pdf(modules, {}, from_micros(1'795'000'000'000'000)));
}

} // namespace
} // namespace nguon::scanner
