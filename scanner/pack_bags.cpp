#include "scanner/pack_kinds.hpp"

#include <array>
#include <cmath>
#include <numbers>

/// Packs that are soft: pouches and bags.
namespace nguon::scanner::art {

namespace {

constexpr double pi = std::numbers::pi;

/// Outline of a filled pouch that stands on its folded base.
void pouch_path(Canvas& canvas, Box const& b)
{
    auto* c = canvas.c;
    auto const bulge = b.width * 0.035;
    cairo_new_path(c);
    cairo_move_to(c, b.x + bulge, b.y);
    cairo_line_to(c, b.right() - bulge, b.y);
    cairo_curve_to(c, b.right() - bulge * 0.9, b.y + b.height * 0.3, b.right() + bulge * 0.6, b.y + b.height * 0.55,
                   b.right(), b.bottom() - b.height * 0.03);
    cairo_curve_to(c, b.right() - b.width * 0.2, b.bottom() + b.height * 0.012, b.x + b.width * 0.2,
                   b.bottom() + b.height * 0.012, b.x, b.bottom() - b.height * 0.03);
    cairo_curve_to(c, b.x - bulge * 0.6, b.y + b.height * 0.55, b.x + bulge * 0.9, b.y + b.height * 0.3, b.x + bulge,
                   b.y);
    cairo_close_path(c);
}

void ground(Canvas& canvas, Box const& b)
{
    canvas.shadow(b.center_x() + 40, b.bottom() + 4, b.width * 0.78, b.height * 0.075, 0.34);
    canvas.shadow(b.center_x(), b.bottom() - 2, b.width * 0.54, b.height * 0.022, 0.62);
}

/// Welded stripes with a notch line, as at the top of every pouch.
void seal(Canvas& canvas, Box const& b, double height, double inset)
{
    for (double y = b.y + 8; y < b.y + height; y += 7) {
        cairo_move_to(canvas.c, b.x + inset, y);
        cairo_line_to(canvas.c, b.right() - inset, y);
        canvas.line(white, 1.6, 0.16);
        cairo_move_to(canvas.c, b.x + inset, y + 2);
        cairo_line_to(canvas.c, b.right() - inset, y + 2);
        canvas.line(black, 1.6, 0.12);
    }
    cairo_move_to(canvas.c, b.x + inset, b.y + height + 14);
    cairo_line_to(canvas.c, b.right() - inset, b.y + height + 14);
    canvas.line(black, 4, 0.14);
    cairo_move_to(canvas.c, b.x + inset, b.y + height + 18);
    cairo_line_to(canvas.c, b.right() - inset, b.y + height + 18);
    canvas.line(white, 2.5, 0.22);
}

/// Brand in spaced capitals between two short lines.
void brand_line(Canvas& canvas, double x, double y, double width, PackShot const& shot, Color color, double size)
{
    canvas.color(color);
    auto const height = canvas.center_text(x, y, width, shot.brand,
                                           {.size = size, .weight = Weight::medium, .letter_spacing = size * 0.16});
    cairo_new_path(canvas.c);
    cairo_move_to(canvas.c, x - width * 0.14, y + height + size * 0.4);
    cairo_line_to(canvas.c, x + width * 0.14, y + height + size * 0.4);
    canvas.line(color, 3);
}

/// Outline of a pillow bag: crimped straight ends and sides that the content pushes out.
void pillow_path(Canvas& canvas, Box const& b)
{
    auto* c = canvas.c;
    auto const end = b.height * 0.045;
    auto const waist = b.width * 0.05;
    cairo_new_path(c);
    cairo_move_to(c, b.x + waist, b.y);
    cairo_line_to(c, b.right() - waist, b.y);
    cairo_line_to(c, b.right() - waist, b.y + end);
    cairo_curve_to(c, b.right() + waist * 0.35, b.y + b.height * 0.16, b.right() + waist * 0.1, b.y + b.height * 0.8,
                   b.right() - waist * 0.6, b.bottom() - end);
    cairo_line_to(c, b.right() - waist * 0.7, b.bottom());
    cairo_line_to(c, b.x + waist * 0.7, b.bottom());
    cairo_line_to(c, b.x + waist * 0.6, b.bottom() - end);
    cairo_curve_to(c, b.x - waist * 0.1, b.y + b.height * 0.8, b.x - waist * 0.35, b.y + b.height * 0.16, b.x + waist,
                   b.y + end);
    cairo_close_path(c);
}

void rice_window(Canvas& canvas, double x, double y, double radius_x, double radius_y, Color frame)
{
    Saved const saved{canvas};
    canvas.ellipse(x, y, radius_x, radius_y);
    canvas.fill_keep(rgb(0xE9DFC6));
    cairo_clip(canvas.c);
    for (int grain = 0; grain < 1500; ++grain) {
        auto const tone = mix(rgb(0xFFFDF4), rgb(0xD9CBA6), canvas.dice.between(0, 0.75));
        Saved const turned{canvas};
        cairo_translate(canvas.c, x + canvas.dice.between(-radius_x, radius_x),
                        y + canvas.dice.between(-radius_y, radius_y));
        cairo_rotate(canvas.c, canvas.dice.between(0, pi));
        canvas.ellipse(1.5, 2.5, 17, 5.4);
        canvas.fill(rgb(0x8F7C52), 0.25);
        canvas.ellipse(0, 0, 17, 5);
        canvas.fill(tone);
    }
    std::array const shade{Stop{0, black, 0.22}, Stop{0.3, black, 0}, Stop{0.7, black, 0}, Stop{1, black, 0.16}};
    canvas.ellipse(x, y, radius_x, radius_y);
    canvas.fill_down({x - radius_x, y - radius_y, 2 * radius_x, 2 * radius_y}, shade);
    canvas.line(frame, 16);
}

/// Strips of dried meat in a window.
void jerky_window(Canvas& canvas, double x, double y, double radius, Color frame)
{
    Saved const saved{canvas};
    canvas.ellipse(x, y, radius, radius);
    canvas.fill_keep(rgb(0x2A0E07));
    cairo_clip(canvas.c);
    for (int strip = 0; strip < 46; ++strip) {
        auto const tone = mix(rgb(0x8E3A1C), rgb(0x43150A), canvas.dice.between(0, 1));
        Saved const turned{canvas};
        cairo_translate(canvas.c, x + canvas.dice.between(-radius, radius), y + canvas.dice.between(-radius, radius));
        cairo_rotate(canvas.c, canvas.dice.between(-0.5, 0.5) + (strip % 3 == 0 ? 1.2 : 0.3));
        Box const piece{-110, -17, canvas.dice.between(170, 240), canvas.dice.between(24, 38)};
        canvas.box({piece.x + 4, piece.y + 7, piece.width, piece.height}, 12);
        canvas.fill(black, 0.35);
        canvas.box(piece, 12);
        std::array const across{Stop{0, mix(tone, white, 0.16)}, Stop{0.4, tone}, Stop{1, mix(tone, black, 0.35)}};
        canvas.fill_down(piece, across);
        cairo_new_path(canvas.c);
        for (int fibre = 0; fibre < 4; ++fibre) {
            auto const at = piece.y + piece.height * (0.2 + 0.2 * fibre);
            cairo_move_to(canvas.c, piece.x + 12, at);
            cairo_curve_to(canvas.c, piece.x + 60, at - 4, piece.x + 120, at + 4, piece.right() - 12, at);
            canvas.line(mix(tone, rgb(0xE08A4E), 0.4), 1.6, 0.5);
        }
    }
    for (int chilli = 0; chilli < 60; ++chilli) {
        canvas.ellipse(x + canvas.dice.between(-radius, radius), y + canvas.dice.between(-radius, radius), 4, 2.6);
        canvas.fill(chilli % 3 == 0 ? rgb(0xE9C46A) : rgb(0xC8321E), 0.85);
    }
    canvas.ellipse(x, y, radius, radius);
    canvas.line(frame, 14);
}

/// A bundle of dried noodles, strands nearly parallel.
void noodles(Canvas& canvas, Box const& b)
{
    Saved const saved{canvas};
    cairo_rectangle(canvas.c, b.x, b.y, b.width, b.height);
    cairo_clip(canvas.c);
    for (int strand = 0; strand < 190; ++strand) {
        auto const x = b.x + canvas.dice.between(-10, b.width + 10);
        auto const bend = canvas.dice.between(-36, 36);
        auto const tone = mix(rgb(0xF7E6B5), rgb(0xC9A45A), canvas.dice.between(0, 1));
        cairo_new_path(canvas.c);
        cairo_move_to(canvas.c, x, b.y - 10);
        cairo_curve_to(canvas.c, x + bend, b.y + b.height * 0.33, x - bend, b.y + b.height * 0.66,
                       x + canvas.dice.between(-20, 20), b.bottom() + 10);
        cairo_path_t* path = cairo_copy_path(canvas.c);
        canvas.line(rgb(0x8A6A2C), 8.5, 0.35);
        cairo_append_path(canvas.c, path);
        cairo_path_destroy(path);
        canvas.line(tone, 6);
    }
}

} // namespace

void draw_tea_pouch(Canvas& canvas, Palette const& palette, PackShot const& shot)
{
    Box const b{350, 170, 580, 930};
    ground(canvas, b);
    pouch_path(canvas, b);
    std::array const body{Stop{0, mix(palette.main, white, 0.06)}, Stop{1, palette.dark}};
    canvas.fill_down(b, body);
    {
        Saved const saved{canvas};
        cairo_clip_preserve(canvas.c);
        canvas.mountains({b.x - 20, b.bottom() - 330, b.width + 40, 330}, mix(palette.main, palette.accent, 0.32),
                         mix(palette.dark, black, 0.15));
    }
    seal(canvas, b, 74, 22);

    auto const x = b.center_x();
    brand_line(canvas, x, b.y + 135, b.width * 0.8, shot, palette.accent, 34);
    canvas.tea_sprig(x, b.y + 292, 130, mix(palette.accent, white, 0.12));
    canvas.color(palette.paper);
    canvas.fit_text({b.x + 50, b.y + 385, b.width - 100, 215}, shot.product_name,
                    {.size = 86, .weight = Weight::bold, .condensed = true, .lines_max = 3, .line_spacing = 0.95});
    canvas.color(palette.accent);
    canvas.center_text(x, b.bottom() - 110, b.width * 0.6, shot.net_content, {.size = 34, .weight = Weight::medium});
    pouch_path(canvas, b);
    canvas.soft_light(b);
    cairo_new_path(canvas.c);
}

void draw_jerky_pouch(Canvas& canvas, Palette const& palette, PackShot const& shot)
{
    Box const b{340, 170, 600, 930};
    ground(canvas, b);
    pouch_path(canvas, b);
    std::array const body{Stop{0, mix(palette.main, white, 0.05)}, Stop{1, palette.dark}};
    canvas.fill_down(b, body);
    seal(canvas, b, 74, 22);
    auto const x = b.center_x();
    {
        Saved const saved{canvas};
        pouch_path(canvas, b);
        cairo_clip(canvas.c);
        canvas.box({b.x - 40, b.y + 228, b.width + 80, 250});
        canvas.fill(palette.accent);
        canvas.box({b.x - 40, b.y + 238, b.width + 80, 230});
        canvas.line(palette.paper, 3, 0.7);
    }
    brand_line(canvas, x, b.y + 130, b.width * 0.8, shot, palette.paper, 32);
    canvas.color(white);
    canvas.fit_text({b.x + 46, b.y + 246, b.width - 92, 214}, shot.product_name,
                    {.size = 84, .weight = Weight::black, .condensed = true, .lines_max = 3, .line_spacing = 0.95});
    jerky_window(canvas, x, b.y + 672, 158, palette.paper);
    canvas.color(palette.paper);
    canvas.center_text(x, b.bottom() - 78, b.width * 0.6, shot.net_content, {.size = 34, .weight = Weight::medium});
    pouch_path(canvas, b);
    canvas.soft_light(b);
    cairo_new_path(canvas.c);
}

void draw_rice_bag(Canvas& canvas, Palette const& palette, PackShot const& shot)
{
    Box const b{310, 110, 660, 1000};
    ground(canvas, b);
    pillow_path(canvas, b);
    canvas.fill_keep(palette.main);
    {
        Saved const saved{canvas};
        cairo_clip_preserve(canvas.c);
        canvas.box({b.x - 20, b.y, b.width + 40, 92});
        canvas.fill(palette.dark);
        canvas.mountains({b.x - 20, b.bottom() - 250, b.width + 40, 250}, mix(palette.dark, palette.main, 0.55),
                         palette.dark);
    }
    seal(canvas, b, 34, 36);
    canvas.box({b.center_x() - 80, b.y + 40, 160, 34}, 17); // to carry it
    canvas.fill(mix(palette.main, black, 0.12));

    auto const x = b.center_x();
    brand_line(canvas, x, b.y + 128, b.width * 0.8, shot, palette.dark, 36);
    canvas.rice_ear(x - 268, b.y + 610, 190, palette.accent);
    {
        Saved const mirrored{canvas};
        cairo_translate(canvas.c, 2 * x, 0);
        cairo_scale(canvas.c, -1, 1);
        canvas.rice_ear(x - 268, b.y + 610, 190, palette.accent);
    }
    canvas.color(palette.dark);
    canvas.fit_text({b.x + 64, b.y + 212, b.width - 128, 215}, shot.product_name,
                    {.size = 92, .weight = Weight::black, .condensed = true, .lines_max = 3, .line_spacing = 0.95});
    rice_window(canvas, x, b.y + 600, 205, 150, palette.accent);
    canvas.color(palette.paper);
    canvas.center_text(x, b.bottom() - 132, b.width * 0.6, shot.net_content, {.size = 60, .weight = Weight::bold});
    pillow_path(canvas, b);
    canvas.soft_light(b);
    cairo_new_path(canvas.c);
}

void draw_noodle_pack(Canvas& canvas, Palette const& palette, PackShot const& shot)
{
    Box const b{360, 130, 560, 980};
    ground(canvas, b);
    pillow_path(canvas, b);
    canvas.fill_keep(rgb(0xE9D9AE));
    {
        Saved const saved{canvas};
        cairo_clip_preserve(canvas.c);
        noodles(canvas, {b.x + 16, b.y + 60, b.width - 32, b.height - 120});
        canvas.box({b.x - 40, b.y, b.width + 80, 62});
        canvas.fill(palette.main);
        canvas.box({b.x - 40, b.bottom() - 62, b.width + 80, 70});
        canvas.fill(palette.main);
        Box const band{b.x - 40, b.y + 275, b.width + 80, 440};
        canvas.shadow(b.center_x(), band.bottom() + 6, b.width * 0.6, 26, 0.4);
        canvas.box(band);
        std::array const paper{Stop{0, palette.main}, Stop{1, mix(palette.main, palette.dark, 0.5)}};
        canvas.fill_down(band, paper);
        canvas.box({band.x, band.y + 14, band.width, band.height - 28});
        canvas.line(palette.accent, 4);
    }
    seal(canvas, {b.x, b.y, b.width, b.height}, 30, 30);
    auto const x = b.center_x();
    brand_line(canvas, x, b.y + 318, b.width * 0.84, shot, palette.accent, 32);
    canvas.color(palette.paper);
    canvas.fit_text({b.x + 44, b.y + 398, b.width - 88, 205}, shot.product_name,
                    {.size = 88, .weight = Weight::black, .condensed = true, .lines_max = 3, .line_spacing = 0.95});
    canvas.color(palette.accent);
    canvas.center_text(x, b.y + 632, b.width * 0.6, shot.net_content, {.size = 36, .weight = Weight::medium});
    pillow_path(canvas, b);
    canvas.soft_light(b);
    cairo_new_path(canvas.c);
}

} // namespace nguon::scanner::art
