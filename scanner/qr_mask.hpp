#pragma once

#include "scanner/symbol.hpp"

namespace nguon::scanner {

/// Gives a QR code that was drawn with mask 0 the mask of least penalty (ISO/IEC 18004 §7.8.3). libzint's own choice
/// among the eight takes nine tenths of its time; here a row is a few machine words.
void choose_qr_mask(Modules& modules, EccLevel level);

} // namespace nguon::scanner
