#include "scanner/symbol.hpp"

#include "scanner/symbol_proof.hpp"
#include "scanner/zint_writer.hpp"
#include "scanner/zxing_result.hpp"

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

#include <algorithm>
#include <exception>

namespace nguon::scanner {

namespace {

constexpr wchar_t zxing_fnc1 = L'\u00F1';

std::wstring linear_input(SymbolData const& data)
{
    std::wstring input{data.text.begin(), data.text.end()};
    if (data.symbology != Symbology::gs1_128) return input;
    std::replace(input.begin(), input.end(), L'\x1D', zxing_fnc1);
    return zxing_fnc1 + input;
}

Result<DrawnSymbol> draw_linear(SymbolData const& data)
{
    try {
        ZXing::MultiFormatWriter writer{format_of(data.symbology)};
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
    // ZXing draws the linear kinds but DataBar, libzint all others.
    auto const is_zxings = info(data.symbology).shape == Shape::linear && !is_databar(data.symbology);
    return is_zxings ? draw_linear(data) : draw_with_zint(data, level);
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
