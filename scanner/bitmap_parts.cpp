#include "scanner/bitmap_parts.hpp"

#include <algorithm>

namespace nguon::scanner {

void paste(Bitmap& onto, Bitmap const& part, int x, int y)
{
    auto const first = std::max(0, -y);
    auto const last = std::min(part.height, onto.height - y);
    auto const row_bits = static_cast<int>(onto.row_bytes()) * 8;
    for (int line = first; line < last; ++line) {
        auto const* from = part.row(line);
        auto* to = onto.row(y + line);
        for (int bit = 0; bit < part.width; bit += 8) {
            auto const byte = from[bit / 8];
            if (byte == 0) continue;
            auto const place = x + bit;
            if (place >= 0 && place + 16 <= row_bits) {
                auto const shifted = static_cast<unsigned>(byte) << 8 >> place % 8;
                to[place / 8] = static_cast<std::uint8_t>(to[place / 8] | shifted >> 8);
                to[place / 8 + 1] = static_cast<std::uint8_t>(to[place / 8 + 1] | (shifted & 0xFF));
                continue;
            }
            for (int i = 0; i < 8; ++i)
                if ((byte >> (7 - i) & 1) != 0 && place + i >= 0 && place + i < onto.width)
                    onto.blacken(place + i, y + line);
        }
    }
    // Whole bytes may have gone beyond the width.
    if (auto const rest = onto.width % 8; rest != 0)
        for (int line = first; line < last; ++line) {
            auto& end = onto.row(y + line)[onto.row_bytes() - 1];
            end = static_cast<std::uint8_t>(end & 0xFF00 >> rest);
        }
}

Bitmap crop(Bitmap const& bitmap, int x, int y, int width, int height)
{
    Bitmap part{width, height};
    auto const left = std::max(0, -x);
    auto const right = std::min(width, bitmap.width - x);
    for (int line = std::max(0, -y); line < std::min(height, bitmap.height - y); ++line)
        for (int i = left; i < right; ++i)
            if (bitmap.dark(x + i, y + line)) part.blacken(i, line);
    return part;
}

Bitmap to_bitmap(cairo_surface_t* alpha, int covered_min)
{
    cairo_surface_flush(alpha);
    Bitmap bitmap{cairo_image_surface_get_width(alpha), cairo_image_surface_get_height(alpha)};
    auto const* const samples = cairo_image_surface_get_data(alpha);
    if (samples == nullptr) return bitmap;
    auto const stride = static_cast<std::ptrdiff_t>(cairo_image_surface_get_stride(alpha));
    for (int y = 0; y < bitmap.height; ++y)
        for (int x = 0; x < bitmap.width; ++x)
            if (samples[y * stride + x] >= covered_min) bitmap.blacken(x, y);
    return bitmap;
}

} // namespace nguon::scanner
