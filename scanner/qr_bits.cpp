#include "scanner/qr_bits.hpp"

#include <array>
#include <cstddef>

namespace nguon::scanner {

namespace {

constexpr char group_separator = '\x1D';
constexpr std::string_view alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Data codewords of versions 9 and 26, the last of their groups (ISO/IEC 18004 table 7).
struct GroupEnds {
    std::string_view level;
    std::size_t version_9;
    std::size_t version_26;
};
constexpr std::array<GroupEnds, 4> group_ends{{{"L", 232, 1370}, {"M", 182, 1062}, {"Q", 132, 754}, {"H", 100, 596}}};

/// Bits of the character count for versions 1–9, 10–26 and 27–40 (table 3).
constexpr std::array<unsigned, 3> numeric_count{10, 12, 14};
constexpr std::array<unsigned, 3> alphanumeric_count{9, 11, 13};
constexpr std::array<unsigned, 3> byte_count{8, 16, 16};

class BitReader {
public:
    explicit BitReader(std::string_view bytes) : bytes_{bytes} {}

    std::size_t left() const { return bytes_.size() * 8 - at_; }

    /// The next bits, nothing when there are fewer.
    std::optional<unsigned> take(unsigned count)
    {
        if (left() < count) return {};
        unsigned value = 0;
        for (unsigned i = 0; i < count; ++i, ++at_)
            value = value << 1 | (static_cast<unsigned char>(bytes_[at_ / 8]) >> (7 - at_ % 8) & 1U);
        return value;
    }

private:
    std::string_view bytes_;
    std::size_t at_ = 0;
};

/// In alphanumeric mode of a GS1 symbol "%" separates and "%%" is a per cent sign (§7.4.8.1).
std::string without_escapes(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == '%') {
            plain += '%';
            ++i;
        } else {
            plain += group_separator;
        }
    }
    return plain;
}

std::optional<std::string> read_numeric(BitReader& bits, unsigned count)
{
    std::string digits;
    while (count > 0) {
        auto const length = count >= 3 ? 3U : count;
        auto const value = bits.take(length * 3 + 1);
        if (!value) return {};
        auto group = std::to_string(*value);
        if (group.size() > length) return {};
        digits += std::string(length - group.size(), '0') + group;
        count -= length;
    }
    return digits;
}

std::optional<std::string> read_alphanumeric(BitReader& bits, unsigned count)
{
    std::string text;
    for (; count >= 2; count -= 2) {
        auto const pair = bits.take(11);
        if (!pair || *pair >= alphanumeric.size() * alphanumeric.size()) return {};
        text += alphanumeric[*pair / alphanumeric.size()];
        text += alphanumeric[*pair % alphanumeric.size()];
    }
    if (count == 1) {
        auto const single = bits.take(6);
        if (!single || *single >= alphanumeric.size()) return {};
        text += alphanumeric[*single];
    }
    return without_escapes(text);
}

std::optional<std::string> read_bytes(BitReader& bits, unsigned count)
{
    std::string text;
    for (; count > 0; --count) {
        auto const byte = bits.take(8);
        if (!byte || *byte >= 0x80) return {}; // GS1 data is ASCII
        text += static_cast<char>(*byte);
    }
    return text;
}

std::optional<std::string> read_segment(BitReader& bits, unsigned mode, std::size_t group)
{
    auto const& widths = mode == 1 ? numeric_count : mode == 2 ? alphanumeric_count : byte_count;
    auto const count = bits.take(widths[group]);
    if (!count) return {};
    switch (mode) {
    case 1:
        return read_numeric(bits, *count);
    case 2:
        return read_alphanumeric(bits, *count);
    case 4:
        return read_bytes(bits, *count);
    default:
        return {};
    }
}

} // namespace

std::optional<std::string> read_gs1_qr_bits(std::string_view codewords, std::string_view ecc_level)
{
    std::size_t group = 3;
    for (auto const& ends : group_ends)
        if (ends.level == ecc_level)
            group = codewords.size() <= ends.version_9 ? 0 : codewords.size() <= ends.version_26 ? 1 : 2;
    if (group > 2) return {};

    BitReader bits{codewords};
    std::string text;
    while (bits.left() >= 4) {
        auto const mode = *bits.take(4);
        if (mode == 0) return text;
        if (mode == 5) continue; // FNC1 in first position
        if (mode == 7) {         // ECI: one designator of 8 bits is all that ASCII data needs
            if (auto const designator = bits.take(8); !designator || *designator >= 0x80) return {};
            continue;
        }
        auto const segment = read_segment(bits, mode, group);
        if (!segment) return {};
        text += *segment;
    }
    return text;
}

} // namespace nguon::scanner
