#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Pictures from strangers: JPEG, PNG and WebP. Called inside the decode worker, where a broken codec harms nobody.
namespace nguon::scanner {

enum class PictureFormat {
    jpeg,
    png,
    webp,
};

enum class Colors : int {
    grey = 1,
    rgb = 3,
};

/// Eight bits a sample, row by row, without padding.
struct Picture {
    int width = 0;
    int height = 0;
    Colors colors = Colors::grey;
    std::vector<std::uint8_t> samples = {};

    int channels() const { return static_cast<int>(colors); }
    std::size_t row_bytes() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(channels()); }
    std::uint8_t const* row(int y) const { return samples.data() + row_bytes() * static_cast<std::size_t>(y); }
    std::uint8_t* row(int y) { return samples.data() + row_bytes() * static_cast<std::size_t>(y); }
};

/// A blank picture, every sample `value`.
Picture blank_picture(int width, int height, Colors colors, std::uint8_t value = 0);

/// What the first bytes say; nothing is decoded for it.
struct PictureHeader {
    PictureFormat format = PictureFormat::jpeg;
    std::uint32_t width = 0; // as stored, before orientation
    std::uint32_t height = 0;
    int orientation = 1; // EXIF 2.32 §4.6.5: 1 … 8
};

/// Errors: "picture.format" (neither JPEG, PNG nor still WebP), "picture.broken", "picture.too_large" (more than
/// 10 MiB, 40 megapixels or 16,384 pixels a side).
Result<PictureHeader> read_picture_header(std::string_view bytes);

/// Decodes, turns upright and lays transparent parts on white. `long_edge_min` lets the codec leave out detail: the
/// long edge is at least that (or the original's) and less than twice that; 0 keeps every pixel.
/// Errors: those of `read_picture_header`; "picture.broken" also for pictures that end early.
Result<Picture> read_picture(std::string_view bytes, Colors colors, int long_edge_min = 0);

/// Box-filtered so that the long edge is `long_edge`; a smaller picture stays as it is.
Picture downscale(Picture picture, int long_edge);

/// The part of the picture within these pixels; they must lie inside.
Picture crop(Picture const& picture, int left, int top, int width, int height);

/// JPEG without metadata of at most `bytes_max` bytes: first quality, then size is given up.
Result<std::string> encode_jpeg(Picture const& picture, std::size_t bytes_max);

/// WebP without metadata; `quality` 0 … 100.
Result<std::string> encode_webp(Picture const& picture, int quality);

/// PNG without metadata.
Result<std::string> encode_png(Picture const& picture);

/// What we keep of a photograph.
struct Photo {
    std::string bytes = {};
    int width = 0;
    int height = 0;
};

struct Photos {
    Photo webp_small = {}; // long edge at most 480
    Photo webp_large = {}; // long edge at most 1280
    Photo jpeg = {};       // long edge at most 2048, at most 1 MiB
};

/// Re-encodes a photograph in our sizes: upright, without place, camera or time. Errors: those of `read_picture`.
Result<Photos> make_photos(std::string_view bytes);

} // namespace nguon::scanner
