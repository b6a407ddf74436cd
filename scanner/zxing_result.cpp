#include "scanner/zxing_result.hpp"

#include "scanner/qr_bits.hpp"

#include <algorithm>

namespace nguon::scanner {

namespace {

constexpr std::size_t itf_14_digits = 14;

/// Kinds that ZXing gives one name and their data tell apart.
bool is_of_kind(Symbology symbology, std::string_view identifier, std::size_t length)
{
    switch (symbology) {
    case Symbology::gs1_qr:
        return identifier == "]Q3" || identifier == "]Q4";
    case Symbology::gs1_datamatrix:
        return identifier == "]d2" || identifier == "]d5";
    case Symbology::gs1_128:
        return identifier == "]C1";
    case Symbology::itf_14:
        return length == itf_14_digits;
    default:
        return info(symbology).content != Content::elements || is_databar(symbology);
    }
}

} // namespace

ZXing::BarcodeFormat format_of(Symbology symbology)
{
    switch (symbology) {
    case Symbology::qr:
    case Symbology::gs1_qr:
        return ZXing::BarcodeFormat::QRCode;
    case Symbology::datamatrix:
    case Symbology::gs1_datamatrix:
    case Symbology::gs1_datamatrix_rect:
        return ZXing::BarcodeFormat::DataMatrix;
    case Symbology::gs1_128:
    case Symbology::code_128:
        return ZXing::BarcodeFormat::Code128;
    case Symbology::itf_14:
        return ZXing::BarcodeFormat::ITF;
    case Symbology::ean_13:
        return ZXing::BarcodeFormat::EAN13;
    case Symbology::ean_8:
        return ZXing::BarcodeFormat::EAN8;
    case Symbology::upc_a:
        return ZXing::BarcodeFormat::UPCA;
    case Symbology::upc_e:
        return ZXing::BarcodeFormat::UPCE;
    case Symbology::databar_expanded:
    case Symbology::databar_expanded_stacked:
        return ZXing::BarcodeFormat::DataBarExpanded;
    case Symbology::databar_omni:
    case Symbology::databar_stacked:
    case Symbology::databar_stacked_omni:
        return ZXing::BarcodeFormat::DataBar;
    case Symbology::databar_limited:
        break;
    }
    return ZXing::BarcodeFormat::None;
}

std::string symbology_name(ZXing::Result const& read)
{
    auto const identifier = read.symbologyIdentifier();
    auto const length = read.bytes().size();
    auto const kinds = symbologies();
    auto const fits = [&](SymbologyInfo const& kind) {
        return format_of(kind.symbology) == read.format() && is_of_kind(kind.symbology, identifier, length);
    };
    // GS1 kinds first: what is none of them is the plain kind of the same form.
    auto found = std::find_if(kinds.begin(), kinds.end(),
                              [&](auto const& kind) { return kind.content == Content::elements && fits(kind); });
    if (found == kinds.end()) found = std::find_if(kinds.begin(), kinds.end(), fits);
    return found == kinds.end() ? ZXing::ToString(read.format()) : std::string{found->name};
}

std::string text_of(ZXing::Result const& read)
{
    auto text = read.text();
    if (read.symbologyIdentifier() != "]Q3") return text;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    auto const& codewords = read.rawBytes();
#pragma GCC diagnostic pop
    auto whole = read_gs1_qr_bits({reinterpret_cast<char const*>(codewords.data()), codewords.size()}, read.ecLevel());
    return whole ? *std::move(whole) : text;
}

} // namespace nguon::scanner
