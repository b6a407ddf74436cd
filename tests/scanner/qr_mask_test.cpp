#include "scanner/qr_mask.hpp"

#include "scanner/symbol_proof.hpp"

#include <gtest/gtest.h>
#include <zint.h>

#include <algorithm>
#include <cstdlib>
#include <random>

namespace nguon::scanner {
namespace {

/// A QR code as libzint draws it with a mask.
Modules with_mask(std::string const& text, EccLevel level, int mask)
{
    auto* symbol = ZBarcode_Create();
    symbol->symbology = BARCODE_QRCODE;
    symbol->option_1 = static_cast<int>(level) + 1;
    symbol->option_3 = (mask + 1) << 8;
    ZBarcode_Encode(symbol, reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
    Modules modules{symbol->width, symbol->rows, {}};
    for (int y = 0; y < symbol->rows; ++y)
        for (int x = 0; x < symbol->width; ++x)
            modules.cells.push_back((symbol->encoded_data[y][x / 8] >> (x % 8) & 1) != 0 ? 1 : 0);
    ZBarcode_Delete(symbol);
    return modules;
}

/// Runs and finder-like patterns of one row or column, module for module as ISO/IEC 18004 table 11 has them.
int line_penalty(std::string const& line)
{
    auto penalty = 0;
    for (std::size_t from = 0; from < line.size();) {
        auto const end = std::min(line.find_first_not_of(line[from], from), line.size());
        auto const length = static_cast<int>(end - from);
        if (length >= 5) penalty += 3 + length - 5;
        from = end;
    }
    for (auto const* pattern : {"10111010000", "00001011101"})
        for (auto at = line.find(pattern); at != std::string::npos; at = line.find(pattern, at + 1)) penalty += 40;
    return penalty;
}

int penalty_of(Modules const& modules)
{
    auto const side = modules.width;
    auto penalty = 0;
    auto dark = 0;
    for (int i = 0; i < side; ++i) {
        std::string row;
        std::string column;
        for (int k = 0; k < side; ++k) {
            row += modules.dark(k, i) ? '1' : '0';
            column += modules.dark(i, k) ? '1' : '0';
        }
        penalty += line_penalty(row) + line_penalty(column);
        dark += static_cast<int>(std::count(row.begin(), row.end(), '1'));
    }
    for (int y = 0; y + 1 < side; ++y)
        for (int x = 0; x + 1 < side; ++x) {
            auto const sum =
                modules.dark(x, y) + modules.dark(x + 1, y) + modules.dark(x, y + 1) + modules.dark(x + 1, y + 1);
            if (sum == 0 || sum == 4) penalty += 3;
        }
    return penalty + 10 * (std::abs(dark * 20 - side * side * 10) / (side * side));
}

TEST(QrMask, IsTheOneOfLeastPenaltyAmongTheEight)
{
    std::mt19937 chance{20261122};
    for (int i = 0; i < 120; ++i) {
        std::string text = "https://nguon.vn/";
        // Every fifth text fills a large version: with version information and many alignment patterns.
        for (auto count = 1 + chance() % (i % 5 == 0 ? 1200 : 90); count > 0; --count)
            text += "abcdefXYZ0123456789"[chance() % 19];
        auto const level = static_cast<EccLevel>(chance() % 4);
        auto ours = with_mask(text, level, 0);
        choose_qr_mask(ours, level);

        std::vector<Modules> all;
        for (int mask = 0; mask < 8; ++mask) all.push_back(with_mask(text, level, mask));
        auto const best = std::min_element(
            all.begin(), all.end(), [](Modules const& a, Modules const& b) { return penalty_of(a) < penalty_of(b); });
        ASSERT_EQ(ours, *best) << text;
        ASSERT_TRUE(prove_qr(ours, text).ok()) << text;
    }
}

} // namespace
} // namespace nguon::scanner
