#include "scanner/views.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace nguon::scanner {

namespace {

constexpr std::uint8_t paper = 255;
constexpr int fraction_bits = 8; // of a position between two pixels

/// Linear between the four pixels around a spot, which is in pixels from the middle of the first one.
std::uint8_t sample(Picture const& picture, Spot spot)
{
    if (spot.x < 0 || spot.y < 0 || spot.x > picture.width - 1 || spot.y > picture.height - 1) return paper;
    constexpr int whole = 1 << fraction_bits;
    auto const across = static_cast<int>(spot.x * whole);
    auto const down = static_cast<int>(spot.y * whole);
    auto const x = across >> fraction_bits;
    auto const y = down >> fraction_bits;
    auto const right = across & (whole - 1);
    auto const low = down & (whole - 1);
    auto const next_x = std::min(x + 1, picture.width - 1);
    auto const* upper = picture.row(y);
    auto const* lower = picture.row(std::min(y + 1, picture.height - 1));
    auto const above = upper[x] * (whole - right) + upper[next_x] * right;
    auto const below = lower[x] * (whole - right) + lower[next_x] * right;
    return static_cast<std::uint8_t>((above * (whole - low) + below * low) >> (2 * fraction_bits));
}

/// A view whose pixels come from where `back` says they lie in `view`.
template <typename Back>
View resampled(View const& view, int width, int height, Back back)
{
    auto picture = blank_picture(std::max(1, width), std::max(1, height), Colors::grey);
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
            picture.row(y)[x] = sample(view.picture, back(Spot{static_cast<double>(x), static_cast<double>(y)}));
    return {std::move(picture), [outer = view.to_whole, back](Spot spot) { return outer(back(spot)); }};
}

View scaled(View const& view, Picture picture)
{
    auto const across = static_cast<double>(view.picture.width) / picture.width;
    auto const down = static_cast<double>(view.picture.height) / picture.height;
    return {std::move(picture), [outer = view.to_whole, across, down](Spot spot) {
                return outer({spot.x * across, spot.y * down});
            }};
}

} // namespace

View with_picture(View const& view, Picture picture) { return {std::move(picture), view.to_whole}; }

View shrunk(View const& view, int edge) { return scaled(view, downscale(view.picture, edge)); }

View enlarged(View const& view)
{
    auto const& picture = view.picture;
    auto large = blank_picture(picture.width * 2, picture.height * 2, picture.colors);
    for (int y = 0; y < large.height; ++y) {
        // Every new pixel lies a quarter from one old pixel and three quarters from the next.
        auto const* near = picture.row(y / 2);
        auto const* far = picture.row(std::clamp(y / 2 + (y % 2 == 0 ? -1 : 1), 0, picture.height - 1));
        for (int x = 0; x < large.width; ++x) {
            auto const at = x / 2;
            auto const beside = std::clamp(at + (x % 2 == 0 ? -1 : 1), 0, picture.width - 1);
            large.row(y)[x] =
                static_cast<std::uint8_t>((9 * near[at] + 3 * near[beside] + 3 * far[at] + far[beside] + 8) / 16);
        }
    }
    return scaled(view, std::move(large));
}

View part_of(View const& view, Box box)
{
    return {crop(view.picture, box.left, box.top, box.width, box.height),
            [outer = view.to_whole, left = box.left, top = box.top](Spot spot) {
                return outer({spot.x + left, spot.y + top});
            }};
}

View with_margin(View const& view, int pixels)
{
    auto const& picture = view.picture;
    auto wide = blank_picture(picture.width + 2 * pixels, picture.height + 2 * pixels, Colors::grey, paper);
    for (int y = 0; y < picture.height; ++y) std::copy_n(picture.row(y), picture.width, wide.row(y + pixels) + pixels);
    return {std::move(wide), [outer = view.to_whole, pixels](Spot spot) {
                return outer({spot.x - pixels, spot.y - pixels});
            }};
}

View turned(View const& view, double degrees)
{
    auto const angle = degrees * std::numbers::pi / 180;
    auto const cosine = std::cos(angle);
    auto const sine = std::sin(angle);
    auto const from_width = view.picture.width;
    auto const from_height = view.picture.height;
    auto const width = std::abs(from_width * cosine) + std::abs(from_height * sine);
    auto const height = std::abs(from_width * sine) + std::abs(from_height * cosine);
    auto const back = [=](Spot spot) {
        auto const x = spot.x - width / 2;
        auto const y = spot.y - height / 2;
        return Spot{from_width / 2.0 + x * cosine + y * sine, from_height / 2.0 - x * sine + y * cosine};
    };
    return resampled(view, static_cast<int>(width), static_cast<int>(height), back);
}

View unrolled(View const& view, bool upright, double radius)
{
    auto const width = view.picture.width;
    auto const height = view.picture.height;
    double const across = upright ? width : height;
    auto const pixels = radius * across;
    auto const flat = 2 * pixels * std::asin(across / 2 / pixels);
    auto const back_along = [=](double at) { return across / 2 + pixels * std::sin((at - flat / 2) / pixels); };
    auto const back = [=](Spot spot) {
        return upright ? Spot{back_along(spot.x), spot.y} : Spot{spot.x, back_along(spot.y)};
    };
    auto const long_side = static_cast<int>(flat);
    return upright ? resampled(view, long_side, height, back) : resampled(view, width, long_side, back);
}

Area to_whole(View const& view, Area const& area)
{
    Area whole;
    std::transform(area.begin(), area.end(), whole.begin(), view.to_whole);
    return whole;
}

} // namespace nguon::scanner
