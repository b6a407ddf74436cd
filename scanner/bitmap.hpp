#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nguon::scanner {

/// What a printer or a PNG gets: one bit a dot, rows of whole bytes, the leftmost dot in the highest bit, 1 is black.
struct Bitmap {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> bits = {};

    Bitmap() = default;
    /// All white; both sides at least 1.
    Bitmap(int dots_wide, int dots_high)
        : width{dots_wide}, height{dots_high},
          bits(static_cast<std::size_t>((dots_wide + 7) / 8) * static_cast<std::size_t>(dots_high), 0)
    {
    }

    std::size_t row_bytes() const { return static_cast<std::size_t>((width + 7) / 8); }
    std::uint8_t const* row(int y) const { return bits.data() + row_bytes() * static_cast<std::size_t>(y); }
    std::uint8_t* row(int y) { return bits.data() + row_bytes() * static_cast<std::size_t>(y); }

    bool dark(int x, int y) const { return (row(y)[x / 8] >> (7 - x % 8) & 1) != 0; }
    void blacken(int x, int y)
    {
        auto& byte = row(y)[x / 8];
        byte = static_cast<std::uint8_t>(byte | 0x80 >> x % 8);
    }

    bool operator==(Bitmap const&) const = default;
};

} // namespace nguon::scanner
