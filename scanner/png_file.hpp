#pragma once

#include "core/result.hpp"
#include "scanner/bitmap.hpp"

namespace nguon::scanner {

/// A PNG of one bit a pixel that says how large it is to be printed.
Result<std::string> write_png(Bitmap const& bitmap, double dots_per_mm);

} // namespace nguon::scanner
