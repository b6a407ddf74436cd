#include "scanner/zint_writer.hpp"

#include "scanner/qr_mask.hpp"

#include <zint.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace nguon::scanner {

namespace {

struct ZintRelease {
    void operator()(zint_symbol* symbol) const { ZBarcode_Delete(symbol); }
};
using ZintOwner = std::unique_ptr<zint_symbol, ZintRelease>;

constexpr int utf8_eci = 26;
constexpr int mask_zero = 1 << 8;   // of a QR code
constexpr int rectangle_first = 25; // 8 × 18; 30 is 16 × 48 (ISO/IEC 16022 table 7)
constexpr int rectangle_last = 30;

bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

int zint_kind(Symbology symbology)
{
    switch (symbology) {
    case Symbology::gs1_qr:
        return BARCODE_QRCODE;
    case Symbology::datamatrix:
    case Symbology::gs1_datamatrix:
    case Symbology::gs1_datamatrix_rect:
        return BARCODE_DATAMATRIX;
    case Symbology::databar_omni:
        return BARCODE_DBAR_OMN;
    case Symbology::databar_stacked:
        return BARCODE_DBAR_STK;
    case Symbology::databar_stacked_omni:
        return BARCODE_DBAR_OMNSTK;
    case Symbology::databar_limited:
        return BARCODE_DBAR_LTD;
    case Symbology::databar_expanded:
        return BARCODE_DBAR_EXP;
    case Symbology::databar_expanded_stacked:
        return BARCODE_DBAR_EXPSTK;
    default:
        return BARCODE_QRCODE;
    }
}

/// In square brackets, which no GS1 value can contain.
std::string bracketed(std::vector<gs1::AiValue> const& elements)
{
    std::string text;
    for (auto const& element : elements) text += "[" + element.ai + "]" + element.value;
    return text;
}

/// What the library is given: it computes a GTIN's check digit itself.
std::string input_of(SymbolData const& data)
{
    switch (info(data.symbology).content) {
    case Content::elements:
        return bracketed(data.elements);
    case Content::gtin:
        return data.text.substr(0, data.text.size() - 1);
    case Content::text:
        break;
    }
    return data.text;
}

ZintOwner prepare(SymbolData const& data, EccLevel level)
{
    ZintOwner symbol{ZBarcode_Create()};
    if (!symbol) return symbol;
    symbol->symbology = zint_kind(data.symbology);
    symbol->show_hrt = 0;
    auto const content = info(data.symbology).content;
    symbol->input_mode = content == Content::elements ? GS1_MODE | GS1NOCHECK_MODE : UNICODE_MODE;
    if (content == Content::text && !is_ascii(data.text)) symbol->eci = utf8_eci;
    if (symbol->symbology == BARCODE_QRCODE) {
        symbol->option_1 = static_cast<int>(level) + 1;
        symbol->option_3 = mask_zero;
    }
    if (symbol->symbology == BARCODE_DATAMATRIX) symbol->option_3 = DM_SQUARE;
    return symbol;
}

int encode(zint_symbol& symbol, std::string const& input)
{
    return ZBarcode_Encode(&symbol, reinterpret_cast<unsigned char const*>(input.data()),
                           static_cast<int>(input.size()));
}

/// The smallest of the six rectangles.
int encode_rectangle(zint_symbol& symbol, std::string const& input)
{
    auto outcome = 0;
    symbol.option_3 = 0;
    for (int size = rectangle_first; size <= rectangle_last; ++size) {
        ZBarcode_Clear(&symbol);
        symbol.option_2 = size;
        outcome = encode(symbol, input);
        if (outcome != ZINT_ERROR_TOO_LONG) break;
    }
    return outcome;
}

DrawnSymbol to_drawn(zint_symbol const& symbol, Shape shape)
{
    DrawnSymbol drawn{{symbol.width, symbol.rows, {}}, {}};
    drawn.modules.cells.reserve(static_cast<std::size_t>(symbol.width * symbol.rows));
    for (int y = 0; y < symbol.rows; ++y)
        for (int x = 0; x < symbol.width; ++x)
            drawn.modules.cells.push_back((symbol.encoded_data[y][x / 8] >> (x % 8) & 1) != 0 ? 1 : 0);
    if (shape == Shape::matrix) return drawn;
    // A row without a height of its own takes what the symbol's height leaves.
    for (int y = 0; y < symbol.rows; ++y)
        drawn.row_heights.push_back(static_cast<int>(std::lround(symbol.row_height[y])));
    return drawn;
}

} // namespace

Result<DrawnSymbol> draw_with_zint(SymbolData const& data, EccLevel level)
{
    auto const symbol = prepare(data, level);
    if (!symbol) return internal("no memory for a symbol");
    auto const input = input_of(data);
    auto const outcome =
        data.symbology == Symbology::gs1_datamatrix_rect ? encode_rectangle(*symbol, input) : encode(*symbol, input);
    std::string const name{to_name(data.symbology)};
    if (outcome == ZINT_ERROR_TOO_LONG) return invalid("symbol.too_long", {name});
    if (outcome == ZINT_ERROR_INVALID_DATA) return invalid("symbol.characters", {name});
    if (outcome >= ZINT_ERROR) return internal(symbol->errtxt);
    auto drawn = to_drawn(*symbol, info(data.symbology).shape);
    if (symbol->symbology == BARCODE_QRCODE) choose_qr_mask(drawn.modules, level);
    return drawn;
}

} // namespace nguon::scanner
