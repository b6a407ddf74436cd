#include "scanner/picture_codecs.hpp"

#include <png.h>

#include <memory>

/// libpng's simplified interface: it keeps its jumps to itself.
namespace nguon::scanner {

namespace {

constexpr std::size_t chunks_max = 1000;

struct ImageRelease {
    void operator()(png_image* image) const { png_image_free(image); }
};

std::uint32_t u32(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

/// The orientation in an eXIf chunk before the picture data, 1 when there is none.
int find_orientation(std::string_view bytes)
{
    std::size_t at = 8;
    for (std::size_t i = 0; i < chunks_max && at + 12 <= bytes.size(); ++i) {
        std::size_t const length = u32(bytes, at);
        auto const type = bytes.substr(at + 4, 4);
        if (type == "IDAT" || length > bytes.size() - at - 12) return 1;
        if (type == "eXIf") return exif_orientation(bytes.substr(at + 8, length));
        at += 12 + length;
    }
    return 1;
}

} // namespace

Result<PictureHeader> read_png_header(std::string_view bytes)
{
    if (bytes.size() < 33 || u32(bytes, 8) != 13 || bytes.substr(12, 4) != "IHDR") return invalid("picture.broken");
    return PictureHeader{PictureFormat::png, u32(bytes, 16), u32(bytes, 20), find_orientation(bytes)};
}

Result<Picture> read_png(std::string_view bytes, Colors colors, int long_edge_min)
{
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) return invalid("picture.broken");
    std::unique_ptr<png_image, ImageRelease> const release{&image};

    image.format = colors == Colors::grey ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    auto whole = blank_picture(static_cast<int>(image.width), static_cast<int>(image.height), colors);
    png_color const white{255, 255, 255};
    if (png_image_finish_read(&image, &white, whole.samples.data(), static_cast<png_int_32>(whole.row_bytes()),
                              nullptr) == 0)
        return invalid("picture.broken");

    auto const factor = shrink_factor(whole.width, whole.height, long_edge_min);
    if (factor == 1) return whole;
    RowShrinker shrinker{whole.width, whole.height, colors, factor};
    for (int y = 0; y < whole.height; ++y) shrinker.add(whole.row(y));
    return shrinker.take();
}

Result<std::string> encode_png(Picture const& picture)
{
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(picture.width);
    image.height = static_cast<png_uint_32>(picture.height);
    image.format = picture.colors == Colors::grey ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    auto const stride = static_cast<png_int_32>(picture.row_bytes());

    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string bytes(size, '\0');
    if (png_image_write_to_memory(&image, bytes.data(), &size, 0, picture.samples.data(), stride, nullptr) == 0)
        return internal("png cannot be written");
    bytes.resize(size);
    return bytes;
}

} // namespace nguon::scanner
