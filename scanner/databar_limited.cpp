#include "scanner/databar_limited.hpp"

#include "core/gs1/check_digit.hpp"
#include "scanner/databar_widths.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

namespace nguon::scanner {

namespace {

constexpr std::size_t data_elements = 14;
constexpr int data_modules = 26;
constexpr int check_modules = 18;
constexpr int checksum_modulus = 89;
constexpr std::int64_t right_values = 2'013'571;
constexpr std::int64_t composite_first = 2'015'133'531'096; // from here on a composite component is linked
constexpr std::size_t gtin_digits = 13;                     // without the check digit

// Character groups of ISO/IEC 24724 §6.
constexpr std::array<databar::Group, 7> groups{{{17, 6, 3, 28, 0, 183'064},
                                                {13, 5, 4, 728, 183'064, 820'064},
                                                {9, 3, 6, 6'454, 820'064, 1'000'776},
                                                {15, 5, 4, 203, 1'000'776, 1'491'021},
                                                {11, 4, 5, 2'408, 1'491'021, 1'979'845},
                                                {19, 8, 1, 1, 1'979'845, 1'996'939},
                                                {7, 1, 8, 16'632, 1'996'939, 2'013'571}}};

/// The 89 check characters are those of all patterns with these numbers, 21 times that of the bars' widths
/// plus that of the spaces'.
constexpr std::array<int, checksum_modulus> check_patterns{
    0,   1,   2,   3,   4,   5,   6,   7,   8,   9,   10,  11,  12,  13,  14,  15,  16,  17,  18,  19,  20,  21,  22,
    23,  24,  25,  26,  27,  28,  29,  30,  31,  32,  33,  34,  35,  36,  37,  38,  39,  40,  41,  42,  43,  45,  52,
    57,  63,  64,  65,  66,  73,  74,  75,  76,  77,  78,  79,  82,  126, 127, 128, 129, 130, 132, 141, 142, 143, 144,
    145, 146, 210, 211, 212, 213, 214, 215, 216, 217, 220, 316, 317, 318, 319, 320, 322, 323, 326, 337};

/// One half of a check character: six widths of eight modules in 21 patterns.
constexpr std::array<databar::Group, 1> check_half{{{8, 3, 1, 1, 0, 21}}};

/// The number of a check pattern; nothing when the two elements at its end are not narrow.
std::optional<int> check_pattern(std::span<int const> widths)
{
    if (widths[12] != 1 || widths[13] != 1) return {};
    std::array<int, 12> spaces{};
    std::array<int, 12> bars{};
    spaces.fill(1);
    bars.fill(1);
    for (std::size_t i = 0; i < 6; ++i) {
        spaces[2 * i] = widths[2 * i];
        bars[2 * i] = widths[2 * i + 1];
    }
    auto const first = databar::character_value(spaces, check_half, databar::NeedsNarrow::even);
    auto const second = databar::character_value(bars, check_half, databar::NeedsNarrow::even);
    if (!first || !second) return {};
    return *first * 21 + *second;
}

int checksum(std::span<int const> left, std::span<int const> right)
{
    auto sum = 0;
    auto weight = 1; // powers of three
    for (auto const& part : {left, right})
        for (auto const width : part) {
            sum = (sum + weight * width) % checksum_modulus;
            weight = weight * 3 % checksum_modulus;
        }
    return sum;
}

int modules_of(std::span<int const> widths) { return std::accumulate(widths.begin(), widths.end(), 0); }

std::optional<std::string> to_gtin(std::int64_t value)
{
    if (value >= composite_first) return {};
    auto digits = std::to_string(value);
    if (digits.size() > gtin_digits) return {};
    digits.insert(0, gtin_digits - digits.size(), '0');
    if (digits.front() > '1') return {};
    return digits + gs1::check_digit(digits);
}

} // namespace

std::optional<std::string> read_databar_limited(std::vector<bool> const& row)
{
    auto runs = databar::run_lengths(row);
    // Guard bar, two characters around the check character, space and bar of the right guard.
    constexpr std::size_t runs_of_symbol = 1 + 3 * data_elements + 2;
    auto const dark_first = !row.empty() && row.front();
    auto const skipped = dark_first ? 0U : 1U;
    auto const dark_last = !row.empty() && row.back();
    if (runs.size() != runs_of_symbol + skipped + (dark_last ? 0U : 1U)) return {};
    auto const symbol = std::span<int const>{runs}.subspan(skipped, runs_of_symbol);

    auto const left = symbol.subspan(1, data_elements);
    auto const check = symbol.subspan(1 + data_elements, data_elements);
    auto const right = symbol.subspan(1 + 2 * data_elements, data_elements);
    auto const guards_are_narrow =
        symbol.front() == 1 && symbol[runs_of_symbol - 2] == 1 && symbol[runs_of_symbol - 1] == 1;
    if (!guards_are_narrow || modules_of(left) != data_modules || modules_of(right) != data_modules ||
        modules_of(check) != check_modules)
        return {};

    auto const first = databar::character_value(left, groups, databar::NeedsNarrow::even);
    auto const second = databar::character_value(right, groups, databar::NeedsNarrow::even);
    if (!first || !second) return {};
    auto const pattern = check_pattern(check);
    if (!pattern || *pattern != check_patterns[static_cast<std::size_t>(checksum(left, right))]) return {};
    return to_gtin(*first * right_values + *second);
}

} // namespace nguon::scanner
