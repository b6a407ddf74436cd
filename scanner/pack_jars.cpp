#include "scanner/pack_kinds.hpp"

#include <array>
#include <cmath>
#include <numbers>

/// Packs that are stiff: tins, jars and boxes.
namespace nguon::scanner::art {

namespace {

constexpr double pi = std::numbers::pi;

/// A standing cylinder seen slightly from above: `curve` is half the height of its ellipses.
void cylinder_path(Canvas& canvas, Box const& b, double curve)
{
    auto* c = canvas.c;
    auto half = [&](double y, double from, double to) {
        cairo_save(c);
        cairo_translate(c, b.center_x(), y);
        cairo_scale(c, b.width / 2, curve);
        if (from < to)
            cairo_arc(c, 0, 0, 1, from, to);
        else
            cairo_arc_negative(c, 0, 0, 1, from, to);
        cairo_restore(c);
    };
    cairo_new_path(c);
    half(b.y, pi, 0.0); // near edge of the top, from left to right
    half(b.bottom(), 0.0, pi);
    cairo_close_path(c);
}

void ground(Canvas& canvas, Box const& b, double curve)
{
    canvas.shadow(b.center_x() + 60, b.bottom() + curve * 0.9, b.width * 0.86, curve * 2.6, 0.36);
    canvas.shadow(b.center_x(), b.bottom() + curve * 0.75, b.width * 0.56, curve * 1.1, 0.6);
}

/// A screw lid with its ribs.
void lid(Canvas& canvas, Box const& b, double curve, Color color)
{
    cylinder_path(canvas, b, curve);
    canvas.fill_keep(color);
    {
        Saved const saved{canvas};
        cairo_clip_preserve(canvas.c);
        cairo_path_t* path = cairo_copy_path(canvas.c);
        cairo_new_path(canvas.c);
        for (int rib = 1; rib < 60; ++rib) {
            auto const x = b.center_x() - b.width / 2 * std::cos(pi * rib / 60);
            cairo_move_to(canvas.c, x, b.y + curve);
            cairo_line_to(canvas.c, x, b.bottom() + curve);
            canvas.line(black, 2, 0.14);
        }
        cairo_append_path(canvas.c, path);
        cairo_path_destroy(path);
    }
    canvas.round_light(b);
    canvas.ellipse(b.center_x(), b.y, b.width / 2, curve);
    std::array const top{Stop{0, mix(color, white, 0.46)}, Stop{0.5, mix(color, white, 0.16)},
                         Stop{1, mix(color, black, 0.12)}};
    canvas.fill_across(b, top);
    canvas.line(mix(color, white, 0.5), 3, 0.8);
}

/// Words of a label, from brand to net content.
void label_words(Canvas& canvas, Box const& b, PackShot const& shot, Color ink, Color accent)
{
    auto const x = b.center_x();
    canvas.color(accent);
    auto const height =
        canvas.center_text(x, b.y, b.width, shot.brand, {.size = 30, .weight = Weight::medium, .letter_spacing = 4});
    cairo_new_path(canvas.c);
    cairo_move_to(canvas.c, x - b.width * 0.16, b.y + height + 12);
    cairo_line_to(canvas.c, x + b.width * 0.16, b.y + height + 12);
    canvas.line(accent, 3);
    auto const foot = 52.0;
    canvas.color(ink);
    canvas.fit_text({b.x, b.y + height + 24, b.width, b.height - height - 24 - foot}, shot.product_name,
                    {.size = 80, .weight = Weight::bold, .condensed = true, .lines_max = 3, .line_spacing = 0.95});
    canvas.color(accent);
    canvas.center_text(x, b.bottom() - 40, b.width, shot.net_content, {.size = 32, .weight = Weight::medium});
}

/// Glass over whatever stands in it: dark rims and two reflections.
void glass(Canvas& canvas, Box const& b, double curve)
{
    cylinder_path(canvas, b, curve);
    canvas.round_light(b, 0.62);
    cairo_new_path(canvas.c);
    canvas.box({b.x + b.width * 0.075, b.y + 46, 20, b.height - 70}, 10);
    canvas.fill(white, 0.42);
    canvas.box({b.right() - b.width * 0.075 - 10, b.y + 60, 10, b.height - 110}, 5);
    canvas.fill(white, 0.26);
}

/// A paper label that follows the jar's roundness.
void paper_label(Canvas& canvas, Box const& jar, double top, double bottom, double curve, Color paper, Color edge)
{
    Box const b{jar.x, top, jar.width, bottom - top};
    cylinder_path(canvas, b, curve);
    canvas.fill_keep(paper);
    canvas.line(edge, 2, 0.25);
    for (auto const inset : {14.0, b.height - 14.0}) {
        Saved const saved{canvas};
        cylinder_path(canvas, b, curve);
        cairo_clip(canvas.c);
        cairo_translate(canvas.c, b.center_x(), b.y + inset);
        cairo_scale(canvas.c, b.width / 2, curve);
        cairo_new_path(canvas.c);
        cairo_arc(canvas.c, 0, 0, 1, 0, pi);
        cairo_identity_matrix(canvas.c);
        canvas.line(edge, 4);
    }
}

void herbs(Canvas& canvas, Box const& b, Color main)
{
    for (int piece = 0; piece < 620; ++piece) {
        auto const tone = mix(mix(main, rgb(0x5A4A20), canvas.dice.between(0, 0.7)),
                              canvas.dice.below(2) == 0 ? black : white, canvas.dice.between(0, 0.3));
        canvas.leaf(b.x + canvas.dice.between(0, b.width), b.y + canvas.dice.between(0, b.height),
                    canvas.dice.between(26, 62), canvas.dice.between(0, 2 * pi), tone);
    }
}

/// Half a nut in its shell.
void nut(Canvas& canvas, double x, double y, double radius)
{
    canvas.shadow(x + radius * 0.12, y + radius * 0.75, radius * 1.15, radius * 0.5, 0.4);
    canvas.ellipse(x, y, radius, radius);
    canvas.fill(rgb(0x6B3A1A));
    canvas.ellipse(x, y, radius * 0.86, radius * 0.86);
    canvas.fill(rgb(0xC48A52));
    canvas.ellipse(x, y, radius * 0.76, radius * 0.76);
    std::array const kernel{Stop{0, rgb(0xFFF6DF)}, Stop{0.6, rgb(0xF2DDB0)}, Stop{1, rgb(0xC9A66B)}};
    canvas.fill_across({x - radius, y - radius, 2 * radius, 2 * radius}, kernel);
    cairo_new_path(canvas.c);
}

} // namespace

void draw_tea_tin(Canvas& canvas, Palette const& palette, PackShot const& shot)
{
    Box const b{400, 330, 480, 740};
    constexpr double curve = 42;
    ground(canvas, b, curve);
    cylinder_path(canvas, b, curve);
    canvas.fill_keep(palette.main);
    {
        Saved const saved{canvas};
        cairo_clip(canvas.c);
        canvas.mountains({b.x, b.bottom() - 200, b.width, 260}, mix(palette.main, palette.accent, 0.35), palette.dark);
    }
    canvas.tea_sprig(b.center_x(), b.y + 150, 104, palette.accent);
    label_words(canvas, {b.x + 56, b.y + 238, b.width - 112, 325}, shot, palette.paper, palette.accent);
    cylinder_path(canvas, b, curve);
    canvas.round_light(b);
    cairo_new_path(canvas.c);
    canvas.shadow(b.center_x(), b.y + curve + 10, b.width * 0.5, 26, 0.45);
    lid(canvas, {b.x - 8, b.y - 128, b.width + 16, 128}, curve, mix(palette.accent, palette.dark, 0.06));
}

void draw_honey_jar(Canvas& canvas, Palette const& palette, PackShot const& shot)
{
    Box const b{385, 350, 510, 700};
    constexpr double curve = 44;
    ground(canvas, b, curve);
    canvas.shadow(b.center_x() + 120, b.bottom() + 50, 300, 60, 0.16);
    cylinder_path(canvas, b, curve);
    std::array const honey{Stop{0, mix(palette.main, rgb(0xFFD873), 0.55)}, Stop{0.5, palette.main},
                           Stop{1, palette.dark}};
    canvas.fill_down(b, honey);
    std::array const glow{Stop{0, palette.dark, 0.75}, Stop{0.28, rgb(0xFFC84A), 0.5}, Stop{0.6, rgb(0xFFB52E), 0.28},
                          Stop{1, palette.dark, 0.8}};
    canvas.fill_across(b, glow);
    cairo_new_path(canvas.c);
    paper_label(canvas, b, b.y + 165, b.y + 575, curve, palette.paper, palette.main);
    {
        Saved const saved{canvas};
        cylinder_path(canvas, {b.x, b.y + 165, b.width, 410}, curve);
        cairo_clip(canvas.c);
        canvas.honeycomb({b.x, b.y + 180, 120, 430}, 30, palette.main, 0.35);
        canvas.honeycomb({b.right() - 120, b.y + 180, 120, 430}, 30, palette.main, 0.35);
    }
    label_words(canvas, {b.x + 88, b.y + 240, b.width - 176, 336}, shot, rgb(0x4A2A08),
                mix(palette.main, palette.dark, 0.4));
    glass(canvas, b, curve);
    canvas.shadow(b.center_x(), b.y + curve + 8, b.width * 0.48, 24, 0.45);
    lid(canvas, {b.x + 12, b.y - 118, b.width - 24, 118}, curve, palette.accent);
}

void draw_herb_jar(Canvas& canvas, Palette const& palette, PackShot const& shot)
{
    Box const b{395, 340, 490, 720};
    constexpr double curve = 42;
    ground(canvas, b, curve);
    {
        Saved const saved{canvas};
        cylinder_path(canvas, b, curve);
        canvas.fill_keep(rgb(0xE6E8DE));
        cairo_clip(canvas.c);
        canvas.box({b.x, b.y + 100, b.width, b.height});
        canvas.fill(mix(palette.main, palette.dark, 0.5));
        herbs(canvas, {b.x - 20, b.y + 100, b.width + 20, b.height - 60}, palette.main);
    }
    paper_label(canvas, b, b.y + 210, b.y + 590, curve, palette.paper, palette.main);
    label_words(canvas, {b.x + 76, b.y + 280, b.width - 152, 308}, shot, palette.dark,
                mix(palette.main, palette.dark, 0.25));
    glass(canvas, b, curve);
    canvas.shadow(b.center_x(), b.y + curve + 6, b.width * 0.46, 20, 0.35);
    Box const cork{b.x + 26, b.y - 112, b.width - 52, 112};
    cylinder_path(canvas, cork, curve - 4);
    canvas.fill_keep(rgb(0xC79A63));
    {
        Saved const saved{canvas};
        cairo_clip(canvas.c);
        for (int spot = 0; spot < 260; ++spot) {
            canvas.ellipse(cork.x + canvas.dice.between(0, cork.width),
                           cork.y + canvas.dice.between(0, cork.height + 40), canvas.dice.between(2, 8),
                           canvas.dice.between(1.5, 3.5));
            canvas.fill(rgb(0x7E5527), canvas.dice.between(0.15, 0.5));
        }
    }
    cylinder_path(canvas, cork, curve - 4);
    canvas.round_light(cork);
    canvas.ellipse(cork.center_x(), cork.y, cork.width / 2, curve - 4);
    canvas.fill(rgb(0xDDB27A));
}

namespace {

constexpr Box carton_front{300, 290, 560, 780};

/// A box of cardboard in three-quarter view with its words; the lower part of its face stays free.
void carton(Canvas& canvas, Palette const& palette, PackShot const& shot)
{
    auto const& front = carton_front;
    constexpr double depth = 150;
    constexpr double rise = 58;
    auto* c = canvas.c;
    canvas.shadow(front.center_x() + 150, front.bottom() + 8, 500, 70, 0.36);
    canvas.shadow(front.center_x() + 60, front.bottom() - 4, 390, 24, 0.55);

    cairo_new_path(c); // right side, in the shade
    cairo_move_to(c, front.right(), front.y);
    cairo_line_to(c, front.right() + depth, front.y - rise);
    cairo_line_to(c, front.right() + depth, front.bottom() - rise);
    cairo_line_to(c, front.right(), front.bottom());
    cairo_close_path(c);
    std::array const side{Stop{0, mix(palette.main, black, 0.34)}, Stop{1, mix(palette.dark, black, 0.35)}};
    canvas.fill_across({front.right(), 0, depth, 1}, side);
    cairo_new_path(c); // lid
    cairo_move_to(c, front.x, front.y);
    cairo_line_to(c, front.x + depth, front.y - rise);
    cairo_line_to(c, front.right() + depth, front.y - rise);
    cairo_line_to(c, front.right(), front.y);
    cairo_close_path(c);
    canvas.fill(mix(palette.main, white, 0.28));

    canvas.box(front);
    std::array const face{Stop{0, mix(palette.main, white, 0.07)}, Stop{1, mix(palette.main, palette.dark, 0.55)}};
    canvas.fill_down(front, face);
    canvas.box({front.x + 24, front.y + 24, front.width - 48, front.height - 48});
    canvas.line(palette.accent, 3.5);
    canvas.box({front.x + 36, front.y + 36, front.width - 72, front.height - 72});
    canvas.line(palette.accent, 1.5, 0.8);
    label_words(canvas, {front.x + 66, front.y + 78, front.width - 132, 380}, shot, palette.paper, palette.accent);
}

void carton_light(Canvas& canvas)
{
    std::array const light{Stop{0, white, 0.16}, Stop{0.4, white, 0.02}, Stop{1, black, 0.12}};
    canvas.box(carton_front);
    canvas.fill_across(carton_front, light);
    cairo_new_path(canvas.c);
}

} // namespace

void draw_carton(Canvas& canvas, Palette const& palette, PackShot const& shot)
{
    carton(canvas, palette, shot);
    auto const& front = carton_front;
    Box const foot{front.x + 38, front.bottom() - 258, front.width - 76, 220};
    {
        Saved const saved{canvas};
        canvas.box(foot);
        cairo_clip(canvas.c);
        canvas.mountains(foot, mix(palette.main, palette.accent, 0.35), mix(palette.dark, palette.accent, 0.2));
    }
    carton_light(canvas);
}

void draw_macadamia_box(Canvas& canvas, Palette const& palette, PackShot const& shot)
{
    carton(canvas, palette, shot);
    auto const& front = carton_front;
    auto const y = front.bottom() - 175;
    canvas.leaf(front.center_x() - 30, y + 20, 190, pi * 1.12, rgb(0x6F8F4E));
    canvas.leaf(front.center_x() + 30, y + 20, 190, -pi * 0.12, rgb(0x5F8043));
    nut(canvas, front.center_x() - 92, y + 20, 66);
    nut(canvas, front.center_x() + 92, y + 20, 66);
    nut(canvas, front.center_x(), y + 52, 74);
    carton_light(canvas);
}

} // namespace nguon::scanner::art
