#pragma once

#include "scanner/views.hpp"

namespace nguon::scanner {

/// The whole of a linear or stacked symbol, of which only those scan lines are known that read it: its bars are
/// followed up and down from there.
Area follow_bars(Picture const& picture, Area const& read);

/// Paints the area and a little around it white, so that the next search does not find the same symbol again.
void blank_area(Picture& picture, Area const& area);

/// The upright box around the area, as far as it lies in the picture.
Box box_of(Area const& area, Picture const& picture, double ground = 0);

/// Whether the middle of the one lies within the upright box around the other.
bool overlap(Area const& one, Area const& other);

} // namespace nguon::scanner
