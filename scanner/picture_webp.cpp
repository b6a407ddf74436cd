#include "scanner/picture_codecs.hpp"

#include <webp/decode.h>
#include <webp/encode.h>

#include <algorithm>

namespace nguon::scanner {

namespace {

constexpr std::size_t chunks_max = 1000;

struct DecoderBuffer {
    WebPDecoderConfig config = {};

    DecoderBuffer() = default;
    ~DecoderBuffer() { WebPFreeDecBuffer(&config.output); }
    DecoderBuffer(DecoderBuffer const&) = delete;
    DecoderBuffer& operator=(DecoderBuffer const&) = delete;
};

std::uint8_t const* data(std::string_view bytes) { return reinterpret_cast<std::uint8_t const*>(bytes.data()); }

std::uint32_t u32_little(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

/// The orientation in the EXIF chunk, which stands behind the picture.
int find_orientation(std::string_view bytes)
{
    std::size_t at = 12;
    for (std::size_t i = 0; i < chunks_max && at + 8 <= bytes.size(); ++i) {
        std::size_t const length = u32_little(bytes, at + 4);
        if (length > bytes.size() - at - 8) return 1;
        if (bytes.substr(at, 4) == "EXIF") {
            auto tiff = bytes.substr(at + 8, length);
            if (tiff.substr(0, 6) == std::string_view{"Exif\0\0", 6}) tiff.remove_prefix(6); // some writers add it
            return exif_orientation(tiff);
        }
        at += 8 + length + (length & 1);
    }
    return 1;
}

void lay_on_white(std::uint8_t const* rgba, int width, Colors colors, std::uint8_t* to)
{
    for (int x = 0; x < width; ++x, rgba += 4) {
        auto on_white = [alpha = unsigned{rgba[3]}](unsigned sample) {
            return (sample * alpha + 255 * (255 - alpha)) / 255;
        };
        auto const red = on_white(rgba[0]);
        auto const green = on_white(rgba[1]);
        auto const blue = on_white(rgba[2]);
        if (colors == Colors::grey) {
            *to++ = to_luma(red, green, blue);
            continue;
        }
        *to++ = static_cast<std::uint8_t>(red);
        *to++ = static_cast<std::uint8_t>(green);
        *to++ = static_cast<std::uint8_t>(blue);
    }
}

} // namespace

Result<PictureHeader> read_webp_header(std::string_view bytes)
{
    WebPBitstreamFeatures features{};
    if (WebPGetFeatures(data(bytes), bytes.size(), &features) != VP8_STATUS_OK) return invalid("picture.broken");
    if (features.has_animation != 0) return invalid("picture.format");
    return PictureHeader{PictureFormat::webp, static_cast<std::uint32_t>(features.width),
                         static_cast<std::uint32_t>(features.height), find_orientation(bytes)};
}

Result<Picture> read_webp(std::string_view bytes, Colors colors, int long_edge_min)
{
    DecoderBuffer decoder;
    auto& config = decoder.config;
    if (WebPInitDecoderConfig(&config) == 0) return internal("libwebp has another version");
    if (WebPGetFeatures(data(bytes), bytes.size(), &config.input) != VP8_STATUS_OK) return invalid("picture.broken");
    auto const factor = shrink_factor(config.input.width, config.input.height, long_edge_min);
    if (factor > 1) {
        config.options.use_scaling = 1;
        config.options.scaled_width = (config.input.width + factor - 1) / factor;
        config.options.scaled_height = (config.input.height + factor - 1) / factor;
    }
    config.output.colorspace = MODE_RGBA;
    if (WebPDecode(data(bytes), bytes.size(), &config) != VP8_STATUS_OK) return invalid("picture.broken");

    auto picture = blank_picture(config.output.width, config.output.height, colors);
    auto const& rgba = config.output.u.RGBA;
    for (int y = 0; y < picture.height; ++y)
        lay_on_white(rgba.rgba + static_cast<std::ptrdiff_t>(rgba.stride) * y, picture.width, colors, picture.row(y));
    return picture;
}

Result<std::string> encode_webp(Picture const& picture, int quality)
{
    auto rgb = picture;
    if (picture.colors == Colors::grey) {
        rgb = blank_picture(picture.width, picture.height, Colors::rgb);
        auto* to = rgb.samples.data();
        for (auto const sample : picture.samples) to = std::fill_n(to, 3, sample);
    }
    std::uint8_t* output = nullptr;
    auto const size = WebPEncodeRGB(rgb.samples.data(), rgb.width, rgb.height, static_cast<int>(rgb.row_bytes()),
                                    static_cast<float>(quality), &output);
    if (size == 0) return internal("webp cannot be written");
    std::string bytes{reinterpret_cast<char const*>(output), size};
    WebPFree(output);
    return bytes;
}

} // namespace nguon::scanner
