#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nguon::scanner {

/// The data of a GS1 QR code (FNC1 in first position) from its corrected data codewords, separators as U+001D.
/// `ecc_level` is "L", "M", "Q" or "H": together with the number of codewords it tells the version's group.
/// Nothing when the bits use a mode that GS1 symbols do not (Kanji, structured append) or end early.
std::optional<std::string> read_gs1_qr_bits(std::string_view codewords, std::string_view ecc_level);

} // namespace nguon::scanner
