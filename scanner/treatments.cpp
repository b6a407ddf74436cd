#include "scanner/treatments.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace nguon::scanner {

namespace {

constexpr int neighbourhood_share = 24; // of the short edge
constexpr unsigned paper_white = 220;
constexpr int sharpening_radius = 2;
constexpr int sharpening_strength = 2;

/// Sums of all samples above and left, one row and column larger than the picture.
class SummedArea {
public:
    explicit SummedArea(Picture const& picture)
        : width_{picture.width}, height_{picture.height},
          sums_((static_cast<std::size_t>(picture.width) + 1) * (static_cast<std::size_t>(picture.height) + 1), 0)
    {
        for (int y = 0; y < height_; ++y) {
            std::uint32_t row_sum = 0;
            auto const* row = picture.row(y);
            for (int x = 0; x < width_; ++x) {
                row_sum += row[x];
                sums_[at(x + 1, y + 1)] = sums_[at(x + 1, y)] + row_sum;
            }
        }
    }

    /// Mean of the square around (x, y), cut at the edges.
    unsigned mean(int x, int y, int radius) const
    {
        auto const left = std::max(0, x - radius);
        auto const top = std::max(0, y - radius);
        auto const right = std::min(width_, x + radius + 1);
        auto const bottom = std::min(height_, y + radius + 1);
        // Differences are right even where the sums themselves have wrapped around.
        auto const sum =
            sums_[at(right, bottom)] - sums_[at(left, bottom)] - sums_[at(right, top)] + sums_[at(left, top)];
        return sum / static_cast<unsigned>((right - left) * (bottom - top));
    }

private:
    std::size_t at(int x, int y) const
    {
        return static_cast<std::size_t>(y) * (static_cast<std::size_t>(width_) + 1) + static_cast<std::size_t>(x);
    }

    int width_;
    int height_;
    std::vector<std::uint32_t> sums_;
};

/// The one of 3 × 3 that `choose` prefers: first of three rows, then of three columns.
template <typename Choose>
Picture chosen(Picture const& picture, Choose choose)
{
    if (picture.width < 3 || picture.height < 3) return picture;
    auto const width = static_cast<std::size_t>(picture.width);
    std::vector<std::uint8_t> columns(width);
    auto out = picture;
    for (int y = 1; y + 1 < picture.height; ++y) {
        auto const* above = picture.row(y - 1);
        auto const* middle = picture.row(y);
        auto const* below = picture.row(y + 1);
        for (std::size_t x = 0; x < width; ++x) columns[x] = choose(choose(above[x], middle[x]), below[x]);
        auto* to = out.row(y);
        for (std::size_t x = 1; x + 1 < width; ++x) to[x] = choose(choose(columns[x - 1], columns[x]), columns[x + 1]);
    }
    return out;
}

} // namespace

Picture inverted(Picture picture)
{
    for (auto& sample : picture.samples) sample = static_cast<std::uint8_t>(255 - sample);
    return picture;
}

Picture stretched(Picture picture)
{
    std::array<std::size_t, 256> counts{};
    for (auto const sample : picture.samples) ++counts[sample];
    auto const hundredth = picture.samples.size() / 100;
    auto find = [&](int from, int step) {
        std::size_t passed = 0;
        auto value = from;
        while (value > 0 && value < 255 && (passed += counts[static_cast<std::size_t>(value)]) <= hundredth)
            value += step;
        return value;
    };
    // The outermost values are where the search starts, so they count as passed.
    auto const low = find(1, 1);
    auto const high = find(254, -1);
    if (high <= low) return picture;
    for (auto& sample : picture.samples)
        sample = static_cast<std::uint8_t>(std::clamp((sample - low) * 255 / (high - low), 0, 255));
    return picture;
}

Picture even_lighting(Picture const& picture)
{
    SummedArea const sums{picture};
    auto const radius = std::max(8, std::min(picture.width, picture.height) / neighbourhood_share);
    auto even = picture;
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            auto const mean = std::max(1U, sums.mean(x, y, radius));
            even.row(y)[x] =
                static_cast<std::uint8_t>(std::min(255U, picture.row(y)[x] * (paper_white * 3 / 4) / mean));
        }
    return even;
}

Picture smoothed(Picture const& picture)
{
    if (picture.width < 3 || picture.height < 3) return picture;
    auto const width = static_cast<std::size_t>(picture.width);
    std::vector<std::uint16_t> columns(width); // sums of three rows
    auto smooth = picture;
    for (int y = 1; y + 1 < picture.height; ++y) {
        auto const* above = picture.row(y - 1);
        auto const* middle = picture.row(y);
        auto const* below = picture.row(y + 1);
        for (std::size_t x = 0; x < width; ++x)
            columns[x] = static_cast<std::uint16_t>(above[x] + middle[x] + below[x]);
        auto* to = smooth.row(y);
        for (std::size_t x = 1; x + 1 < width; ++x)
            to[x] = static_cast<std::uint8_t>((columns[x - 1] + columns[x] + columns[x + 1] + 4) / 9);
    }
    return smooth;
}

Picture darkened(Picture const& picture)
{
    return chosen(picture, [](std::uint8_t a, std::uint8_t b) { return std::min(a, b); });
}

Picture lightened(Picture const& picture)
{
    return chosen(picture, [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
}

Picture sharpened(Picture const& picture)
{
    SummedArea const sums{picture};
    auto sharp = picture;
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            auto const value = static_cast<int>(picture.row(y)[x]);
            auto const mean = static_cast<int>(sums.mean(x, y, sharpening_radius));
            sharp.row(y)[x] =
                static_cast<std::uint8_t>(std::clamp(value + sharpening_strength * (value - mean), 0, 255));
        }
    return sharp;
}

} // namespace nguon::scanner
