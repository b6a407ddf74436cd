#include "scanner/png_file.hpp"

#include <png.h>

#include <cmath>

namespace nguon::scanner {

namespace {

void append_png(png_structp png, png_bytep data, png_size_t length)
{
    static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<char const*>(data), length);
}

/// Only plain values live in this frame: libpng may jump out of it.
bool write_png_rows(png_structp png, png_infop info, Bitmap const& bitmap, unsigned per_metre)
{
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_IHDR(png, info, static_cast<png_uint_32>(bitmap.width), static_cast<png_uint_32>(bitmap.height), 1,
                 PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
    png_write_info(png, info);
    png_set_invert_mono(png); // PNG's 1 is white
    for (int y = 0; y < bitmap.height; ++y) png_write_row(png, bitmap.row(y));
    png_write_end(png, info);
    return true;
}

} // namespace

Result<std::string> write_png(Bitmap const& bitmap, double dots_per_mm)
{
    std::string bytes;
    auto* png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    auto* info = png == nullptr ? nullptr : png_create_info_struct(png);
    auto written = false;
    if (info != nullptr) {
        png_set_write_fn(png, &bytes, append_png, nullptr);
        written = write_png_rows(png, info, bitmap, static_cast<unsigned>(std::lround(dots_per_mm * 1000)));
    }
    png_destroy_write_struct(&png, &info);
    if (!written) return internal("png cannot be written");
    return bytes;
}

} // namespace nguon::scanner
