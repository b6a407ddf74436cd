#include "scanner/symbol.hpp"

// ZXing 1.4 returns UTF-8 only when asked.
#define ZX_USE_UTF8
#include <ZXing/BitMatrix.h>
#include <ZXing/CharacterSet.h>
#include <ZXing/MultiFormatWriter.h>
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <cassert>
#include <exception>

namespace nguon::scanner {

namespace {

constexpr std::size_t qr_text_bytes_max = 2'331; // version 40 at level M, ISO/IEC 18004 table 7
constexpr int proof_pixels_per_module = 3;

bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The writer's scale of 0 … 8: two steps a level.
int writer_level(EccLevel level)
{
    switch (level) {
    case EccLevel::low:
        return 2;
    case EccLevel::medium:
        return 4;
    case EccLevel::quartile:
        return 6;
    case EccLevel::high:
        return 8;
    }
    return 4;
}

Modules to_modules(ZXing::BitMatrix const& bits)
{
    Modules modules{bits.width(), bits.height(), {}};
    modules.cells.reserve(static_cast<std::size_t>(bits.width() * bits.height()));
    for (int y = 0; y < bits.height(); ++y)
        for (int x = 0; x < bits.width(); ++x) modules.cells.push_back(bits.get(x, y) ? 1 : 0);
    return modules;
}

/// The symbol with its quiet zone as grey samples, `scale` pixels a module.
std::vector<std::uint8_t> to_samples(Modules const& modules, int quiet, int scale)
{
    auto const width = (modules.width + 2 * quiet) * scale;
    auto const height = (modules.height + 2 * quiet) * scale;
    std::vector<std::uint8_t> samples(static_cast<std::size_t>(width * height), 0xFF);
    for (int y = 0; y < modules.height * scale; ++y) {
        auto* row = samples.data() + static_cast<std::ptrdiff_t>((y + quiet * scale) * width + quiet * scale);
        for (int x = 0; x < modules.width * scale; ++x)
            if (modules.dark(x / scale, y / scale)) row[x] = 0;
    }
    return samples;
}

Error proof_failed(std::string why)
{
    return Error{ErrorCode::internal, "symbol.proof_failed", {}, std::move(why), {}};
}

} // namespace

int quiet_zone_modules(Symbology symbology)
{
    switch (symbology) {
    case Symbology::qr:
        return 4; // ISO/IEC 18004 §9.1
    }
    return 4;
}

Result<Modules> encode_qr(std::string_view text, EccLevel level)
{
    if (text.empty()) return invalid("symbol.empty");
    if (text.size() > qr_text_bytes_max) return invalid("symbol.too_long", {std::to_string(qr_text_bytes_max)});

    try {
        ZXing::MultiFormatWriter writer{ZXing::BarcodeFormat::QRCode};
        writer.setMargin(0).setEccLevel(writer_level(level));
        if (!is_ascii(text)) writer.setEncoding(ZXing::CharacterSet::UTF8);
        return to_modules(writer.encode(std::string{text}, 0, 0));
    } catch (std::exception const&) {
        // The length was the only thing that could be wrong: levels Q and H hold less than the limit above.
        return invalid("symbol.too_long", {std::to_string(qr_text_bytes_max)});
    }
}

Result<Modules> draw_qr(std::string_view text, EccLevel level)
{
    auto modules = encode_qr(text, level);
    if (!modules) return modules;
    if (auto const proved = prove_symbol(Symbology::qr, *modules, text); !proved) return proved.error();
    return modules;
}

Status prove_symbol(Symbology symbology, Modules const& modules, std::string_view text)
{
    assert(modules.cells.size() == static_cast<std::size_t>(modules.width * modules.height));
    auto const quiet = quiet_zone_modules(symbology);
    auto const samples = to_samples(modules, quiet, proof_pixels_per_module);
    ZXing::ImageView const view{samples.data(), (modules.width + 2 * quiet) * proof_pixels_per_module,
                                (modules.height + 2 * quiet) * proof_pixels_per_module, ZXing::ImageFormat::Lum};
    ZXing::DecodeHints hints;
    hints.setFormats(ZXing::BarcodeFormat::QRCode)
        .setIsPure(true)
        .setTryRotate(false)
        .setTryDownscale(false)
        .setBinarizer(ZXing::Binarizer::FixedThreshold);

    auto const read = ZXing::ReadBarcode(view, hints);
    if (!read.isValid()) return proof_failed("symbol not readable");
    if (read.text() != text) return proof_failed("symbol says something else");
    // ECI adds one to the modifier (ISO/IEC 18004 annex F); ZXing 1.4 leaves that out.
    auto const identifier = read.symbologyIdentifier();
    if (identifier != "]Q1" && (identifier != "]Q2" || is_ascii(text)))
        return proof_failed("symbology is " + identifier);
    return Done{};
}

} // namespace nguon::scanner
