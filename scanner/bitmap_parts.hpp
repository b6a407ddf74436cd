#pragma once

#include "scanner/bitmap.hpp"

#include <cairo/cairo.h>

namespace nguon::scanner {

/// Blackens what `part` blackens, its top left corner at (x, y); what lies outside is left out.
void paste(Bitmap& onto, Bitmap const& part, int x, int y);

/// A part of a bitmap; what lies outside is white. Both sides at least 1.
Bitmap crop(Bitmap const& bitmap, int x, int y, int width, int height);

/// Black where a surface of eight alpha bits is covered by `covered_min` of 255 or more.
Bitmap to_bitmap(cairo_surface_t* alpha, int covered_min = 0x80);

} // namespace nguon::scanner
