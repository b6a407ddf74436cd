#include "scanner/picture.hpp"

#include "core/limits.hpp"
#include "scanner/picture_codecs.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr int webp_small_edge = 480;
constexpr int webp_large_edge = 1280;
constexpr int jpeg_edge = 2048;
constexpr int webp_quality = 80;
constexpr std::size_t jpeg_bytes_max = 1024 * 1024;
constexpr std::array<int, 5> jpeg_qualities{86, 78, 68, 56, 44};

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

/// Reads TIFF numbers in the byte order that the block states; beyond the end they are 0.
struct TiffReader {
    std::string_view bytes;
    bool little = false;

    unsigned u16(std::size_t at) const
    {
        if (at + 2 > bytes.size()) return 0;
        auto const a = byte_at(bytes, at);
        auto const b = byte_at(bytes, at + 1);
        return little ? b << 8 | a : a << 8 | b;
    }
    unsigned u32(std::size_t at) const { return little ? u16(at + 2) << 16 | u16(at) : u16(at) << 16 | u16(at + 2); }
};

/// The pixel of the stored picture that stands at (x, y) of the upright one, EXIF 2.32 §4.6.5.
struct Source {
    int x;
    int y;
};

Source source_of(int orientation, int x, int y, int width, int height)
{
    switch (orientation) {
    case 2:
        return {width - 1 - x, y};
    case 3:
        return {width - 1 - x, height - 1 - y};
    case 4:
        return {x, height - 1 - y};
    case 5:
        return {y, x};
    case 6:
        return {y, height - 1 - x};
    case 7:
        return {width - 1 - y, height - 1 - x};
    case 8:
        return {width - 1 - y, x};
    default:
        return {x, y};
    }
}

Picture turn_upright(Picture picture, int orientation)
{
    if (orientation <= 1) return picture;
    auto const swaps = orientation >= 5;
    auto turned =
        blank_picture(swaps ? picture.height : picture.width, swaps ? picture.width : picture.height, picture.colors);
    auto const channels = picture.channels();
    for (int y = 0; y < turned.height; ++y) {
        auto* to = turned.row(y);
        for (int x = 0; x < turned.width; ++x) {
            auto const from = source_of(orientation, x, y, picture.width, picture.height);
            auto const* sample = picture.row(from.y) + static_cast<std::ptrdiff_t>(from.x) * channels;
            to = std::copy_n(sample, channels, to);
        }
    }
    return turned;
}

/// Adds the samples of the stretch [from, to) of a row, each by its covered share.
void add_stretch(std::uint8_t const* row, int channels, double from, double to, float weight, float* sums)
{
    auto const first = static_cast<int>(from);
    auto const last = static_cast<int>(std::ceil(to)) - 1;
    for (int x = first; x <= last; ++x) {
        auto const share = static_cast<float>(std::min<double>(to, x + 1) - std::max<double>(from, x)) * weight;
        for (int c = 0; c < channels; ++c) sums[c] += share * static_cast<float>(row[x * channels + c]);
    }
}

Photo to_photo(Result<std::string> bytes, Picture const& picture)
{
    return {*std::move(bytes), picture.width, picture.height};
}

} // namespace

Picture blank_picture(int width, int height, Colors colors, std::uint8_t value)
{
    assert(width > 0 && height > 0);
    Picture picture{width, height, colors, {}};
    picture.samples.assign(picture.row_bytes() * static_cast<std::size_t>(height), value);
    return picture;
}

int exif_orientation(std::string_view tiff)
{
    if (tiff.size() < 8 || (tiff.substr(0, 2) != "II" && tiff.substr(0, 2) != "MM")) return 1;
    TiffReader const reader{tiff, tiff[0] == 'I'};
    std::size_t const directory = reader.u32(4);
    auto const entries = reader.u16(directory);
    for (std::size_t i = 0; i < entries && i < 512; ++i) {
        auto const entry = directory + 2 + i * 12;
        if (reader.u16(entry) != 0x0112) continue;
        auto const value = reader.u16(entry + 8);
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

Result<PictureHeader> read_picture_header(std::string_view bytes)
{
    if (bytes.size() > limits::picture_bytes_max) return Error{ErrorCode::too_large, "picture.too_large", {}, {}, {}};
    auto read = [&]() -> Result<PictureHeader> {
        if (bytes.substr(0, 3) == "\xFF\xD8\xFF") return read_jpeg_header(bytes);
        if (bytes.substr(0, 8) == "\x89PNG\r\n\x1A\n") return read_png_header(bytes);
        if (bytes.size() >= 12 && bytes.substr(0, 4) == "RIFF" && bytes.substr(8, 4) == "WEBP")
            return read_webp_header(bytes);
        return invalid("picture.format");
    };
    auto const header = read();
    if (!header) return header;
    if (header->width == 0 || header->height == 0) return invalid("picture.broken");
    auto const pixels = std::uint64_t{header->width} * header->height;
    if (std::max(header->width, header->height) > limits::picture_side_max || pixels > limits::picture_pixels_max)
        return Error{ErrorCode::too_large, "picture.too_large", {}, {}, {}};
    return header;
}

Result<Picture> read_picture(std::string_view bytes, Colors colors, int long_edge_min)
{
    auto const header = read_picture_header(bytes);
    if (!header) return header.error();
    auto read = [&] {
        switch (header->format) {
        case PictureFormat::jpeg:
            return read_jpeg(bytes, colors, long_edge_min);
        case PictureFormat::png:
            return read_png(bytes, colors, long_edge_min);
        case PictureFormat::webp:
            return read_webp(bytes, colors, long_edge_min);
        }
        return Result<Picture>{invalid("picture.format")};
    };
    auto picture = read();
    if (!picture) return picture;
    return turn_upright(*std::move(picture), header->orientation);
}

int shrink_factor(int width, int height, int long_edge_min)
{
    return long_edge_min <= 0 ? 1 : std::max(1, std::max(width, height) / long_edge_min);
}

RowShrinker::RowShrinker(int width, int height, Colors colors, int factor)
    : width_{width}, factor_{factor}, picture_{blank_picture((width + factor - 1) / factor,
                                                             (height + factor - 1) / factor, colors)},
      sums_(picture_.row_bytes(), 0)
{
}

void RowShrinker::add(std::uint8_t const* row)
{
    if (y_ == picture_.height) return;
    auto const channels = picture_.channels();
    if (factor_ == 1) {
        std::copy_n(row, picture_.row_bytes(), picture_.row(y_++));
        return;
    }
    auto* sum = sums_.data();
    for (int x = 0; x < width_; x += factor_, sum += channels) {
        auto const end = std::min(x + factor_, width_);
        for (int at = x; at < end; ++at)
            for (int c = 0; c < channels; ++c) sum[c] += *row++;
    }
    if (++rows_in_sum_ == factor_) finish_row();
}

void RowShrinker::finish_row()
{
    auto const channels = picture_.channels();
    auto* to = picture_.row(y_++);
    for (int x = 0; x < picture_.width; ++x) {
        auto const columns = std::min(factor_, width_ - x * factor_);
        auto const count = static_cast<std::uint32_t>(columns * rows_in_sum_);
        for (int c = 0; c < channels; ++c) {
            auto const at = static_cast<std::size_t>(x * channels + c);
            to[at] = static_cast<std::uint8_t>((sums_[at] + count / 2) / count);
        }
    }
    std::fill(sums_.begin(), sums_.end(), 0);
    rows_in_sum_ = 0;
}

Picture RowShrinker::take()
{
    if (rows_in_sum_ > 0) finish_row();
    return std::move(picture_);
}

Picture downscale(Picture picture, int long_edge)
{
    assert(long_edge > 0);
    auto const longest = std::max(picture.width, picture.height);
    if (longest <= long_edge) return picture;
    auto const step = static_cast<double>(longest) / long_edge;
    auto small = blank_picture(std::max(1, static_cast<int>(std::lround(picture.width / step))),
                               std::max(1, static_cast<int>(std::lround(picture.height / step))), picture.colors);
    auto const step_x = static_cast<double>(picture.width) / small.width;
    auto const step_y = static_cast<double>(picture.height) / small.height;
    auto const channels = picture.channels();
    auto const area = static_cast<float>(step_x * step_y);

    std::vector<float> sums(small.row_bytes());
    for (int y = 0; y < small.height; ++y) {
        std::fill(sums.begin(), sums.end(), 0.F);
        auto const top = y * step_y;
        auto const bottom = std::min<double>(picture.height, (y + 1) * step_y);
        for (int from = static_cast<int>(top); from < static_cast<int>(std::ceil(bottom)); ++from) {
            auto const share = static_cast<float>(std::min<double>(bottom, from + 1) - std::max<double>(top, from));
            for (int x = 0; x < small.width; ++x)
                add_stretch(picture.row(from), channels, x * step_x, std::min<double>(picture.width, (x + 1) * step_x),
                            share, sums.data() + static_cast<std::ptrdiff_t>(x) * channels);
        }
        std::transform(sums.begin(), sums.end(), small.row(y), [area](float sum) {
            return static_cast<std::uint8_t>(std::clamp(sum / area + 0.5F, 0.F, 255.F));
        });
    }
    return small;
}

Picture crop(Picture const& picture, int left, int top, int width, int height)
{
    assert(left >= 0 && top >= 0 && left + width <= picture.width && top + height <= picture.height);
    auto part = blank_picture(width, height, picture.colors);
    for (int y = 0; y < height; ++y)
        std::copy_n(picture.row(top + y) + static_cast<std::ptrdiff_t>(left) * picture.channels(), part.row_bytes(),
                    part.row(y));
    return part;
}

Result<std::string> encode_jpeg(Picture const& picture, std::size_t bytes_max)
{
    for (auto const quality : jpeg_qualities) {
        auto bytes = write_jpeg(picture, quality);
        if (bytes.empty()) return internal("jpeg cannot be written");
        if (bytes.size() <= bytes_max) return bytes;
    }
    auto const edge = std::max(picture.width, picture.height) * 3 / 4;
    if (edge < 16) return internal("jpeg cannot be made that small");
    return encode_jpeg(downscale(picture, edge), bytes_max);
}

Result<Photos> make_photos(std::string_view bytes)
{
    auto read = read_picture(bytes, Colors::rgb, jpeg_edge);
    if (!read) return read.error();

    auto const large = downscale(*std::move(read), jpeg_edge);
    auto jpeg = encode_jpeg(large, jpeg_bytes_max);
    if (!jpeg) return jpeg.error();
    auto const header = read_picture_header(*jpeg); // it may have become smaller on the way
    if (!header) return header.error();
    Photos photos;
    photos.jpeg = {*std::move(jpeg), static_cast<int>(header->width), static_cast<int>(header->height)};

    auto const medium = downscale(large, webp_large_edge);
    auto webp = encode_webp(medium, webp_quality);
    if (!webp) return webp.error();
    photos.webp_large = to_photo(std::move(webp), medium);

    auto const small = downscale(medium, webp_small_edge);
    webp = encode_webp(small, webp_quality);
    if (!webp) return webp.error();
    photos.webp_small = to_photo(std::move(webp), small);
    return photos;
}

} // namespace nguon::scanner
