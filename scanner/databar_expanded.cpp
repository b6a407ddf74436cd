#include "scanner/databar_expanded.hpp"

#include "scanner/databar_widths.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace nguon::scanner {

namespace {

constexpr std::size_t character_elements = 8;
constexpr std::size_t finder_elements = 5;
constexpr std::size_t pair_elements = 2 * character_elements + finder_elements;
constexpr std::size_t guard_elements = 2;
constexpr int character_modules = 17;
constexpr int check_modulus = 211;
constexpr int bits_per_character = 12;
constexpr std::size_t pairs_max = 11;

// Character groups of ISO/IEC 24724 §7.
constexpr std::array<databar::Group, 5> groups{{{12, 7, 2, 4, 0, 348},
                                                {10, 5, 4, 20, 348, 1388},
                                                {8, 4, 5, 52, 1388, 2948},
                                                {6, 3, 6, 104, 2948, 3988},
                                                {4, 1, 8, 204, 3988, 4192}}};

/// Finder patterns A1 … F1; A2 … F2 are the same from right to left (ISO/IEC 24724 §7).
constexpr std::array<std::array<int, finder_elements>, 6> finders{
    {{1, 8, 4, 1, 1}, {3, 6, 4, 1, 1}, {3, 4, 6, 1, 1}, {3, 2, 8, 1, 1}, {2, 6, 5, 1, 1}, {2, 2, 9, 1, 1}}};

/// The letters of the finder patterns by their number (ISO/IEC 24724 §7); patterns 1 and 2 take turns.
constexpr std::array<std::string_view, 10> finder_sequences{
    {"AA", "ABB", "ACBD", "AEBDC", "AEBDDF", "AEBDEFF", "AABBCCDD", "AABBCCDEE", "AABBCCDEFF", "AABBCDDEEFF"}};

using Runs = std::vector<int>;

/// Two characters around a finder pattern, as they stand in a row.
struct Pair {
    int finder = 0; // 0 … 5, A … F
    bool second_direction = false;
    std::array<int, character_elements> left = {};  // from the outside towards the finder
    std::array<int, character_elements> right = {}; // so too
    bool has_right = false;
};

struct Finder {
    int letter = 0;
    bool second_direction = false;
};

std::optional<Finder> find_finder(std::span<int const> widths)
{
    for (std::size_t i = 0; i < finders.size(); ++i) {
        auto const letter = static_cast<int>(i);
        if (std::equal(widths.begin(), widths.end(), finders[i].begin())) return Finder{letter, false};
        if (std::equal(widths.begin(), widths.end(), finders[i].rbegin())) return Finder{letter, true};
    }
    return {};
}

bool is_character(std::span<int const> widths)
{
    return std::accumulate(widths.begin(), widths.end(), 0) == character_modules;
}

/// The pairs between the guards of a row; nothing when it is no row of characters.
std::optional<std::vector<Pair>> read_pairs(std::span<int const> runs)
{
    std::vector<Pair> pairs;
    while (runs.size() > guard_elements) {
        if (runs.size() < character_elements + finder_elements) return {};
        auto const left = runs.first(character_elements);
        auto const finder = find_finder(runs.subspan(character_elements, finder_elements));
        if (!finder || !is_character(left)) return {};
        Pair pair{finder->letter, finder->second_direction, {}, {}, runs.size() >= pair_elements};
        std::copy(left.begin(), left.end(), pair.left.begin());
        if (pair.has_right) {
            auto const right = runs.subspan(character_elements + finder_elements, character_elements);
            if (!is_character(right)) return {};
            std::copy(right.rbegin(), right.rend(), pair.right.begin());
        }
        pairs.push_back(pair);
        runs = runs.subspan(pair.has_right ? pair_elements : character_elements + finder_elements);
    }
    return pairs;
}

/// A row may run from right to left, and either end may have its guard's space lost in the quiet zone.
struct RowReadings {
    std::vector<std::vector<Pair>> readings = {};
};

RowReadings read_row(std::vector<bool> const& row)
{
    RowReadings all;
    auto const dark = std::find(row.begin(), row.end(), true);
    auto const end = std::find(row.rbegin(), row.rend(), true).base();
    if (dark == row.end()) return all;
    Runs bars = databar::run_lengths(std::vector<bool>(dark, end));
    for (bool const reversed : {false, true}) {
        if (reversed) std::reverse(bars.begin(), bars.end());
        // The guard is a space and a bar, or a bar and a space.
        for (std::size_t const guard_bars : {1U, 2U}) {
            if (bars.size() <= guard_bars || bars.front() != 1) continue;
            if (auto pairs = read_pairs(std::span{bars}.subspan(guard_bars)); pairs && !pairs->empty())
                all.readings.push_back(*std::move(pairs));
        }
    }
    return all;
}

/// Whether these pairs stand at `from` in the sequence of finder patterns.
bool continues(std::vector<Pair> const& pairs, std::string_view sequence, std::size_t from)
{
    if (from + pairs.size() > sequence.size()) return false;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        auto const expected = sequence[from + i] - 'A';
        if (pairs[i].finder != expected || pairs[i].second_direction != ((from + i) % 2 == 1)) return false;
    }
    return true;
}

/// The pairs of all rows in the order of this sequence.
std::optional<std::vector<Pair>> in_sequence(std::vector<RowReadings> const& rows, std::string_view sequence)
{
    std::vector<Pair> all;
    for (auto const& row : rows) {
        auto const fits = std::find_if(row.readings.begin(), row.readings.end(), [&](std::vector<Pair> const& pairs) {
            return continues(pairs, sequence, all.size());
        });
        if (fits == row.readings.end()) return {};
        all.insert(all.end(), fits->begin(), fits->end());
    }
    if (all.size() != sequence.size()) return {};
    return all;
}

/// What a character adds to the check sum: its widths times successive powers of three.
int weighted(std::array<int, character_elements> const& widths, int row)
{
    auto weight = 1;
    for (int i = 0; i < row * static_cast<int>(character_elements); ++i) weight = weight * 3 % check_modulus;
    auto sum = 0;
    for (auto const width : widths) {
        sum += weight * width;
        weight = weight * 3 % check_modulus;
    }
    return sum % check_modulus;
}

/// The bits of the data characters; nothing when the check character, the first of all, does not agree.
std::optional<std::string> data_bits(std::vector<Pair> const& pairs)
{
    std::string bits;
    auto sum = 0;
    auto characters = 0;
    std::optional<int> check;
    auto add = [&](std::array<int, character_elements> const& widths, int weight_row) {
        auto const value = databar::character_value(widths, groups, databar::NeedsNarrow::odd);
        if (!value) return false;
        ++characters;
        if (weight_row < 0) {
            check = value;
            return true;
        }
        if (*value >= 1 << bits_per_character) return false;
        sum += weighted(widths, weight_row);
        for (int bit = bits_per_character - 1; bit >= 0; --bit) bits += (*value >> bit & 1) != 0 ? '1' : '0';
        return true;
    };
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        auto const& pair = pairs[i];
        auto const weight_row = 4 * pair.finder + (pair.second_direction ? 2 : 0);
        if (!add(pair.left, weight_row - 1)) return {};
        if (!pair.has_right && i + 1 != pairs.size()) return {};
        if (pair.has_right && !add(pair.right, weight_row)) return {};
    }
    if (!check || *check != check_modulus * (characters - 4) + sum % check_modulus) return {};
    return bits;
}

} // namespace

std::optional<std::string> read_databar_expanded(std::vector<std::vector<bool>> const& rows)
{
    std::vector<RowReadings> read;
    for (auto const& row : rows) {
        auto readings = read_row(row);
        if (readings.readings.empty()) continue;
        // Rows take turns in their direction ; where the patterns fit in both, that decides.
        if (read.size() % 2 == 1) std::reverse(readings.readings.begin(), readings.readings.end());
        read.push_back(std::move(readings));
    }
    if (read.empty() || read.size() > pairs_max) return {};
    for (auto const sequence : finder_sequences) {
        auto const pairs = in_sequence(read, sequence);
        if (!pairs) continue;
        auto const bits = data_bits(*pairs);
        return bits ? read_databar_expanded_bits(*bits) : std::nullopt;
    }
    return {};
}

} // namespace nguon::scanner
