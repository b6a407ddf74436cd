#include "scanner/qr_mask.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace nguon::scanner {

namespace {

constexpr int masks = 8;
constexpr int mask_period = 12; // in both directions
constexpr int side_max = 177;
constexpr std::size_t words_max = 3;

constexpr int run_penalty = 3; // for five alike; one more for each further
constexpr int block_penalty = 3;
constexpr int finder_penalty = 40;
constexpr int balance_penalty = 10;

/// A row or column of modules, the first in the lowest bit.
template <std::size_t words>
struct Line {
    std::array<std::uint64_t, words> word = {};

    constexpr void set(int at) { word[static_cast<std::size_t>(at) / 64] |= std::uint64_t{1} << (at % 64); }
    constexpr void assign(int at, bool dark)
    {
        auto& target = word[static_cast<std::size_t>(at) / 64];
        auto const bit = std::uint64_t{1} << (at % 64);
        target = dark ? target | bit : target & ~bit;
    }
    constexpr bool get(int at) const { return (word[static_cast<std::size_t>(at) / 64] >> (at % 64) & 1) != 0; }
    int count() const
    {
        auto sum = 0;
        for (auto const part : word) sum += std::popcount(part);
        return sum;
    }
};

template <std::size_t words, typename Combine>
Line<words> combine(Line<words> const& a, Line<words> const& b, Combine with)
{
    Line<words> out;
    for (std::size_t i = 0; i < words; ++i) out.word[i] = with(a.word[i], b.word[i]);
    return out;
}

template <std::size_t words>
Line<words> operator&(Line<words> const& a, Line<words> const& b)
{
    return combine(a, b, [](std::uint64_t x, std::uint64_t y) { return x & y; });
}

template <std::size_t words>
Line<words> operator^(Line<words> const& a, Line<words> const& b)
{
    return combine(a, b, [](std::uint64_t x, std::uint64_t y) { return x ^ y; });
}

template <std::size_t words>
Line<words> operator~(Line<words> const& a)
{
    return combine(a, a, [](std::uint64_t x, std::uint64_t) { return ~x; });
}

/// Every module takes the place of the one `by` (1 … 63) before it.
template <std::size_t words>
Line<words> operator>>(Line<words> const& a, int by)
{
    Line<words> out;
    for (std::size_t i = 0; i < words; ++i) {
        out.word[i] = a.word[i] >> by;
        if (i + 1 < words) out.word[i] |= a.word[i + 1] << (64 - by);
    }
    return out;
}

template <std::size_t words>
Line<words> first_modules(int count)
{
    Line<words> line;
    for (int i = 0; i < count; ++i) line.set(i);
    return line;
}

/// Whether mask `mask` turns the module over (table 10).
constexpr bool turns(int mask, int x, int y)
{
    switch (mask) {
    case 0:
        return (x + y) % 2 == 0;
    case 1:
        return y % 2 == 0;
    case 2:
        return x % 3 == 0;
    case 3:
        return (x + y) % 3 == 0;
    case 4:
        return (y / 2 + x / 3) % 2 == 0;
    case 5:
        return x * y % 2 + x * y % 3 == 0;
    case 6:
        return (x * y % 2 + x * y % 3) % 2 == 0;
    default:
        return ((x + y) % 2 + x * y % 3) % 2 == 0;
    }
}

using MaskTable = std::array<std::array<Line<words_max>, mask_period>, masks>;

/// What changes a row (or, transposed, a column) from mask 0 to another.
constexpr MaskTable make_changes(bool transposed)
{
    MaskTable table{};
    for (int mask = 0; mask < masks; ++mask)
        for (int y = 0; y < mask_period; ++y)
            for (int x = 0; x < side_max; ++x) {
                auto const changes =
                    transposed ? turns(mask, y, x) != turns(0, y, x) : turns(mask, x, y) != turns(0, x, y);
                if (changes) table[static_cast<std::size_t>(mask)][static_cast<std::size_t>(y)].set(x);
            }
    return table;
}

template <std::size_t words>
Line<words> first_words(Line<words_max> const& line)
{
    Line<words> out;
    for (std::size_t i = 0; i < words; ++i) out.word[i] = line.word[i];
    return out;
}

/// A symbol by rows and by columns.
template <std::size_t words>
struct Grid {
    std::array<Line<words>, words* 64> rows = {};
    std::array<Line<words>, words* 64> columns = {};

    void assign(int x, int y, bool dark)
    {
        rows[static_cast<std::size_t>(y)].assign(x, dark);
        columns[static_cast<std::size_t>(x)].assign(y, dark);
    }
    void fill(int left, int top, int width, int height)
    {
        for (int y = top; y < top + height; ++y)
            for (int x = left; x < left + width; ++x) assign(x, y, true);
    }
};

/// Centres of the alignment patterns in one direction (annex E).
std::vector<int> alignment_centres(int side)
{
    auto const version = (side - 17) / 4;
    if (version == 1) return {};
    auto const count = version / 7 + 2;
    auto const step = version == 32 ? 26 : (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
    std::vector<int> centres{6};
    for (int i = count - 2; i >= 0; --i) centres.push_back(side - 7 - i * step);
    return centres;
}

/// Dark where a mask does not reach: patterns, format and version.
template <std::size_t words>
Grid<words> function_modules(int side)
{
    Grid<words> grid;
    grid.fill(0, 0, 9, 9);
    grid.fill(side - 8, 0, 8, 9);
    grid.fill(0, side - 8, 9, 8);
    grid.fill(0, 6, side, 1);
    grid.fill(6, 0, 1, side);
    auto const centres = alignment_centres(side);
    for (auto const x : centres)
        for (auto const y : centres) {
            auto const in_finder = (x == 6 && y == 6) || (x == 6 && y == side - 7) || (x == side - 7 && y == 6);
            if (!in_finder) grid.fill(x - 2, y - 2, 5, 5);
        }
    constexpr int first_with_version = 45; // version 7
    if (side >= first_with_version) {
        grid.fill(side - 11, 0, 3, 6);
        grid.fill(0, side - 11, 6, 3);
    }
    return grid;
}

/// The fifteen bits of level and mask (§7.9).
int format_bits(EccLevel level, int mask)
{
    constexpr std::array<int, 4> level_bits{1, 0, 3, 2};
    auto const data = level_bits[static_cast<std::size_t>(level)] << 3 | mask;
    auto remainder = data;
    for (int i = 0; i < 10; ++i) remainder = remainder << 1 ^ (remainder >> 9) * 0x537;
    return (data << 10 | remainder) ^ 0x5412;
}

template <std::size_t words>
void write_format(Grid<words>& grid, int side, EccLevel level, int mask)
{
    auto const bits = format_bits(level, mask);
    auto const bit = [&](int i) { return (bits >> i & 1) != 0; };
    for (int i = 0; i < 6; ++i) grid.assign(8, i, bit(i));
    grid.assign(8, 7, bit(6));
    grid.assign(8, 8, bit(7));
    grid.assign(7, 8, bit(8));
    for (int i = 9; i < 15; ++i) grid.assign(14 - i, 8, bit(i));
    for (int i = 0; i < 8; ++i) grid.assign(side - 1 - i, 8, bit(i));
    for (int i = 8; i < 15; ++i) grid.assign(8, side - 15 + i, bit(i));
}

/// Runs of five and more alike, and what looks like a finder pattern, along one line.
template <std::size_t words>
int line_penalty(Line<words> const& line, Line<words> const& pairs, Line<words> const& finders)
{
    // Where a module and the four behind it are alike; a run of n has n - 4 such starts.
    auto const alike = ~(line ^ (line >> 1)) & pairs;
    auto const two = alike & (alike >> 1);
    auto const starts = two & (two >> 2);
    auto const run_ends = starts & ~(starts >> 1);
    auto penalty = starts.count() + (run_penalty - 1) * run_ends.count();

    // 1011101 with four light modules before or behind it.
    auto const light = ~line;
    auto const core = line & (light >> 1) & (line >> 2) & (line >> 3) & (line >> 4) & (light >> 5) & (line >> 6);
    auto const light_two = light & (light >> 1);
    auto const light_four = light_two & (light_two >> 2);
    auto const behind = core & (light_four >> 7) & finders;
    auto const before = light_four & (core >> 4) & finders;
    penalty += finder_penalty * (behind.count() + before.count());
    return penalty;
}

template <std::size_t words>
int penalty_of(Grid<words> const& grid, int side)
{
    auto const pairs = first_modules<words>(side - 1);
    auto const finders = first_modules<words>(side - 10);
    auto penalty = 0;
    auto dark = 0;
    for (int i = 0; i < side; ++i) {
        auto const at = static_cast<std::size_t>(i);
        auto const& row = grid.rows[at];
        penalty += line_penalty(row, pairs, finders) + line_penalty(grid.columns[at], pairs, finders);
        dark += row.count();
        if (i + 1 == side) break;
        auto const same_below = ~(row ^ grid.rows[at + 1]);
        auto const same_beside = ~(row ^ (row >> 1)) & pairs;
        penalty += block_penalty * (same_beside & same_below & (same_below >> 1)).count();
    }
    auto const all = side * side;
    return penalty + balance_penalty * (std::abs(dark * 20 - all * 10) / all);
}

template <std::size_t words>
void choose(Modules& modules, EccLevel level)
{
    static constexpr auto row_changes = make_changes(false);
    static constexpr auto column_changes = make_changes(true);
    auto const side = modules.width;
    auto const fixed = function_modules<words>(side);
    auto const inside = first_modules<words>(side);
    Grid<words> drawn;
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            if (modules.dark(x, y)) drawn.assign(x, y, true);

    Grid<words> best = drawn;
    auto least = penalty_of(drawn, side);
    for (std::size_t mask = 1; mask < masks; ++mask) {
        auto candidate = drawn;
        for (std::size_t i = 0; i < static_cast<std::size_t>(side); ++i) {
            auto const row_change = first_words<words>(row_changes[mask][i % mask_period]);
            auto const column_change = first_words<words>(column_changes[mask][i % mask_period]);
            candidate.rows[i] = drawn.rows[i] ^ (row_change & ~fixed.rows[i] & inside);
            candidate.columns[i] = drawn.columns[i] ^ (column_change & ~fixed.columns[i] & inside);
        }
        write_format(candidate, side, level, static_cast<int>(mask));
        if (auto const penalty = penalty_of(candidate, side); penalty < least) {
            least = penalty;
            best = candidate;
        }
    }
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            modules.cells[static_cast<std::size_t>(y * side + x)] =
                best.rows[static_cast<std::size_t>(y)].get(x) ? 1 : 0;
}

} // namespace

void choose_qr_mask(Modules& modules, EccLevel level)
{
    constexpr int one_word = 64;
    if (modules.width <= one_word)
        choose<1>(modules, level);
    else
        choose<words_max>(modules, level);
}

} // namespace nguon::scanner
