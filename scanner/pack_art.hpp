#pragma once

#include "scanner/drawing.hpp"

#include <cstdint>
#include <span>
#include <string>

/// Brushes for pack_shot.cpp: colours, light, shadows and small ornaments on a square of `canvas_side` units.
namespace nguon::scanner::art {

inline constexpr double canvas_side = 1280;

struct Color {
    double red = 0;
    double green = 0;
    double blue = 0;
};

/// 0xRRGGBB
constexpr Color rgb(std::uint32_t hex)
{
    return {static_cast<double>(hex >> 16 & 0xFF) / 255, static_cast<double>(hex >> 8 & 0xFF) / 255,
            static_cast<double>(hex & 0xFF) / 255};
}

constexpr Color mix(Color a, Color b, double share)
{
    return {a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share, a.blue + (b.blue - a.blue) * share};
}

inline constexpr Color white = rgb(0xFFFFFF);
inline constexpr Color black = rgb(0x000000);

struct Stop {
    double at;
    Color color;
    double alpha = 1;
};

struct Box {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;

    double right() const { return x + width; }
    double bottom() const { return y + height; }
    double center_x() const { return x + width / 2; }
    double center_y() const { return y + height / 2; }
};

/// The colours of one pack.
struct Palette {
    Color main;
    Color dark;
    Color accent;
    Color paper;
};

/// Repeatable chance, so that the same pack always looks the same.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_{seed} {}
    double between(double low, double high);
    std::size_t below(std::size_t bound);

private:
    std::uint64_t next(); // SplitMix64
    std::uint64_t state_;
};

class Canvas {
public:
    Canvas(cairo_t* context, std::uint64_t seed) : c{context}, text{context}, dice{seed} {}

    void color(Color value, double alpha = 1);
    void fill(Color value, double alpha = 1);                      // the path, which is then gone
    void fill_keep(Color value, double alpha = 1);                 // the path stays
    void fill_across(Box const& box, std::span<Stop const> stops); // gradient from left to right
    void fill_down(Box const& box, std::span<Stop const> stops);
    void line(Color value, double width, double alpha = 1);

    void box(Box const& box, double radius = 0); // path only
    void ellipse(double x, double y, double radius_x, double radius_y);

    /// A soft dark ellipse, `strength` in its middle.
    void shadow(double x, double y, double radius_x, double radius_y, double strength);
    /// Light and shade of something round, over the current path, which stays.
    void round_light(Box const& box, double strength = 1);
    /// Light and shade of a soft bag, over the current path, which stays.
    void soft_light(Box const& box);

    /// Text as large as fits into the box without breaking words, centred; returns its height.
    double fit_text(Box const& box, std::string const& words, TextStyle style);
    /// Text at its given size, centred in `width` around `x`.
    double center_text(double x, double y, double width, std::string const& words, TextStyle style);

    /// Mountain ridges behind each other, as one sees them in Lai Châu, at the foot of the box.
    void mountains(Box const& box, Color far, Color near);
    /// Two leaves and a bud.
    void tea_sprig(double x, double y, double size, Color color);
    void rice_ear(double x, double y, double size, Color color);
    void honeycomb(Box const& box, double cell, Color color, double alpha);
    void leaf(double x, double y, double length, double angle, Color color);

    cairo_t* c;
    TextSetter text;
    Dice dice;

private:
    void fill_pattern(cairo_pattern_t* pattern, std::span<Stop const> stops);
};

/// Keeps Cairo's state while it lives: clips and turns end with it.
class Saved {
public:
    explicit Saved(Canvas& canvas) : c_{canvas.c} { cairo_save(c_); }
    ~Saved() { cairo_restore(c_); }
    Saved(Saved const&) = delete;
    Saved& operator=(Saved const&) = delete;

private:
    cairo_t* c_;
};

} // namespace nguon::scanner::art
