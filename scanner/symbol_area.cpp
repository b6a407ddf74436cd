#include "scanner/symbol_area.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace nguon::scanner {

namespace {

constexpr int samples_max = 512;
constexpr int samples_min = 16;
constexpr double alike_min = 0.6;           // correlation with the line that was read
constexpr int unlike_lines_max = 6;         // dirt and scratches are passed over
constexpr int slants[] = {0, 1, -1, 2, -2}; // pixels along the line for one across: bars need not stand square on it
constexpr double blank_margin = 0.03;

Spot operator+(Spot a, Spot b) { return {a.x + b.x, a.y + b.y}; }
Spot operator-(Spot a, Spot b) { return {a.x - b.x, a.y - b.y}; }
Spot operator*(Spot a, double factor) { return {a.x * factor, a.y * factor}; }
double length(Spot a) { return std::hypot(a.x, a.y); }

Spot middle_of(Area const& area) { return (area[0] + area[1] + area[2] + area[3]) * 0.25; }

/// The samples along a line less their mean; nothing when the line leaves the picture.
using Profile = std::vector<double>;

std::optional<Profile> profile(Picture const& picture, Spot from, Spot to, int samples)
{
    auto const inside = [&](Spot spot) {
        return spot.x >= 0 && spot.y >= 0 && spot.x < picture.width && spot.y < picture.height;
    };
    if (!inside(from) || !inside(to)) return {};
    Profile values(static_cast<std::size_t>(samples));
    double sum = 0;
    for (int i = 0; i < samples; ++i) {
        auto const spot = from + (to - from) * (static_cast<double>(i) / (samples - 1));
        auto const value = picture.row(static_cast<int>(spot.y))[static_cast<int>(spot.x)];
        values[static_cast<std::size_t>(i)] = value;
        sum += value;
    }
    for (auto& value : values) value -= sum / samples;
    return values;
}

double correlation(Profile const& one, Profile const& other)
{
    double product = 0;
    double squares_one = 0;
    double squares_other = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
        product += one[i] * other[i];
        squares_one += one[i] * one[i];
        squares_other += other[i] * other[i];
    }
    auto const norm = std::sqrt(squares_one * squares_other);
    return norm > 0 ? product / norm : 0;
}

struct Line {
    Spot from = {};
    Spot to = {};
};

/// The last line that looks like `line` in the direction `across`, which is one pixel long.
Line follow(Picture const& picture, Line line, Spot across)
{
    auto const span = length(line.to - line.from);
    auto const samples = std::clamp(static_cast<int>(span), samples_min, samples_max);
    auto const reference = profile(picture, line.from, line.to, samples);
    if (!reference || span < 1) return line;
    auto const along = (line.to - line.from) * (1 / span);
    auto last = line;
    auto at = line;
    for (int step = 0, unlike = 0; step < 2 * span && unlike <= unlike_lines_max; ++step) {
        auto best = -1.0;
        Line best_line;
        for (auto const slant : slants) {
            auto const move = across + along * slant;
            auto const values = profile(picture, at.from + move, at.to + move, samples);
            auto const alike = values ? correlation(*reference, *values) : -1.0;
            if (alike > best + 0.005) {
                best = alike;
                best_line = {at.from + move, at.to + move};
            }
        }
        if (best < alike_min) {
            ++unlike;
            at = {at.from + across, at.to + across};
            continue;
        }
        unlike = 0;
        at = best_line;
        last = at;
    }
    return last;
}

} // namespace

Area follow_bars(Picture const& picture, Area const& read)
{
    auto const along = read[1] - read[0];
    auto const span = length(along);
    if (span < 1) return read;
    Spot const up{along.y / span, -along.x / span};
    auto const top = follow(picture, {read[0], read[1]}, up);
    auto const bottom = follow(picture, {read[3], read[2]}, up * -1);
    return {top.from, top.to, bottom.to, bottom.from};
}

void blank_area(Picture& picture, Area const& area)
{
    auto const middle = middle_of(area);
    Area wide;
    std::transform(area.begin(), area.end(), wide.begin(), [&](Spot corner) {
        auto const out = corner - middle;
        auto const far = length(out);
        return far > 0 ? corner + out * (blank_margin + 2 / far) : corner;
    });
    auto const by_y = [](Spot a, Spot b) { return a.y < b.y; };
    auto const [highest, lowest] = std::minmax_element(wide.begin(), wide.end(), by_y);
    auto const first = std::max(0, static_cast<int>(std::floor(highest->y)));
    auto const last = std::min(picture.height - 1, static_cast<int>(std::ceil(lowest->y)));
    for (int y = first; y <= last; ++y) {
        auto left = static_cast<double>(picture.width);
        auto right = -1.0;
        for (std::size_t i = 0; i < wide.size(); ++i) {
            auto const& a = wide[i];
            auto const& b = wide[(i + 1) % wide.size()];
            if (std::min(a.y, b.y) > y + 1 || std::max(a.y, b.y) < y - 1) continue;
            auto const share = std::abs(b.y - a.y) < 1 ? 0.5 : std::clamp((y - a.y) / (b.y - a.y), 0.0, 1.0);
            auto const flat = std::abs(b.y - a.y) < 1;
            left = std::min(left, flat ? std::min(a.x, b.x) : a.x + (b.x - a.x) * share);
            right = std::max(right, flat ? std::max(a.x, b.x) : a.x + (b.x - a.x) * share);
        }
        auto const from = std::max(0, static_cast<int>(std::floor(left)));
        auto const to = std::min(picture.width - 1, static_cast<int>(std::ceil(right)));
        if (from <= to) std::fill(picture.row(y) + from, picture.row(y) + to + 1, std::uint8_t{255});
    }
}

Box box_of(Area const& area, Picture const& picture, double ground)
{
    auto const [left, right] = std::minmax_element(area.begin(), area.end(), [](Spot a, Spot b) { return a.x < b.x; });
    auto const [top, bottom] = std::minmax_element(area.begin(), area.end(), [](Spot a, Spot b) { return a.y < b.y; });
    auto const from_x = std::clamp(static_cast<int>(left->x - ground), 0, picture.width - 1);
    auto const from_y = std::clamp(static_cast<int>(top->y - ground), 0, picture.height - 1);
    auto const to_x = std::clamp(static_cast<int>(right->x + ground), from_x + 1, picture.width);
    auto const to_y = std::clamp(static_cast<int>(bottom->y + ground), from_y + 1, picture.height);
    return {from_x, from_y, to_x - from_x, to_y - from_y};
}

bool overlap(Area const& one, Area const& other)
{
    auto const holds = [](Area const& area, Spot spot) {
        auto const [left, right] =
            std::minmax_element(area.begin(), area.end(), [](Spot a, Spot b) { return a.x < b.x; });
        auto const [top, bottom] =
            std::minmax_element(area.begin(), area.end(), [](Spot a, Spot b) { return a.y < b.y; });
        return spot.x >= left->x && spot.x <= right->x && spot.y >= top->y && spot.y <= bottom->y;
    };
    return holds(one, middle_of(other)) || holds(other, middle_of(one));
}

} // namespace nguon::scanner
