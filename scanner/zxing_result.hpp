#pragma once

// ZXing 1.4 returns UTF-8 only when asked.
#ifndef ZX_USE_UTF8
#define ZX_USE_UTF8
#endif
#include <ZXing/ReadBarcode.h>

#include <string>

namespace nguon::scanner {

/// What was read, whole: ZXing 1.4 cuts GS1 QR data at a literal "%" (corrected upstream later), so its codewords are
/// read again.
std::string text_of(ZXing::Result const& read);

} // namespace nguon::scanner
