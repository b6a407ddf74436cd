#pragma once

#include "scanner/symbology.hpp"

// ZXing 1.4 returns UTF-8 only when asked.
#ifndef ZX_USE_UTF8
#define ZX_USE_UTF8
#endif
#include <ZXing/ReadBarcode.h>

#include <string>

/// What we draw and what ZXing calls it: the one place where the two meet.
namespace nguon::scanner {

/// What ZXing calls the symbology; None for DataBar Limited, which ZXing 1.4 does not know.
ZXing::BarcodeFormat format_of(Symbology symbology);

/// The name of what was read as `nguon encode --symbology` takes it; ZXing's own name of kinds that we do not draw.
/// Whether a Data Matrix is a rectangle or a DataBar stacked is not told apart: the data are the same.
std::string symbology_name(ZXing::Result const& read);

/// What was read, whole: ZXing 1.4 cuts GS1 QR data at a literal "%" (corrected upstream later), so its codewords are
/// read again.
std::string text_of(ZXing::Result const& read);

} // namespace nguon::scanner
