#pragma once

#include "scanner/picture.hpp"

/// What makes a bad photograph readable. All take and give grey pictures.
namespace nguon::scanner {

/// Black for white.
Picture inverted(Picture picture);

/// The darkest and the brightest hundredth become black and white.
Picture stretched(Picture picture);

/// Divides by the brightness of the neighbourhood: shadows and lamps disappear.
Picture even_lighting(Picture const& picture);

/// 3 × 3 mean: sensor noise and printing screens disappear.
Picture smoothed(Picture const& picture);

/// Adds what differs from the neighbourhood: narrow bars and modules come out of a blurred picture.
Picture sharpened(Picture const& picture);

/// The darkest of 3 × 3: scratches and gaps between dots close.
Picture darkened(Picture const& picture);

/// The brightest of 3 × 3: ink that has run goes back.
Picture lightened(Picture const& picture);

} // namespace nguon::scanner
