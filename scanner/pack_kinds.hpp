#pragma once

#include "scanner/pack_art.hpp"
#include "scanner/pack_shot.hpp"

/// One function a kind of pack: it draws the pack and its shadow into a room that is already there.
namespace nguon::scanner::art {

void draw_tea_tin(Canvas& canvas, Palette const& palette, PackShot const& shot);
void draw_tea_pouch(Canvas& canvas, Palette const& palette, PackShot const& shot);
void draw_rice_bag(Canvas& canvas, Palette const& palette, PackShot const& shot);
void draw_honey_jar(Canvas& canvas, Palette const& palette, PackShot const& shot);
void draw_noodle_pack(Canvas& canvas, Palette const& palette, PackShot const& shot);
void draw_macadamia_box(Canvas& canvas, Palette const& palette, PackShot const& shot);
void draw_carton(Canvas& canvas, Palette const& palette, PackShot const& shot);
void draw_herb_jar(Canvas& canvas, Palette const& palette, PackShot const& shot);
void draw_jerky_pouch(Canvas& canvas, Palette const& palette, PackShot const& shot);

} // namespace nguon::scanner::art
