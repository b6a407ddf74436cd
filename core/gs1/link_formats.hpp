#pragma once

#include "core/gs1/ai_rows.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

/// The tables of the standard for compressed Digital Links: how the value of an AI becomes bits, and the bytes that
/// stand for usual combinations of AIs.
namespace nguon::gs1::packing {

/// Digits of a fixed number, then up to `more` digits or characters with their number in front.
struct Format {
    std::uint8_t digits = 0;
    std::uint8_t more = 0;
    bool text = false;

    constexpr bool exists() const { return digits > 0 || more > 0; }
};

struct FormatGroup {
    Format format;
    std::string_view ais;
};

// clang-format off
inline constexpr FormatGroup format_groups[] = {
    {{2, 0, false}, "20"},
    {{3, 0, false}, "422 424 426"},
    {{4, 0, false}, "3940 8111"},
    {{6, 0, false}, "11 12 13 15 16 17 7006 8005"},
    {{10, 0, false}, "7003"},
    {{13, 0, false}, "410 411 412 413 414 415 416 7001"},
    {{14, 0, false}, "01 02 8001"},
    {{17, 0, false}, "402"},
    {{18, 0, false}, "00 8006 8017 8018 8026"},
    {{0, 4, false}, "7004"},
    {{0, 6, false}, "242"},
    {{0, 8, false}, "30 37"},
    {{0, 10, false}, "8019"},
    {{0, 12, false}, "8011"},
    {{0, 15, false}, "3900 3920"},
    {{3, 12, false}, "423 425"},
    {{3, 15, false}, "3910 3930"},
    {{6, 6, false}, "7007"},
    {{8, 4, false}, "8008"},
    {{13, 12, false}, "255"},
    {{0, 2, true}, "7010"},
    {{0, 3, true}, "427 7008"},
    {{0, 10, true}, "7009"},
    {{0, 12, true}, "7005"},
    {{0, 20, true}, "10 21 22 243 254 420 7020 7021 7022 710 711 712 713 714 8002 8012"},
    {{0, 24, true}, "8007"},
    {{0, 25, true}, "8020"},
    {{0, 30, true}, "240 241 250 251 400 401 403 7002 7023 7230 7231 7232 7233 7234 7235 7236 7237 7238 7239 8004 8010 8013 90"},
    {{0, 50, true}, "8009"},
    {{0, 70, true}, "8110 8112 8200"},
    {{0, 90, true}, "91"},
    {{3, 9, true}, "421"},
    {{3, 27, true}, "7030 7031 7032 7033 7034 7035 7036 7037 7038 7039"},
    {{13, 17, true}, "253"},
    {{14, 16, true}, "8003"},
};
// clang-format on

/// By row of the table of AIs; those that are not there cannot be compressed.
inline constexpr auto formats = [] {
    std::array<Format, rows::count> made{};
    for (std::size_t row = 0; row < rows::count; ++row) {
        auto const first = rows::entries[row].first;
        bool const measure = first.size() == 4 && first[0] == '3' && first[1] >= '1' && first[1] <= '6';
        if (measure) made[row].digits = 6;
    }
    for (auto const& group : format_groups) {
        for (auto rest = group.ais; !rest.empty();) {
            auto const end = rest.find(' ');
            made[rows::row_of(rest.substr(0, end))] = group.format;
            rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        }
    }
    return made;
}();

/// Bits for a length of up to `most`.
constexpr unsigned length_bits(unsigned most) { return static_cast<unsigned>(std::bit_width(most)); }

/// Bits for so many digits: n log2 10 + 0.01, rounded up, as every implementation has it. The hundredth makes no digits
/// one bit, and 59 digits 197.
constexpr unsigned value_bits(unsigned digits)
{
    constexpr double bits_a_digit = 3.321928094887362;
    double const exact = digits * bits_a_digit + 0.01;
    auto const whole = static_cast<unsigned>(exact);
    return whole + (exact > whole ? 1 : 0);
}

/// Two hexadecimal digits that stand for several AIs. `sorted`: the order that GS1's own prototype gives them, which
/// differs where it is not empty; it is read, not written.
struct Shortcut {
    std::uint8_t code;
    std::array<std::string_view, 4> ais;
    std::array<std::string_view, 4> sorted = {};
};

// clang-format off
inline constexpr Shortcut shortcuts[] = {
    {0x0A, {"01", "22"}}, {0x0B, {"01", "10"}}, {0x0C, {"01", "21"}}, {0x0D, {"01", "17"}},
    {0x0E, {"01", "7003"}}, {0x0F, {"01", "30"}},
    {0x1A, {"01", "10", "21", "17"}, {"01", "10", "17", "21"}},
    {0x1B, {"01", "15"}}, {0x1C, {"01", "11"}}, {0x1D, {"01", "16"}}, {0x1E, {"01", "91"}}, {0x1F, {"01", "10", "15"}},
    {0x2A, {"01", "3100"}}, {0x2B, {"01", "3101"}}, {0x2C, {"01", "3102"}}, {0x2D, {"01", "3103"}},
    {0x2E, {"01", "3104"}}, {0x2F, {"01", "3105"}},
    {0x3A, {"01", "3200"}}, {0x3B, {"01", "3201"}}, {0x3C, {"01", "3202"}}, {0x3D, {"01", "3203"}},
    {0x3E, {"01", "3204"}}, {0x3F, {"01", "3205"}},
    {0x9A, {"8010", "8011"}}, {0x9B, {"8017", "8019"}}, {0x9C, {"8018", "8019"}},
    {0x9D, {"414", "254"}, {"254", "414"}},
    {0xA0, {"01", "3920"}}, {0xA1, {"01", "3921"}}, {0xA2, {"01", "3922"}}, {0xA3, {"01", "3923"}},
    {0xA4, {"01", "3924"}}, {0xA5, {"01", "3925"}}, {0xA6, {"01", "3926"}}, {0xA7, {"01", "3927"}},
    {0xA8, {"01", "3928"}}, {0xA9, {"01", "3929"}},
    {0xC0, {"255", "3900"}}, {0xC1, {"255", "3901"}}, {0xC2, {"255", "3902"}}, {0xC3, {"255", "3903"}},
    {0xC4, {"255", "3904"}}, {0xC5, {"255", "3905"}}, {0xC6, {"255", "3906"}}, {0xC7, {"255", "3907"}},
    {0xC8, {"255", "3908"}}, {0xC9, {"255", "3909"}},
    {0xCA, {"255", "3940"}}, {0xCB, {"255", "3941"}}, {0xCC, {"255", "3942"}}, {0xCD, {"255", "3943"}},
};
// clang-format on

/// Place of a shortcut + 1 by its code; 0 for codes that stand for nothing.
inline constexpr auto shortcut_index = [] {
    std::array<std::uint8_t, 256> made{};
    for (std::size_t i = 0; i < std::size(shortcuts); ++i) made[shortcuts[i].code] = static_cast<std::uint8_t>(i + 1);
    return made;
}();

inline constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The six bits of a character; 0xFF for one that is not in the alphabet.
inline constexpr auto sextets = [] {
    std::array<std::uint8_t, 256> made{};
    made.fill(0xFF);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        made[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return made;
}();

/// How the characters of a text are packed.
enum class Encoding : std::uint8_t { digits, lower_hex, upper_hex, base64url, ascii };

inline constexpr std::size_t parameter_chars_max = 127;

} // namespace nguon::gs1::packing
