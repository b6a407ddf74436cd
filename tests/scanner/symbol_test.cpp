#include "scanner/symbol.hpp"

#include "scanner/symbol_proof.hpp"
#include "tests/scanner/support.hpp"

#include <gtest/gtest.h>

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <zint.h>

#include <random>

namespace nguon::scanner {
namespace {

using namespace testing;

TEST(Symbol, IsTheSmallestVersionThatHoldsTheText)
{
    // ISO/IEC 18004 table 7, byte mode at level M: version 1 holds 14, version 2 holds 26.
    EXPECT_EQ(draw_qr(std::string(14, 'a'))->width, 21);
    EXPECT_EQ(draw_qr(std::string(15, 'a'))->width, 25);
    EXPECT_EQ(draw_qr(std::string(26, 'a'))->width, 25);
    EXPECT_EQ(draw_qr(std::string(27, 'a'))->width, 29);
    // Digits within an address stand in numeric mode: one version less than in byte mode alone.
    EXPECT_EQ(draw_qr("https://nguon.vn/01/08938501234568/21/AB7KCDEFGH12")->width, 29);
}

TEST(Symbol, HoldsLessAtHigherLevels)
{
    std::string const text(50, 'a');
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
    EXPECT_TRUE(prove_qr(*modules, "Chè Ô Long Bản Bo – hái tay").ok());
}

TEST(Symbol, ProofRefusesAnotherText)
{
    auto const modules = *draw_qr("https://nguon.vn/t/AB7KCDEFGH12");
    auto const proof = prove_qr(modules, "https://nguon.vn/t/AB7KCDEFGH13");
    ASSERT_FALSE(proof.ok());
    EXPECT_EQ(proof.error().key, "symbol.proof_failed");
    EXPECT_EQ(proof.error().code, ErrorCode::internal);
}

TEST(Symbol, ProofRefusesADamagedSymbol)
{
    auto modules = *draw_qr("https://nguon.vn/t/AB7KCDEFGH12");
    for (int y = 9; y < modules.height; ++y)
        for (int x = 9; x < modules.width; ++x) modules.cells[static_cast<std::size_t>(y * modules.width + x)] ^= 1;
    EXPECT_FALSE(prove_qr(modules, "https://nguon.vn/t/AB7KCDEFGH12").ok());
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

/// Pieces of several kinds of characters, as addresses and codes mix them.
std::string a_mixed_text(std::mt19937& chance)
{
    static constexpr std::string_view sets[] = {"0123456789", "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789 $%*+-./:",
                                                "abcdefghijklmnopqrstuvwxyz0123456789", "https://nguon.vn/01/t/21/"};
    std::string text;
    auto const length = 1 + chance() % 150;
    while (text.size() < length) {
        auto const set = sets[chance() % std::size(sets)];
        for (auto count = 1 + chance() % 20; count > 0; --count) text += set[chance() % set.size()];
    }
    return text;
}

/// The side of zint's own symbol with nothing of ours set but the level.
int zint_side(std::string const& text, EccLevel level)
{
    auto* symbol = ZBarcode_Create();
    symbol->symbology = BARCODE_QRCODE;
    symbol->option_1 = static_cast<int>(level) + 1;
    auto const* const bytes = reinterpret_cast<unsigned char const*>(text.data());
    auto const drawn = ZBarcode_Encode(symbol, bytes, static_cast<int>(text.size())) < ZINT_ERROR;
    auto const side = drawn ? symbol->width : 0;
    ZBarcode_Delete(symbol);
    return side;
}

int zxing_side(std::string const& text)
{
    ZXing::MultiFormatWriter writer{ZXing::BarcodeFormat::QRCode};
    writer.setMargin(0).setEccLevel(4);
    return writer.encode(text, 0, 0).width();
}

TEST(Symbol, IsNeverLargerThanAnotherLibrarys)
{
    std::mt19937 chance{20261122};
    auto smaller_than_zxing = 0;
    for (int i = 0; i < 400; ++i) {
        auto const text = a_mixed_text(chance);
        auto const side = encode_qr(text, EccLevel::medium)->width;
        EXPECT_LE(side, zint_side(text, EccLevel::medium)) << text;
        auto const other = zxing_side(text);
        EXPECT_LE(side, other) << text;
        if (side < other) ++smaller_than_zxing;
    }
    EXPECT_GT(smaller_than_zxing, 100);
}

} // namespace
} // namespace nguon::scanner
