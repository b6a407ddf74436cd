#include "scanner/pack_shot.hpp"

#include "scanner/pack_kinds.hpp"
#include "scanner/picture.hpp"

#include <array>
#include <cassert>

namespace nguon::scanner {

namespace {

using art::Palette;
using art::rgb;

constexpr std::size_t bytes_max = 400 * 1024;

constexpr std::array<Palette, 4> tea_colors{{
    {rgb(0x2F5D3A), rgb(0x17301E), rgb(0xD9B25F), rgb(0xF6EFDC)},
    {rgb(0x8A2E22), rgb(0x471410), rgb(0xE2BE73), rgb(0xF8EFDD)},
    {rgb(0x1F4E5F), rgb(0x0D2832), rgb(0xD8B468), rgb(0xF2EEDF)},
    {rgb(0x5B6B2B), rgb(0x2C3612), rgb(0xE6C77A), rgb(0xF7F1DF)},
}};
constexpr std::array<Palette, 3> rice_colors{{
    {rgb(0xF3EBD8), rgb(0x2E6B3C), rgb(0xC8962E), rgb(0xFFFFFF)},
    {rgb(0xEFE7DA), rgb(0x8C2F2A), rgb(0xCB9A3B), rgb(0xFFFFFF)},
    {rgb(0xEDEBDF), rgb(0x234E70), rgb(0xD29B33), rgb(0xFFFFFF)},
}};
constexpr std::array<Palette, 3> honey_colors{{
    {rgb(0xD98B14), rgb(0x7A3F05), rgb(0xD8AE4B), rgb(0xFFF8E6)},
    {rgb(0xC9720E), rgb(0x672F04), rgb(0xC99B3A), rgb(0xFFF6E0)},
    {rgb(0xE0A22A), rgb(0x85500A), rgb(0x3D2A16), rgb(0xFFFAEB)},
}};
constexpr std::array<Palette, 3> noodle_colors{{
    {rgb(0xC7402D), rgb(0x6F1C13), rgb(0xF0C45C), rgb(0xFFF7E8)},
    {rgb(0x2E7251), rgb(0x153B29), rgb(0xF0C968), rgb(0xFBF8EA)},
    {rgb(0xB5651D), rgb(0x5E310B), rgb(0xF4D58A), rgb(0xFFF8E8)},
}};
constexpr std::array<Palette, 3> nut_colors{{
    {rgb(0x6B3F22), rgb(0x38200F), rgb(0xE3BE7A), rgb(0xF8EFE0)},
    {rgb(0x27493A), rgb(0x12271E), rgb(0xE1B866), rgb(0xF6EFDE)},
    {rgb(0x2D3E5C), rgb(0x151F31), rgb(0xE3C076), rgb(0xF5EFE2)},
}};
constexpr std::array<Palette, 3> herb_colors{{
    {rgb(0x5F7F4A), rgb(0x2F4423), rgb(0xB98A4A), rgb(0xF7F2E3)},
    {rgb(0x7A5A86), rgb(0x3F2B48), rgb(0xB88D55), rgb(0xF6F1E8)},
    {rgb(0x8A6A34), rgb(0x4A3716), rgb(0x5F7F4A), rgb(0xF8F2E2)},
}};
constexpr std::array<Palette, 3> jerky_colors{{
    {rgb(0x2B2320), rgb(0x120E0C), rgb(0xD8552B), rgb(0xF6E7CF)},
    {rgb(0x5A1D18), rgb(0x2A0C09), rgb(0xE8B04A), rgb(0xF7EAD6)},
    {rgb(0x26323A), rgb(0x10171C), rgb(0xE0913A), rgb(0xF3E9DA)},
}};

template <std::size_t count>
Palette const& pick(std::array<Palette, count> const& palettes, std::uint32_t seed)
{
    return palettes[seed % count];
}

/// A wall and a table in daylight, tinted a little by the pack.
void draw_room(art::Canvas& canvas, Palette const& palette)
{
    art::Box const wall{0, 0, art::canvas_side, art::canvas_side};
    auto const tint = art::mix(rgb(0xF4F0E8), palette.main, 0.07);
    std::array const light{art::Stop{0, art::mix(tint, art::white, 0.35)}, art::Stop{0.62, tint},
                           art::Stop{0.74, art::mix(tint, art::black, 0.06)},
                           art::Stop{0.80, art::mix(tint, art::white, 0.30)},
                           art::Stop{1, art::mix(tint, art::black, 0.03)}};
    canvas.box(wall);
    canvas.fill_down(wall, light);
    std::array const side{art::Stop{0, art::white, 0.38}, art::Stop{0.55, art::white, 0},
                          art::Stop{1, art::black, 0.08}};
    canvas.fill_across(wall, side);
    cairo_new_path(canvas.c);
}

void draw_pack(art::Canvas& canvas, PackShot const& shot)
{
    auto draw = [&](Palette const& palette, auto kind) {
        draw_room(canvas, palette);
        kind(canvas, palette, shot);
    };
    switch (shot.kind) {
    case PackKind::tea_tin:
        return draw(pick(tea_colors, shot.seed), art::draw_tea_tin);
    case PackKind::tea_pouch:
        return draw(pick(tea_colors, shot.seed), art::draw_tea_pouch);
    case PackKind::rice_bag:
        return draw(pick(rice_colors, shot.seed), art::draw_rice_bag);
    case PackKind::honey_jar:
        return draw(pick(honey_colors, shot.seed), art::draw_honey_jar);
    case PackKind::noodle_pack:
        return draw(pick(noodle_colors, shot.seed), art::draw_noodle_pack);
    case PackKind::macadamia_box:
        return draw(pick(nut_colors, shot.seed), art::draw_macadamia_box);
    case PackKind::carton:
        return draw(pick(noodle_colors, shot.seed), art::draw_carton);
    case PackKind::herb_jar:
        return draw(pick(herb_colors, shot.seed), art::draw_herb_jar);
    case PackKind::jerky_pouch:
        return draw(pick(jerky_colors, shot.seed), art::draw_jerky_pouch);
    }
}

/// Cairo's RGB24 holds a pixel in a 32-bit word, red in bits 16 … 23.
Picture to_picture(cairo_surface_t* surface)
{
    cairo_surface_flush(surface);
    auto const side = cairo_image_surface_get_width(surface);
    auto picture = blank_picture(side, side, Colors::rgb);
    for (int y = 0; y < side; ++y) {
        auto const* row = reinterpret_cast<std::uint32_t const*>(
            cairo_image_surface_get_data(surface) +
            static_cast<std::ptrdiff_t>(cairo_image_surface_get_stride(surface)) * y);
        auto* to = picture.row(y);
        for (int x = 0; x < side; ++x)
            for (int shift = 16; shift >= 0; shift -= 8) *to++ = static_cast<std::uint8_t>(row[x] >> shift & 0xFF);
    }
    return picture;
}

} // namespace

std::string draw_pack_shot(PackShot const& shot)
{
    constexpr auto side = static_cast<int>(art::canvas_side);
    SurfaceOwner const surface{cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side)};
    ContextOwner const context{cairo_create(surface.get())};
    art::Canvas canvas{context.get(), shot.seed};
    draw_pack(canvas, shot);
    auto bytes = encode_jpeg(to_picture(surface.get()), bytes_max);
    assert(bytes.ok());
    return *std::move(bytes);
}

} // namespace nguon::scanner
