#include "scanner/symbol.hpp"

#include "scanner/symbol_proof.hpp"
#include "scanner/zint_writer.hpp"

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

#include <algorithm>
#include <exception>

namespace nguon::scanner {

namespace {

constexpr wchar_t zxing_fnc1 = L'\u00F1';

/// ZXing's writer of the linear kinds; the others are libzint's.
ZXing::BarcodeFormat linear_format(Symbology symbology)
{
    switch (symbology) {
    case Symbology::ean_13:
        return ZXing::BarcodeFormat::EAN13;
    case Symbology::ean_8:
        return ZXing::BarcodeFormat::EAN8;
    case Symbology::upc_a:
        return ZXing::BarcodeFormat::UPCA;
    case Symbology::upc_e:
        return ZXing::BarcodeFormat::UPCE;
    case Symbology::itf_14:
        return ZXing::BarcodeFormat::ITF;
    case Symbology::gs1_128:
    case Symbology::code_128:
        return ZXing::BarcodeFormat::Code128;
    default:
        return ZXing::BarcodeFormat::None;
    }
}

std::wstring linear_input(SymbolData const& data)
{
    std::wstring input{data.text.begin(), data.text.end()};
    if (data.symbology != Symbology::gs1_128) return input;
    std::replace(input.begin(), input.end(), L'\x1D', zxing_fnc1);
    return zxing_fnc1 + input;
}

Result<DrawnSymbol> draw_linear(SymbolData const& data, ZXing::BarcodeFormat format)
{
    try {
        ZXing::MultiFormatWriter writer{format};
        writer.setMargin(0);
        auto const bits = writer.encode(linear_input(data), 0, 1);
        DrawnSymbol drawn{{bits.width(), 1, {}}, {0}};
        for (int x = 0; x < bits.width(); ++x) drawn.modules.cells.push_back(bits.get(x, 0) ? 1 : 0);
        return drawn;
    } catch (std::exception const& refusal) {
        return internal(refusal.what()); // digits, lengths and characters were checked before
    }
}

} // namespace

Result<DrawnSymbol> draw_symbol(SymbolData const& data, EccLevel level)
{
    if (data.text.empty()) return invalid("symbol.empty");
    auto const format = linear_format(data.symbology);
    return format == ZXing::BarcodeFormat::None ? draw_with_zint(data, level) : draw_linear(data, format);
}

Result<Modules> encode_qr(std::string_view text, EccLevel level)
{
    auto drawn = draw_symbol({Symbology::qr, std::string{text}, {}, false}, level);
    if (!drawn) return drawn.error();
    return std::move(drawn->modules);
}

Result<Modules> draw_qr(std::string_view text, EccLevel level)
{
    auto modules = encode_qr(text, level);
    if (!modules) return modules;
    if (auto const proved = prove_qr(*modules, text); !proved) return proved.error();
    return modules;
}

} // namespace nguon::scanner
