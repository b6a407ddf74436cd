#include "scanner/decode.hpp"

#include "scanner/treatments.hpp"
#include "scanner/zxing_result.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nguon::scanner {

namespace {

constexpr int read_edge = 3200; // what is read of a photograph; details beyond are noise
constexpr int first_edge = 1600;
constexpr int second_edge = 1000;
constexpr int enlarge_below = 900;
constexpr int symbols_max = 16;

constexpr auto matrix_formats =
    ZXing::BarcodeFormat::QRCode | ZXing::BarcodeFormat::MicroQRCode | ZXing::BarcodeFormat::DataMatrix;
constexpr auto linear_formats = ZXing::BarcodeFormat::EAN13 | ZXing::BarcodeFormat::EAN8 | ZXing::BarcodeFormat::UPCA |
                                ZXing::BarcodeFormat::UPCE | ZXing::BarcodeFormat::Code128 | ZXing::BarcodeFormat::ITF;

/// One treated copy of the picture, and where its pixels lie in the picture it was made of.
struct Attempt {
    Picture picture = {};
    double scale = 1;
    int left = 0;
    int top = 0;
    ZXing::Binarizer binarizer = ZXing::Binarizer::LocalAverage;
};

DecodedCode to_code(ZXing::Result const& read, Attempt const& attempt)
{
    DecodedCode code;
    code.identifier = read.symbologyIdentifier();
    code.text = text_of(read);
    code.symbology = symbology_name(read);
    for (std::size_t i = 0; i < code.corners.size(); ++i) {
        auto const& corner = read.position()[static_cast<int>(i)];
        code.corners[i] = {attempt.left + static_cast<int>(std::lround(corner.x * attempt.scale)),
                           attempt.top + static_cast<int>(std::lround(corner.y * attempt.scale))};
    }
    return code;
}

bool is_known(std::vector<DecodedCode> const& codes, DecodedCode const& code)
{
    return std::any_of(codes.begin(), codes.end(), [&](DecodedCode const& known) {
        return known.identifier == code.identifier && known.text == code.text;
    });
}

/// One call for all matrix symbols; linear ones one at a time, because comparing two of them aborts ZXing 1.4.
std::vector<DecodedCode> read_once(Attempt const& attempt)
{
    auto const& picture = attempt.picture;
    ZXing::ImageView const view{picture.samples.data(), picture.width, picture.height, ZXing::ImageFormat::Lum};
    std::vector<DecodedCode> codes;
    for (auto const& [formats, many] : {std::pair{matrix_formats, symbols_max}, std::pair{linear_formats, 1}}) {
        ZXing::DecodeHints hints;
        hints.setFormats(formats)
            .setMaxNumberOfSymbols(static_cast<std::uint8_t>(many))
            .setTryHarder(true)
            .setTryRotate(true)
            .setTryDownscale(true)
            .setBinarizer(attempt.binarizer);
        for (auto const& read : ZXing::ReadBarcodes(view, hints)) {
            if (!read.isValid()) continue;
            auto code = to_code(read, attempt);
            if (!code.text.empty() && !is_known(codes, code)) codes.push_back(std::move(code));
        }
    }
    return codes;
}

double scale_of(Picture const& whole, Picture const& part) { return static_cast<double>(whole.width) / part.width; }

/// The middle half of the picture in all its detail: people aim at the code.
Attempt centre_of(Picture const& grey)
{
    auto const width = std::max(1, grey.width / 2);
    auto const height = std::max(1, grey.height / 2);
    auto const left = (grey.width - width) / 2;
    auto const top = (grey.height - height) / 2;
    auto part = downscale(crop(grey, left, top, width, height), first_edge);
    auto const scale = static_cast<double>(width) / part.width;
    return {std::move(part), scale, left, top};
}

} // namespace

std::vector<DecodedCode> find_codes(Picture const& grey)
{
    if (grey.colors != Colors::grey || grey.width < 1 || grey.height < 1) return {};
    auto const base = downscale(grey, first_edge);
    auto const base_scale = scale_of(grey, base);
    auto treated = [&](Picture picture) { return Attempt{std::move(picture), base_scale}; };

    auto codes = read_once(treated(base));
    if (codes.empty()) codes = read_once(treated(inverted(base))); // ZXing never reads white on black
    if (codes.empty() && std::max(base.width, base.height) > second_edge) {
        auto small = downscale(base, second_edge);
        auto const scale = scale_of(grey, small);
        codes = read_once({std::move(small), scale, 0, 0, ZXing::Binarizer::GlobalHistogram});
    }
    if (codes.empty() && grey.width > second_edge) codes = read_once(centre_of(grey));
    if (codes.empty()) codes = read_once(treated(even_lighting(base)));
    if (codes.empty()) codes = read_once(treated(smoothed(stretched(base))));
    if (codes.empty()) {
        auto attempt = treated(smoothed(smoothed(base)));
        attempt.binarizer = ZXing::Binarizer::GlobalHistogram;
        codes = read_once(attempt);
    }
    if (codes.empty() && std::max(base.width, base.height) < enlarge_below)
        codes = read_once({enlarged(base), base_scale / 2});
    return codes;
}

Result<std::vector<DecodedCode>> decode_codes(std::string_view bytes)
{
    auto const header = read_picture_header(bytes);
    if (!header) return header.error();
    auto const picture = read_picture(bytes, Colors::grey, read_edge);
    if (!picture) return picture.error();

    auto codes = find_codes(*picture);
    if (codes.empty()) return invalid("picture.no_code");
    auto const width = header->orientation >= 5 ? header->height : header->width;
    auto const scale = static_cast<double>(width) / picture->width;
    for (auto& code : codes)
        for (auto& corner : code.corners)
            corner = {static_cast<int>(std::lround(corner.x * scale)), static_cast<int>(std::lround(corner.y * scale))};
    return codes;
}

} // namespace nguon::scanner
