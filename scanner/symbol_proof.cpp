#include "scanner/symbol_proof.hpp"

#include "core/runtime/worker_answer.hpp"
#include "scanner/databar_expanded.hpp"
#include "scanner/databar_limited.hpp"
#include "scanner/zxing_result.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

namespace nguon::scanner {

namespace {

constexpr int modules_proof_dots = 3;
constexpr char symbol_task_kind = 'b'; // bitmap
constexpr std::size_t read_text_bytes_max = 8 * 1024;
constexpr std::size_t identifier_bytes_max = 8;
constexpr int side_max = 16'384;
constexpr std::size_t dots_max = 64U * 1024 * 1024; // a worker has 256 MiB
constexpr int databar_margin = 24;                  // dots of white paper around a symbol that needs none itself

struct ReadSymbol {
    std::string identifier = {};
    std::string text = {};
};

Error proof_failed(std::string why)
{
    return Error{ErrorCode::internal, "symbol.proof_failed", {}, std::move(why), {}};
}

bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Black is 0; `margin` white dots on every side.
std::vector<std::uint8_t> to_samples(Bitmap const& bitmap, int margin)
{
    auto const width = bitmap.width + 2 * margin;
    std::vector<std::uint8_t> samples(
        static_cast<std::size_t>(width) * static_cast<std::size_t>(bitmap.height + 2 * margin), 0xFF);
    for (int y = 0; y < bitmap.height; ++y) {
        auto* row = samples.data() + static_cast<std::ptrdiff_t>(y + margin) * width + margin;
        for (int x = 0; x < bitmap.width; ++x)
            if (bitmap.dark(x, y)) row[x] = 0;
    }
    return samples;
}

std::optional<ReadSymbol> read_with_zxing(Bitmap const& bitmap, int margin, ZXing::BarcodeFormat format)
{
    auto const samples = to_samples(bitmap, margin);
    ZXing::ImageView const view{samples.data(), bitmap.width + 2 * margin, bitmap.height + 2 * margin,
                                ZXing::ImageFormat::Lum};
    ZXing::DecodeHints hints;
    hints.setFormats(format)
        .setIsPure(true)
        .setTryRotate(false)
        .setTryDownscale(false)
        .setMaxNumberOfSymbols(1)
        .setBinarizer(ZXing::Binarizer::FixedThreshold);
    auto const read = ZXing::ReadBarcode(view, hints);
    if (!read.isValid()) return {};
    return ReadSymbol{read.symbologyIdentifier(), text_of(read)};
}

ZXing::BarcodeFormat zxing_format(Symbology symbology)
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

/// ISO/IEC 15424 with the modifier that the kind must show.
std::string_view expected_identifier(Symbology symbology)
{
    switch (symbology) {
    case Symbology::qr:
        return "]Q1";
    case Symbology::gs1_qr:
        return "]Q3";
    case Symbology::datamatrix:
        return "]d1";
    case Symbology::gs1_datamatrix:
    case Symbology::gs1_datamatrix_rect:
        return "]d2";
    case Symbology::gs1_128:
        return "]C1";
    case Symbology::code_128:
        return "]C0";
    case Symbology::itf_14:
        return "]I1";
    case Symbology::ean_8:
        return "]E4";
    case Symbology::ean_13:
    case Symbology::upc_a:
    case Symbology::upc_e:
        return "]E0";
    default:
        return "]e0";
    }
}

/// ECI adds to the modifier (ISO/IEC 18004 annex F, 16022 annex N); ZXing 1.4 may leave that out.
bool is_expected(std::string_view identifier, SymbolData const& data)
{
    if (identifier == expected_identifier(data.symbology)) return true;
    if (info(data.symbology).content != Content::text || is_ascii(data.text)) return false;
    return identifier == "]Q2" || identifier == "]d4";
}

Status compare(std::optional<ReadSymbol> const& read, SymbolData const& data)
{
    if (!read) return proof_failed("symbol not readable");
    if (read->text != data.text) return proof_failed("symbol says something else");
    if (!is_expected(read->identifier, data)) return proof_failed("symbology is " + read->identifier);
    return Done{};
}

/// ZXing gives DataBar Expanded in brackets, which it does not escape.
std::string plain_brackets(std::vector<gs1::AiValue> const& elements)
{
    std::string text;
    for (auto const& element : elements) text += "(" + element.ai + ")" + element.value;
    return text;
}

/// The rows of bars as modules: neighbouring rows of dots that are alike are one.
std::vector<std::vector<bool>> rows_of(Bitmap const& symbol, int dots)
{
    std::vector<std::vector<bool>> rows;
    for (int y = 0; y < symbol.height; ++y) {
        std::vector<bool> row;
        for (int x = dots / 2; x < symbol.width; x += dots) row.push_back(symbol.dark(x, y));
        if (std::find(row.begin(), row.end(), true) == row.end()) continue; // white paper
        if (rows.empty() || rows.back() != row) rows.push_back(std::move(row));
    }
    return rows;
}

std::string symbol_request(Symbology symbology, Bitmap const& bitmap)
{
    worker_answer::Writer writer;
    writer.number(static_cast<std::uint32_t>(symbology));
    writer.number(static_cast<std::uint32_t>(bitmap.width));
    writer.number(static_cast<std::uint32_t>(bitmap.height));
    writer.text({reinterpret_cast<char const*>(bitmap.bits.data()), bitmap.bits.size()});
    auto request = writer.take();
    request.front() = symbol_task_kind;
    return request;
}

std::string answer_symbol_request(std::string_view request)
{
    worker_answer::Reader reader{request};
    auto const symbology = reader.number();
    auto const width = static_cast<int>(reader.number());
    auto const height = static_cast<int>(reader.number());
    if (!reader.good() || symbology >= symbologies().size() || width < 1 || width > side_max || height < 1 ||
        height > side_max)
        return worker_answer::refuse("picture.broken");
    if (static_cast<std::size_t>(width) * static_cast<std::size_t>(height) > dots_max)
        return worker_answer::refuse("picture.too_large");
    Bitmap bitmap{width, height};
    auto const bits = reader.text(bitmap.bits.size());
    if (!reader.finished() || bits.size() != bitmap.bits.size()) return worker_answer::refuse("picture.broken");
    std::copy(bits.begin(), bits.end(), bitmap.bits.begin());

    auto const read = read_with_zxing(bitmap, databar_margin, zxing_format(static_cast<Symbology>(symbology)));
    if (!read) return worker_answer::refuse("picture.no_code");
    worker_answer::Writer writer;
    writer.text(read->identifier);
    writer.text(read->text);
    return writer.take();
}

std::optional<ReadSymbol> read_answer(std::string_view answer)
{
    if (!worker_answer::is_good(answer)) return {};
    worker_answer::Reader reader{answer};
    ReadSymbol read{reader.utf8(identifier_bytes_max), reader.utf8(read_text_bytes_max)};
    if (!reader.finished()) return {};
    return read;
}

Status prove_limited(SymbolData const& data, Bitmap const& symbol, int dots)
{
    auto const rows = rows_of(symbol, dots);
    auto const gtin = rows.size() == 1 ? read_databar_limited(rows.front()) : std::nullopt;
    if (!gtin) return proof_failed("symbol not readable");
    if (*gtin != data.text) return proof_failed("symbol says something else");
    return Done{};
}

} // namespace

Status prove_qr(Modules const& modules, std::string_view text)
{
    return prove_matrix(modules, {Symbology::qr, std::string{text}, {}, false});
}

Status prove_matrix(Modules const& modules, SymbolData const& data)
{
    assert(modules.cells.size() == static_cast<std::size_t>(modules.width * modules.height));
    constexpr auto dots = modules_proof_dots;
    Bitmap bitmap{modules.width * dots, modules.height * dots};
    for (int y = 0; y < bitmap.height; ++y)
        for (int x = 0; x < bitmap.width; ++x)
            if (modules.dark(x / dots, y / dots)) bitmap.blacken(x, y);
    auto const quiet = info(data.symbology).quiet_zone.left * dots;
    return compare(read_with_zxing(bitmap, quiet, zxing_format(data.symbology)), data);
}

Status prove_bitmap(SymbolData const& data, Bitmap const& symbol)
{
    assert(!is_databar(data.symbology));
    return compare(read_with_zxing(symbol, 0, zxing_format(data.symbology)), data);
}

std::string read_printed(Symbology symbology, GreyView const& picture)
{
    assert(!is_databar(symbology));
    ZXing::ImageView const view{picture.samples, picture.width, picture.height, ZXing::ImageFormat::Lum,
                                picture.row_bytes};
    ZXing::DecodeHints hints;
    // One symbol a call: ZXing 1.4 aborts while it compares several.
    hints.setFormats(zxing_format(symbology)).setTryRotate(false).setTryDownscale(false).setMaxNumberOfSymbols(1);
    auto const read = ZXing::ReadBarcode(view, hints);
    return read.isValid() ? text_of(read) : std::string{};
}

Status SymbolProver::prove(SymbolData const& data, Bitmap const& symbol, int dots) const
{
    if (data.symbology == Symbology::databar_limited) return prove_limited(data, symbol, dots);
    if (is_databar(data.symbology)) return prove_databar(data, symbol, dots);
    return prove_bitmap(data, symbol);
}

Status SymbolProver::prove_databar(SymbolData const& data, Bitmap const& symbol, int dots) const
{
    auto const answer = workers_.run_now(symbol_request(data.symbology, symbol));
    if (!answer && answer.error().code == ErrorCode::unavailable) return answer.error();
    // A worker that died of the symbol has read nothing.
    auto read = answer ? read_answer(*answer) : std::nullopt;
    if (info(data.symbology).content != Content::elements) return compare(read, data);
    if (read && read->identifier == "]e0" && read->text == plain_brackets(data.elements)) return Done{};
    auto const text = read_databar_expanded(rows_of(symbol, dots));
    return compare(text ? std::optional{ReadSymbol{"]e0", *text}} : std::nullopt, data);
}

WorkerTask symbol_task() { return {symbol_task_kind, answer_symbol_request}; }

} // namespace nguon::scanner
