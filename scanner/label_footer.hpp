#pragma once

#include "scanner/label_pages.hpp"
#include "scanner/label_placing.hpp"

namespace nguon::scanner {

/// Draws in a sheet's bottom margin, with the current ink: a ruler that shows whether the printer kept the size, job,
/// sheet and range of codes. The context's unit is a millimetre of the page.
void draw_footer(cairo_t* context, TextSetter& setter, LabelJob const& job, LabelPage const& page, int sheets);

/// A ruler from (x, y) to the right with ticks above it and numbers at its ends and middle.
void draw_ruler(cairo_t* context, TextSetter& setter, double x, double y, int length);

} // namespace nguon::scanner
