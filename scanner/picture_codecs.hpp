#pragma once

#include "scanner/picture.hpp"

/// The three codecs behind picture.hpp, one source file each. None of them turns the picture.
namespace nguon::scanner {

/// Averages squares of `factor` × `factor` pixels while the rows arrive, so that a large picture is never held whole.
class RowShrinker {
public:
    RowShrinker(int width, int height, Colors colors, int factor);

    void add(std::uint8_t const* row);
    Picture take();

private:
    void finish_row();

    int width_;
    int factor_;
    Picture picture_;
    std::vector<std::uint32_t> sums_;
    int rows_in_sum_ = 0;
    int y_ = 0;
};

/// How much may be left out so that the long edge stays at least `long_edge_min`; 1 when that is 0.
int shrink_factor(int width, int height, int long_edge_min);

/// The orientation in a TIFF block as EXIF keeps it, 1 when there is none.
int exif_orientation(std::string_view tiff);

/// Errors of all: "picture.broken"; readers also "picture.too_large", "picture.format".
Result<PictureHeader> read_jpeg_header(std::string_view bytes);
Result<PictureHeader> read_png_header(std::string_view bytes);
Result<PictureHeader> read_webp_header(std::string_view bytes);
Result<Picture> read_jpeg(std::string_view bytes, Colors colors, int long_edge_min);
Result<Picture> read_png(std::string_view bytes, Colors colors, int long_edge_min);
Result<Picture> read_webp(std::string_view bytes, Colors colors, int long_edge_min);

/// JPEG at one quality; `bytes` empty when libjpeg fails.
std::string write_jpeg(Picture const& picture, int quality);

/// Rec. 601 luma, as every barcode reader takes it.
constexpr std::uint8_t to_luma(unsigned red, unsigned green, unsigned blue)
{
    return static_cast<std::uint8_t>((306 * red + 601 * green + 117 * blue + 512) >> 10);
}

} // namespace nguon::scanner
