#pragma once

#include <string>
#include <string_view>

namespace nguon::server {

/// Quality 0 to 11; 11 is for files compressed once at start, 4 for answers.
std::string compress_brotli(std::string_view bytes, int quality);
/// Level 1 to 9, gzip framing without a time stamp.
std::string compress_gzip(std::string_view bytes, int level);

/// True for texts: HTML, CSS, JSON, SVG, XML, JavaScript, CSV and plain text.
bool is_compressible(std::string_view media_type);

} // namespace nguon::server
