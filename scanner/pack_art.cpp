#include "scanner/pack_art.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace nguon::scanner::art {

namespace {

constexpr double pi = std::numbers::pi;

/// Width of the longest word: a name is never broken inside one.
double longest_word(TextSetter& text, std::string const& words, TextStyle style)
{
    style.width = 0;
    double longest = 0;
    for (std::size_t from = 0; from < words.size();) {
        auto const end = std::min(words.find(' ', from), words.size());
        longest = std::max(longest, text.measure(std::string_view{words}.substr(from, end - from), style).width);
        from = end + 1;
    }
    return longest;
}

/// The narrowest width that needs no further line: no word is left alone on the last one.
double balanced_width(TextSetter& text, std::string const& words, TextStyle style, int lines)
{
    auto const least = std::max(1.0, longest_word(text, words, style));
    auto width = style.width;
    for (style.width *= 0.97; style.width > least; style.width *= 0.97) {
        auto const size = text.measure(words, style);
        if (size.lines > lines || size.shortened) break;
        width = style.width;
    }
    return width;
}

} // namespace

std::uint64_t Dice::next()
{
    state_ += 0x9E3779B97F4A7C15ULL;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

double Dice::between(double low, double high)
{
    return low + (high - low) * static_cast<double>(next() >> 11) / 9007199254740992.0; // 2^53
}

std::size_t Dice::below(std::size_t bound) { return next() % bound; }

void Canvas::color(Color value, double alpha) { cairo_set_source_rgba(c, value.red, value.green, value.blue, alpha); }

void Canvas::fill(Color value, double alpha)
{
    color(value, alpha);
    cairo_fill(c);
}

void Canvas::fill_keep(Color value, double alpha)
{
    color(value, alpha);
    cairo_fill_preserve(c);
}

void Canvas::fill_pattern(cairo_pattern_t* pattern, std::span<Stop const> stops)
{
    PatternOwner const owner{pattern};
    for (auto const& stop : stops)
        cairo_pattern_add_color_stop_rgba(pattern, stop.at, stop.color.red, stop.color.green, stop.color.blue,
                                          stop.alpha);
    cairo_set_source(c, pattern);
    cairo_fill_preserve(c);
}

void Canvas::fill_across(Box const& box, std::span<Stop const> stops)
{
    fill_pattern(cairo_pattern_create_linear(box.x, 0, box.right(), 0), stops);
}

void Canvas::fill_down(Box const& box, std::span<Stop const> stops)
{
    fill_pattern(cairo_pattern_create_linear(0, box.y, 0, box.bottom()), stops);
}

void Canvas::line(Color value, double width, double alpha)
{
    color(value, alpha);
    cairo_set_line_width(c, width);
    cairo_stroke(c);
}

void Canvas::box(Box const& b, double radius)
{
    cairo_new_path(c);
    if (radius <= 0) {
        cairo_rectangle(c, b.x, b.y, b.width, b.height);
        return;
    }
    cairo_arc(c, b.right() - radius, b.y + radius, radius, -pi / 2, 0);
    cairo_arc(c, b.right() - radius, b.bottom() - radius, radius, 0, pi / 2);
    cairo_arc(c, b.x + radius, b.bottom() - radius, radius, pi / 2, pi);
    cairo_arc(c, b.x + radius, b.y + radius, radius, pi, 3 * pi / 2);
    cairo_close_path(c);
}

void Canvas::ellipse(double x, double y, double radius_x, double radius_y)
{
    cairo_new_path(c);
    cairo_save(c);
    cairo_translate(c, x, y);
    cairo_scale(c, radius_x, radius_y);
    cairo_arc(c, 0, 0, 1, 0, 2 * pi);
    cairo_restore(c);
}

void Canvas::shadow(double x, double y, double radius_x, double radius_y, double strength)
{
    Saved const saved{*this};
    cairo_translate(c, x, y);
    cairo_scale(c, radius_x, radius_y);
    auto const tone = rgb(0x2B2118);
    std::array const stops{Stop{0, tone, strength}, Stop{0.45, tone, strength * 0.62}, Stop{0.75, tone, strength * 0.2},
                           Stop{1, tone, 0}};
    cairo_new_path(c);
    cairo_arc(c, 0, 0, 1, 0, 2 * pi);
    fill_pattern(cairo_pattern_create_radial(0, 0, 0, 0, 0, 1), stops);
    cairo_new_path(c);
}

void Canvas::round_light(Box const& box, double strength)
{
    std::array const stops{
        Stop{0, black, 0.48 * strength},    Stop{0.10, black, 0.20 * strength}, Stop{0.20, white, 0.06 * strength},
        Stop{0.29, white, 0.36 * strength}, Stop{0.38, white, 0.06 * strength}, Stop{0.62, black, 0.02 * strength},
        Stop{0.84, black, 0.24 * strength}, Stop{0.95, black, 0.46 * strength}, Stop{1, black, 0.40 * strength}};
    fill_across(box, stops);
}

void Canvas::soft_light(Box const& box)
{
    std::array const across{Stop{0, black, 0.34},    Stop{0.05, black, 0.12}, Stop{0.11, white, 0.20},
                            Stop{0.20, white, 0.03}, Stop{0.55, white, 0.05}, Stop{0.78, black, 0.04},
                            Stop{0.90, white, 0.10}, Stop{0.95, black, 0.16}, Stop{1, black, 0.38}};
    fill_across(box, across);
    std::array const down{Stop{0, white, 0.12}, Stop{0.25, white, 0.0}, Stop{0.72, black, 0.0}, Stop{1, black, 0.26}};
    fill_down(box, down);
}

double Canvas::fit_text(Box const& box, std::string const& words, TextStyle style)
{
    style.width = box.width;
    style.align = Align::center;
    for (; style.size > 10; style.size *= 0.95) {
        auto const size = text.measure(words, style);
        if (!size.shortened && size.height <= box.height && longest_word(text, words, style) <= box.width) break;
    }
    auto const size = text.measure(words, style);
    style.width = balanced_width(text, words, style, size.lines);
    text.draw(box.center_x() - style.width / 2, box.y + (box.height - size.height) / 2, words, style);
    return size.height;
}

double Canvas::center_text(double x, double y, double width, std::string const& words, TextStyle style)
{
    style.width = width;
    style.align = Align::center;
    while (style.size > 10 && text.measure(words, style).shortened) style.size *= 0.95;
    return text.draw(x - width / 2, y, words, style).height;
}

void Canvas::mountains(Box const& b, Color far, Color near)
{
    Saved const saved{*this};
    cairo_rectangle(c, b.x, b.y, b.width, b.height);
    cairo_clip(c);
    constexpr int ridges = 4;
    for (int ridge = 0; ridge < ridges; ++ridge) {
        auto const depth = static_cast<double>(ridge) / (ridges - 1);
        auto const base = b.y + b.height * (0.30 + 0.62 * depth);
        auto const swing = b.height * (0.30 - 0.16 * depth);
        auto const phase = dice.between(0, 2 * pi);
        cairo_new_path(c);
        cairo_move_to(c, b.x, b.bottom());
        for (double x = 0; x <= 1.001; x += 0.01) {
            auto const wave = std::sin(phase + x * (5.2 + 2.2 * depth)) + 0.42 * std::sin(2.3 * phase + x * 12.7) +
                              0.12 * std::sin(x * 31 + phase);
            cairo_line_to(c, b.x + x * b.width, base - swing * 0.55 * wave);
        }
        cairo_line_to(c, b.right(), b.bottom());
        cairo_close_path(c);
        fill(mix(far, near, depth));
    }
}

void Canvas::leaf(double x, double y, double length, double angle, Color value)
{
    Saved const saved{*this};
    cairo_translate(c, x, y);
    cairo_rotate(c, angle);
    cairo_new_path(c);
    cairo_move_to(c, 0, 0);
    cairo_curve_to(c, length * 0.25, -length * 0.34, length * 0.75, -length * 0.26, length, 0);
    cairo_curve_to(c, length * 0.75, length * 0.22, length * 0.25, length * 0.26, 0, 0);
    fill(value);
    cairo_move_to(c, length * 0.04, 0);
    cairo_line_to(c, length * 0.9, -length * 0.01);
    line(mix(value, white, 0.55), length * 0.022, 0.7);
}

void Canvas::tea_sprig(double x, double y, double size, Color value)
{
    cairo_new_path(c);
    cairo_move_to(c, x, y + size * 0.55);
    cairo_curve_to(c, x - size * 0.02, y + size * 0.25, x + size * 0.02, y + size * 0.1, x, y - size * 0.05);
    line(mix(value, black, 0.15), size * 0.035);
    leaf(x, y + size * 0.18, size * 0.66, -pi * 0.86, mix(value, black, 0.08));
    leaf(x, y + size * 0.10, size * 0.70, -pi * 0.17, value);
    leaf(x, y, size * 0.52, -pi * 0.5, mix(value, white, 0.18));
}

void Canvas::rice_ear(double x, double y, double size, Color value)
{
    cairo_new_path(c);
    cairo_move_to(c, x - size * 0.2, y + size * 0.6);
    cairo_curve_to(c, x - size * 0.1, y + size * 0.1, x, y - size * 0.2, x + size * 0.34, y - size * 0.42);
    line(value, size * 0.022);
    for (int grain = 0; grain < 9; ++grain) {
        auto const t = 0.2 + grain * 0.085;
        auto const at_x = x - size * 0.16 + size * 0.46 * t * t;
        auto const at_y = y + size * 0.42 - size * 0.86 * t;
        leaf(at_x, at_y, size * 0.19, -pi * 0.78, value);
        leaf(at_x, at_y, size * 0.19, -pi * 0.14, value);
    }
}

void Canvas::honeycomb(Box const& b, double cell, Color value, double alpha)
{
    Saved const saved{*this};
    cairo_rectangle(c, b.x, b.y, b.width, b.height);
    cairo_clip(c);
    auto const step_x = cell * std::sqrt(3.0);
    for (int row = 0; row * cell * 1.5 < b.height + cell; ++row)
        for (double x = b.x + (row % 2 == 0 ? 0 : step_x / 2); x < b.right() + cell; x += step_x) {
            cairo_new_path(c);
            for (int corner = 0; corner < 6; ++corner) {
                auto const angle = pi / 6 + corner * pi / 3;
                cairo_line_to(c, x + cell * 0.92 * std::cos(angle),
                              b.y + row * cell * 1.5 + cell * 0.92 * std::sin(angle));
            }
            cairo_close_path(c);
            line(value, cell * 0.10, alpha);
        }
}

} // namespace nguon::scanner::art
