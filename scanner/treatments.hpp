#pragma once

#include "scanner/picture.hpp"

/// What makes a bad photograph readable. All take and give grey pictures; each was kept because it read codes that the
/// others did not.
namespace nguon::scanner {

/// Black for white.
Picture inverted(Picture picture);

/// The darkest and the brightest hundredth become black and white.
Picture stretched(Picture picture);

/// Divides by the brightness of the neighbourhood: shadows and lamps disappear.
Picture even_lighting(Picture const& picture);

/// 3 × 3 mean: sensor noise and printing screens disappear.
Picture smoothed(Picture const& picture);

/// Twice the size, linearly: modules of one or two pixels become readable.
Picture enlarged(Picture const& picture);

} // namespace nguon::scanner
