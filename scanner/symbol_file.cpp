#include "scanner/symbol_file.hpp"

#include "scanner/drawing.hpp"

#include <cairo/cairo-pdf.h>
#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr double module_mm_min = 0.1;
constexpr double module_mm_max = 20;
constexpr int png_pixels_per_module_min = 4;
constexpr double png_pixels_per_mm = 600 / 25.4;

Status check(SymbolSize const& size)
{
    if (!(size.module_mm >= module_mm_min && size.module_mm <= module_mm_max) || size.quiet_zone < 0)
        return invalid("symbol.module_size", {"0,1", "20"});
    return Done{};
}

/// Calls `run(x, y, length)` for every row's runs of dark modules.
template <typename Run>
void each_dark_run(Modules const& modules, Run run)
{
    for (int y = 0; y < modules.height; ++y)
        for (int x = 0; x < modules.width;) {
            auto end = x;
            while (end < modules.width && modules.dark(end, y)) ++end;
            if (end > x) run(x, y, end - x);
            x = std::max(end, x + 1);
        }
}

cairo_status_t append_bytes(void* closure, unsigned char const* data, unsigned length)
{
    static_cast<std::string*>(closure)->append(reinterpret_cast<char const*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

/// Rows of packed bits, 1 is black, quiet zone included.
std::vector<std::uint8_t> pack_rows(Modules const& modules, int quiet, int scale, int width, int height)
{
    auto const stride = (width + 7) / 8;
    std::vector<std::uint8_t> bits(static_cast<std::size_t>(stride * height), 0);
    each_dark_run(modules, [&](int x, int y, int length) {
        for (int py = (y + quiet) * scale; py < (y + quiet + 1) * scale; ++py)
            for (int px = (x + quiet) * scale; px < (x + quiet + length) * scale; ++px) {
                auto& byte = bits[static_cast<std::size_t>(py * stride + px / 8)];
                byte = static_cast<std::uint8_t>(byte | (0x80 >> (px % 8)));
            }
    });
    return bits;
}

void append_png(png_structp png, png_bytep data, png_size_t length)
{
    static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<char const*>(data), length);
}

/// Only plain values live in this frame: libpng may jump out of it.
bool write_png_rows(png_structp png, png_infop info, std::uint8_t const* bits, int width, int height,
                    unsigned per_metre)
{
    if (setjmp(png_jmpbuf(png))) return false;
    auto const stride = static_cast<std::ptrdiff_t>((width + 7) / 8);
    png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), 1, PNG_COLOR_TYPE_GRAY,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
    png_write_info(png, info);
    png_set_invert_mono(png); // PNG's 1 is white
    for (int y = 0; y < height; ++y) png_write_row(png, bits + y * stride);
    png_write_end(png, info);
    return true;
}

} // namespace

Result<std::string> write_symbol_svg(Modules const& modules, SymbolSize const& size)
{
    if (auto const checked = check(size); !checked) return checked.error();
    auto const width = modules.width + 2 * size.quiet_zone;
    auto const height = modules.height + 2 * size.quiet_zone;
    auto svg = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{:.3f}mm\" height=\"{:.3f}mm\""
                           " viewBox=\"0 0 {} {}\" shape-rendering=\"crispEdges\">\n"
                           "<rect width=\"{}\" height=\"{}\" fill=\"#fff\"/>\n<path fill=\"#000\" d=\"",
                           width * size.module_mm, height * size.module_mm, width, height, width, height);
    each_dark_run(modules, [&](int x, int y, int length) {
        svg += fmt::format("M{} {}h{}v1h-{}z", x + size.quiet_zone, y + size.quiet_zone, length, length);
    });
    return svg + "\"/>\n</svg>\n";
}

Result<std::string> write_symbol_png(Modules const& modules, SymbolSize const& size)
{
    if (auto const checked = check(size); !checked) return checked.error();
    auto const scale =
        std::max(png_pixels_per_module_min, static_cast<int>(std::lround(size.module_mm * png_pixels_per_mm)));
    auto const width = (modules.width + 2 * size.quiet_zone) * scale;
    auto const height = (modules.height + 2 * size.quiet_zone) * scale;
    auto const bits = pack_rows(modules, size.quiet_zone, scale, width, height);

    std::string bytes;
    auto* png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    auto* info = png == nullptr ? nullptr : png_create_info_struct(png);
    auto written = false;
    if (info != nullptr) {
        png_set_write_fn(png, &bytes, append_png, nullptr);
        auto const per_metre = static_cast<unsigned>(std::lround(scale / size.module_mm * 1000));
        written = write_png_rows(png, info, bits.data(), width, height, per_metre);
    }
    png_destroy_write_struct(&png, &info);
    if (!written) return internal("png cannot be written");
    return bytes;
}

Result<std::string> write_symbol_pdf(Modules const& modules, SymbolSize const& size, Instant created)
{
    if (auto const checked = check(size); !checked) return checked.error();
    auto const unit = size.module_mm * points_per_mm;
    std::string bytes;
    SurfaceOwner const surface{cairo_pdf_surface_create_for_stream(append_bytes, &bytes,
                                                                   (modules.width + 2 * size.quiet_zone) * unit,
                                                                   (modules.height + 2 * size.quiet_zone) * unit)};
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, to_iso(created).c_str());
    ContextOwner const context{cairo_create(surface.get())};
    cairo_scale(context.get(), unit, unit);
    each_dark_run(modules, [&](int x, int y, int length) {
        cairo_rectangle(context.get(), x + size.quiet_zone, y + size.quiet_zone, length, 1);
    });
    cairo_fill(context.get());
    cairo_surface_finish(surface.get());
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return internal("pdf cannot be written");
    return bytes;
}

} // namespace nguon::scanner
