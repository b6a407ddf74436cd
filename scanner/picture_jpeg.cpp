#include "scanner/picture_codecs.hpp"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>
// After jpeglib.h, which it needs.
#include <jerror.h>

/// libjpeg reports an error by a function that must not return. Ours jumps, so every function that calls `setjmp` holds
/// plain values only; what must be released belongs to its caller.
namespace nguon::scanner {

namespace {

constexpr long memory_bytes_max = 160L * 1024 * 1024; // of the worker's 256 MiB
constexpr int scans_max = 64;                         // a "progressive bomb" repeats tiny scans of a huge picture

struct JpegReader {
    jpeg_decompress_struct info = {};
    jpeg_error_mgr errors = {};
    jpeg_progress_mgr progress = {};
    std::jmp_buf jump = {};
    bool too_large = false;

    JpegReader() = default;
    ~JpegReader() { jpeg_destroy_decompress(&info); }
    JpegReader(JpegReader const&) = delete;
    JpegReader& operator=(JpegReader const&) = delete;
};

[[noreturn]] void stop_reading(j_common_ptr info)
{
    auto& reader = *static_cast<JpegReader*>(info->client_data);
    auto const code = reader.errors.msg_code;
    reader.too_large = code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE;
    std::longjmp(reader.jump, 1);
}

void note_message(j_common_ptr info, int level)
{
    // A picture that ends early would come out half grey: we refuse it. Other warnings are harmless noise.
    if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) stop_reading(info);
}

void ignore_message(j_common_ptr /*info*/) {}

void count_scans(j_common_ptr info)
{
    auto& reader = *static_cast<JpegReader*>(info->client_data);
    if (reader.info.input_scan_number > scans_max) stop_reading(info);
}

/// Reads up to the first scan and settles what comes out.
bool open(JpegReader& reader, std::string_view bytes, Colors colors, int long_edge_min)
{
    auto& info = reader.info;
    info.err = jpeg_std_error(&reader.errors);
    reader.errors.error_exit = stop_reading;
    reader.errors.emit_message = note_message;
    reader.errors.output_message = ignore_message;
    info.client_data = &reader;
    if (setjmp(reader.jump) != 0) return false;

    jpeg_create_decompress(&info);
    info.client_data = &reader;
    info.mem->max_memory_to_use = memory_bytes_max;
    reader.progress.progress_monitor = count_scans;
    info.progress = &reader.progress;
    jpeg_mem_src(&info, reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size());
    jpeg_read_header(&info, TRUE);

    if (info.num_components == 4)
        info.out_color_space = JCS_CMYK;
    else
        info.out_color_space = colors == Colors::grey ? JCS_GRAYSCALE : JCS_RGB;
    auto const factor =
        shrink_factor(static_cast<int>(info.image_width), static_cast<int>(info.image_height), long_edge_min);
    info.scale_num = 1;
    info.scale_denom = factor >= 8 ? 8 : factor >= 4 ? 4 : factor >= 2 ? 2 : 1;
    jpeg_calc_output_dimensions(&info);
    return true;
}

/// Photoshop writes CMYK inverted and says so by an Adobe marker; without it, 0 is no ink.
void cmyk_to_rgb(std::uint8_t const* from, int width, bool inverted, std::uint8_t* to)
{
    for (int x = 0; x < width; ++x, from += 4) {
        auto const black = static_cast<unsigned>(inverted ? from[3] : 255 - from[3]);
        for (int c = 0; c < 3; ++c)
            *to++ = static_cast<std::uint8_t>((inverted ? from[c] : 255U - from[c]) * black / 255);
    }
}

void rgb_to_grey(std::uint8_t* row, int width)
{
    for (int x = 0; x < width; ++x) row[x] = to_luma(row[3 * x], row[3 * x + 1], row[3 * x + 2]);
}

bool read_rows(JpegReader& reader, RowShrinker& shrinker, Colors colors, std::uint8_t* row, std::uint8_t* converted)
{
    auto& info = reader.info;
    if (setjmp(reader.jump) != 0) return false;
    jpeg_start_decompress(&info);
    while (info.output_scanline < info.output_height) {
        JSAMPROW target = row;
        if (jpeg_read_scanlines(&info, &target, 1) != 1) return false;
        if (info.out_color_space != JCS_CMYK) {
            shrinker.add(row);
            continue;
        }
        cmyk_to_rgb(row, static_cast<int>(info.output_width), info.saw_Adobe_marker != 0, converted);
        if (colors == Colors::grey) rgb_to_grey(converted, static_cast<int>(info.output_width));
        shrinker.add(converted);
    }
    jpeg_finish_decompress(&info);
    return true;
}

Error failure(JpegReader const& reader)
{
    if (reader.too_large) return Error{ErrorCode::too_large, "picture.too_large", {}, {}, {}};
    return invalid("picture.broken");
}

struct JpegWriter {
    jpeg_compress_struct info = {};
    jpeg_error_mgr errors = {};
    std::jmp_buf jump = {};
    unsigned char* bytes = nullptr;
    unsigned long size = 0;

    JpegWriter() = default;
    ~JpegWriter()
    {
        jpeg_destroy_compress(&info);
        std::free(bytes);
    }
    JpegWriter(JpegWriter const&) = delete;
    JpegWriter& operator=(JpegWriter const&) = delete;
};

[[noreturn]] void stop_writing(j_common_ptr info)
{
    std::longjmp(static_cast<JpegWriter*>(info->client_data)->jump, 1);
}

bool write_rows(JpegWriter& writer, Picture const& picture, int quality)
{
    auto& info = writer.info;
    info.err = jpeg_std_error(&writer.errors);
    writer.errors.error_exit = stop_writing;
    writer.errors.output_message = ignore_message;
    info.client_data = &writer;
    if (setjmp(writer.jump) != 0) return false;

    jpeg_create_compress(&info);
    info.client_data = &writer;
    jpeg_mem_dest(&info, &writer.bytes, &writer.size);
    info.image_width = static_cast<JDIMENSION>(picture.width);
    info.image_height = static_cast<JDIMENSION>(picture.height);
    info.input_components = picture.channels();
    info.in_color_space = picture.colors == Colors::grey ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    info.optimize_coding = TRUE;
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        // libjpeg does not change the rows it is given.
        JSAMPROW row = const_cast<JSAMPROW>(picture.row(static_cast<int>(info.next_scanline)));
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    return true;
}

unsigned u16(std::string_view bytes, std::size_t at)
{
    return static_cast<unsigned>(static_cast<unsigned char>(bytes[at]) << 8 |
                                 static_cast<unsigned char>(bytes[at + 1]));
}

bool is_start_of_frame(unsigned marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

} // namespace

Result<PictureHeader> read_jpeg_header(std::string_view bytes)
{
    PictureHeader header{.format = PictureFormat::jpeg};
    std::size_t at = 2;
    while (at + 4 <= bytes.size()) {
        if (static_cast<unsigned char>(bytes[at]) != 0xFF) return invalid("picture.broken");
        auto const marker = static_cast<unsigned>(static_cast<unsigned char>(bytes[at + 1]));
        if (marker == 0xFF) { // fill byte
            ++at;
            continue;
        }
        auto const length = u16(bytes, at + 2);
        if (length < 2 || at + 2 + length > bytes.size()) break;
        auto const segment = bytes.substr(at + 4, length - 2);
        if (marker == 0xE1 && segment.substr(0, 6) == std::string_view{"Exif\0\0", 6})
            header.orientation = exif_orientation(segment.substr(6));
        if (is_start_of_frame(marker)) {
            if (segment.size() < 6) break;
            header.height = u16(segment, 1);
            header.width = u16(segment, 3);
            return header;
        }
        at += 2 + length;
    }
    return invalid("picture.broken");
}

Result<Picture> read_jpeg(std::string_view bytes, Colors colors, int long_edge_min)
{
    JpegReader reader;
    if (!open(reader, bytes, colors, long_edge_min)) return failure(reader);

    auto const width = static_cast<int>(reader.info.output_width);
    auto const height = static_cast<int>(reader.info.output_height);
    RowShrinker shrinker{width, height, colors, shrink_factor(width, height, long_edge_min)};
    std::vector<std::uint8_t> row(static_cast<std::size_t>(width) * 4);
    std::vector<std::uint8_t> converted(static_cast<std::size_t>(width) * 3);
    if (!read_rows(reader, shrinker, colors, row.data(), converted.data())) return failure(reader);
    return shrinker.take();
}

std::string write_jpeg(Picture const& picture, int quality)
{
    JpegWriter writer;
    if (!write_rows(writer, picture, quality)) return {};
    return {reinterpret_cast<char const*>(writer.bytes), writer.size};
}

} // namespace nguon::scanner
