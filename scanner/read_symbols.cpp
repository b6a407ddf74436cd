#include "scanner/read_symbols.hpp"

#include "core/gs1/ai_table.hpp"
#include "core/gs1/check_digit.hpp"
#include "core/gs1/element_string.hpp"
#include "scanner/read_limited.hpp"
#include "scanner/symbol_area.hpp"
#include "scanner/treatments.hpp"
#include "scanner/zxing_result.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace nguon::scanner {

namespace {

using ZXing::BarcodeFormat;

constexpr auto matrix_formats = BarcodeFormat::QRCode | BarcodeFormat::DataMatrix;
constexpr auto linear_formats = BarcodeFormat::EAN13 | BarcodeFormat::EAN8 | BarcodeFormat::UPCA | BarcodeFormat::UPCE |
                                BarcodeFormat::Code128 | BarcodeFormat::ITF;
constexpr ZXing::BarcodeFormats databar_formats = BarcodeFormat::DataBar | BarcodeFormat::DataBarExpanded;

constexpr int linear_lines_min = 2; // that agree
// With more, ZXing 1.4 would compare stacked symbols, and aborts on that; the second reading makes up for it.
constexpr int databar_lines_min = 1;
constexpr int doubtful_max = 8; // symbols that do not prove themselves, in one picture
constexpr std::size_t itf_14_digits = 14;
constexpr std::size_t short_code_128_chars = 4;
constexpr std::size_t databar_digits = 16; // with the application identifier

std::vector<ZXing::Result> call_zxing(Picture const& picture, ZXing::BarcodeFormats formats, int symbols_max,
                                      Threshold threshold)
{
    ZXing::ImageView const view{picture.samples.data(), picture.width, picture.height, ZXing::ImageFormat::Lum};
    ZXing::DecodeHints hints;
    hints.setFormats(formats)
        .setMaxNumberOfSymbols(static_cast<std::uint8_t>(symbols_max))
        .setMinLineCount(formats.testFlags(databar_formats) ? databar_lines_min : linear_lines_min)
        .setBinarizer(threshold == Threshold::global ? ZXing::Binarizer::GlobalHistogram
                                                     : ZXing::Binarizer::LocalAverage);
    auto results = ZXing::ReadBarcodes(view, hints);
    std::erase_if(results, [](ZXing::Result const& read) { return !read.isValid(); });
    return results;
}

/// As a scanner transmits it: a DataBar says its application identifier, which the symbol implies (ISO/IEC 24724 §5).
std::string data_of(ZXing::Result const& read)
{
    if (read.format() == BarcodeFormat::DataBarExpanded) return from_plain_brackets(read.text());
    return (read.format() == BarcodeFormat::DataBar ? std::string{gtin_identifier} : std::string{}) + text_of(read);
}

bool has_right_digits(BarcodeFormat format, std::string_view text)
{
    switch (format) {
    case BarcodeFormat::ITF:
        return text.size() == itf_14_digits && gs1::has_check_digit(text);
    case BarcodeFormat::DataBar:
        return text.size() == databar_digits && gs1::has_check_digit(text.substr(gtin_identifier.size()));
    case BarcodeFormat::EAN13:
    case BarcodeFormat::EAN8:
    case BarcodeFormat::UPCA:
        return gs1::has_check_digit(text);
    case BarcodeFormat::UPCE:
        return gs1::has_check_digit(gs1::upc_e_to_upc_a(text));
    default:
        return !text.empty();
    }
}

bool has_weak_check(BarcodeFormat format, std::string_view text, Trust trust)
{
    switch (format) {
    case BarcodeFormat::EAN8:
    case BarcodeFormat::UPCE:
    case BarcodeFormat::DataBar:
    case BarcodeFormat::DataBarExpanded:
        return true;
    case BarcodeFormat::EAN13:
    case BarcodeFormat::UPCA:
    case BarcodeFormat::ITF:
        return trust == Trust::coaxed;
    case BarcodeFormat::Code128:
        return text.size() < short_code_128_chars;
    default:
        return false;
    }
}

/// What lies around the area, turned upside down: the same symbol on other lines.
Picture turned_surroundings(Picture const& picture, Area const& area)
{
    auto const sides = box_of(area, picture);
    auto const box = box_of(area, picture, (sides.width + sides.height) / 8.0 + 8); // with the quiet zones
    auto part = crop(picture, box.left, box.top, box.width, box.height);
    std::reverse(part.samples.begin(), part.samples.end());
    return part;
}

bool proves_itself(Picture const& picture, ZXing::Result const& read, Area const& area, Threshold threshold,
                   Trust trust)
{
    auto const text = data_of(read);
    if (!has_right_digits(read.format(), text)) return false;
    if (!has_weak_check(read.format(), text, trust)) return true;
    auto agreeing = databar_formats.testFlag(read.format()) && read.lineCount() >= linear_lines_min ? 1 : 0;
    auto const turned = turned_surroundings(picture, area);
    for (auto const& part : {turned, sharpened(turned), smoothed(turned)}) {
        auto const again = call_zxing(part, read.format(), 1, threshold);
        if (again.empty()) continue;
        if (data_of(again.front()) != text) return false;
        ++agreeing;
    }
    return agreeing > 0;
}

Area area_of(ZXing::Result const& read)
{
    Area area;
    for (std::size_t i = 0; i < area.size(); ++i) {
        auto const& corner = read.position()[static_cast<int>(i)];
        area[i] = {static_cast<double>(corner.x), static_cast<double>(corner.y)};
    }
    return area;
}

ReadSymbol to_symbol(ZXing::Result const& read, Area const& area)
{
    return {symbology_name(read), read.symbologyIdentifier(), data_of(read), area};
}

/// One at a time, each blanked before the next: ZXing 1.4 aborts where it compares two of them.
std::vector<ReadSymbol> read_bars(Picture const& picture, ZXing::BarcodeFormats formats, std::size_t symbols_max,
                                  Threshold threshold, Trust trust, SearchTime& time)
{
    std::vector<ReadSymbol> symbols;
    std::optional<Picture> rest;
    auto doubtful = 0;
    while (doubtful <= doubtful_max) {
        auto const reads = call_zxing(rest ? *rest : picture, formats, 1, threshold);
        if (reads.empty()) break;
        auto const area = follow_bars(picture, area_of(reads.front()));
        auto const symbol = to_symbol(reads.front(), area);
        // Blanking may have missed a part of it.
        auto const is_known = std::any_of(symbols.begin(), symbols.end(), [&](ReadSymbol const& known) {
            return known.text == symbol.text && overlap(known.area, area);
        });
        if (!is_known && proves_itself(picture, reads.front(), area, threshold, trust))
            symbols.push_back(symbol);
        else
            ++doubtful;
        if (symbols.size() >= symbols_max || time.is_over()) break;
        if (!rest) rest = picture;
        blank_area(*rest, area);
    }
    return symbols;
}

/// The application identifier in brackets at `at`; empty when there is none that we know.
std::string_view ai_at(std::string_view text, std::size_t at)
{
    constexpr std::size_t ai_digits_max = 4;
    if (at >= text.size() || text[at] != '(') return {};
    auto const end = text.find(')', at);
    if (end == std::string_view::npos || end - at - 1 > ai_digits_max) return {};
    auto const ai = text.substr(at + 1, end - at - 1);
    return gs1::find_ai(ai) != nullptr ? ai : std::string_view{};
}

} // namespace

std::vector<ReadSymbol> read_symbols(Picture const& picture, Kinds const& kinds, Threshold threshold, Trust trust,
                                     SearchTime& time)
{
    std::vector<ReadSymbol> symbols;
    auto const add = [&](std::vector<ReadSymbol> const& more) {
        symbols.insert(symbols.end(), more.begin(), more.end());
    };
    if (kinds.matrix)
        for (auto const& read : call_zxing(picture, matrix_formats, limits::picture_symbols_max, threshold))
            if (!data_of(read).empty()) symbols.push_back(to_symbol(read, area_of(read)));
    if (kinds.linear) add(read_bars(picture, linear_formats, kinds.bars_max, threshold, trust, time));
    if (kinds.databar) add(read_bars(picture, databar_formats, kinds.bars_max, threshold, trust, time));
    if (kinds.limited) add(read_limited_symbols(picture));
    return symbols;
}

std::string from_plain_brackets(std::string_view text)
{
    std::vector<gs1::AiValue> elements;
    for (std::size_t at = 0; at < text.size();) {
        if (auto const ai = ai_at(text, at); !ai.empty()) {
            elements.push_back({std::string{ai}, {}});
            at += ai.size() + 2;
            continue;
        }
        if (elements.empty()) return std::string{text}; // no brackets of ZXing's
        elements.back().value += text[at++];
    }
    auto data = gs1::to_element_string(elements, '\x1D');
    if (data.starts_with('\x1D')) data.erase(0, 1);
    return data;
}

} // namespace nguon::scanner
