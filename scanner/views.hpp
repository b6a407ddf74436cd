#pragma once

#include "scanner/picture.hpp"

#include <algorithm>
#include <array>
#include <functional>

/// Grey copies of a picture, or of a part of it, in other shapes; each knows where its pixels lie in the picture that
/// it was made of.
namespace nguon::scanner {

struct Spot {
    double x = 0;
    double y = 0;
};

/// The corners of a symbol, clockwise from its own top left.
using Area = std::array<Spot, 4>;

struct Box {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
};

struct View {
    Picture picture = {};
    std::function<Spot(Spot)> to_whole = [](Spot spot) { return spot; };

    int long_edge() const { return std::max(picture.width, picture.height); }
};

/// Another picture of the same shape instead.
View with_picture(View const& view, Picture picture);

/// The long edge is `edge` at most.
View shrunk(View const& view, int edge);

/// Twice the size, linearly: modules of one or two pixels become readable.
View enlarged(View const& view);

/// What lies within the box, which must lie inside.
View part_of(View const& view, Box box);

/// With white paper around it.
View with_margin(View const& view, int pixels);

/// Turned about its middle; what was outside is white.
View turned(View const& view, double degrees);

/// Laid flat as if it were the front of a cylinder that stands upright or, otherwise, lies on its side. `radius` is in
/// widths (heights) of the view, more than a half.
View unrolled(View const& view, bool upright, double radius);

/// The area in the picture that the view was made of.
Area to_whole(View const& view, Area const& area);

} // namespace nguon::scanner
