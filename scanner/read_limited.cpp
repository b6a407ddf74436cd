#include "scanner/read_limited.hpp"

#include "scanner/databar_limited.hpp"
#include "scanner/symbol_area.hpp"
#include "scanner/symbology.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>

namespace nguon::scanner {

namespace {

constexpr int lines_looked_at = 64;
constexpr std::size_t lines_min = 2; // that agree
constexpr int contrast_min = 12;     // between bars and spaces

// ISO/IEC 24724 §6: a guard bar, two characters around the check character, a space and a bar.
constexpr std::size_t character_runs = 14;
constexpr std::size_t symbol_runs = 1 + 3 * character_runs + 2;
constexpr std::array character_modules{26, 18, 26};
constexpr int symbol_modules = 1 + 26 + 18 + 26 + 2;

/// Where a line changes between dark and bright; the first run is bright.
struct Runs {
    std::vector<int> edges = {0};
};

/// The threshold lies between the darkest and the brightest of a stretch around each pixel.
Runs runs_of(std::span<std::uint8_t const> line)
{
    auto const reach = std::max<std::ptrdiff_t>(8, static_cast<std::ptrdiff_t>(line.size()) / 24);
    Runs runs;
    auto dark = false;
    auto const length = static_cast<std::ptrdiff_t>(line.size());
    auto low = 0;
    auto high = 255;
    for (std::ptrdiff_t x = 0; x < length; ++x) {
        if (x % 8 == 0) { // near enough
            auto const from = line.begin() + std::max<std::ptrdiff_t>(0, x - reach);
            auto const to = line.begin() + std::min(length, x + reach);
            auto const [least, most] = std::minmax_element(from, to);
            low = *least;
            high = *most;
        }
        auto const is_dark = high - low >= contrast_min && line[static_cast<std::size_t>(x)] < (low + high) / 2;
        if (is_dark != dark) {
            runs.edges.push_back(static_cast<int>(x));
            dark = is_dark;
        }
    }
    runs.edges.push_back(static_cast<int>(length));
    return runs;
}

/// The modules of one character: its edges on the grid of its own width.
bool add_character(std::span<int const> edges, int modules, std::vector<bool>& row)
{
    auto const width = static_cast<double>(edges.back() - edges.front()) / modules;
    auto at = 0;
    for (std::size_t i = 1; i < edges.size(); ++i) {
        auto const end = static_cast<int>(std::lround((edges[i] - edges.front()) / width));
        if (end <= at) return false;
        row.insert(row.end(), static_cast<std::size_t>(end - at), i % 2 == 0); // bright first
        at = end;
    }
    return at == modules;
}

/// The GTIN of the symbol whose first bar begins at `edges.front()`.
std::optional<std::string> read_symbol(std::span<int const> edges)
{
    auto const module = static_cast<double>(edges.back() - edges.front()) / symbol_modules;
    auto const is_narrow = [&](std::size_t run) {
        auto const width = edges[run + 1] - edges[run];
        return width > 0.3 * module && width < 1.9 * module;
    };
    if (!is_narrow(0) || !is_narrow(symbol_runs - 2) || !is_narrow(symbol_runs - 1)) return {};
    std::vector<bool> row{true};
    auto from = std::size_t{1};
    for (auto const modules : character_modules) {
        auto const character = edges.subspan(from, character_runs + 1);
        auto const width = character.back() - character.front();
        if (std::abs(width - modules * module) > 1.5 * module || !add_character(character, modules, row)) return {};
        from += character_runs;
    }
    row.push_back(false);
    row.push_back(true);
    return read_databar_limited(row);
}

struct LineReading {
    std::string gtin = {};
    int from = 0; // along the line, from the symbol's own left
    int to = 0;
};

std::optional<LineReading> read_line(std::vector<std::uint8_t> line)
{
    auto const length = static_cast<int>(line.size());
    for (bool const reversed : {false, true}) {
        if (reversed) std::reverse(line.begin(), line.end());
        auto const edges = runs_of(line).edges;
        for (std::size_t i = 1; i + symbol_runs < edges.size(); i += 2) {
            auto const symbol = std::span{edges}.subspan(i, symbol_runs + 1);
            if (symbol.back() - symbol.front() < symbol_modules) continue;
            auto gtin = read_symbol(symbol);
            if (!gtin) continue;
            auto const place = [&](int at) { return reversed ? length - 1 - at : at; };
            return LineReading{*std::move(gtin), place(symbol.front()), place(symbol.back())};
        }
    }
    return {};
}

std::vector<std::uint8_t> line_of(Picture const& picture, int number, bool column)
{
    if (!column) return {picture.row(number), picture.row(number) + picture.width};
    std::vector<std::uint8_t> line;
    for (int y = 0; y < picture.height; ++y) line.push_back(picture.row(y)[number]);
    return line;
}

struct Candidate {
    std::string gtin = {};
    Area area = {};
    std::size_t lines = 0;
};

} // namespace

std::vector<ReadSymbol> read_limited_symbols(Picture const& picture)
{
    std::vector<Candidate> candidates;
    for (bool const column : {false, true}) {
        auto const count = column ? picture.width : picture.height;
        auto const step = std::max(1, count / lines_looked_at);
        for (int number = step / 2; number < count; number += step) {
            auto const read = read_line(line_of(picture, number, column));
            if (!read) continue;
            auto const spot = [&](int at) {
                return column ? Spot{static_cast<double>(number), static_cast<double>(at)}
                              : Spot{static_cast<double>(at), static_cast<double>(number)};
            };
            auto const known = std::find_if(candidates.begin(), candidates.end(),
                                            [&](auto const& candidate) { return candidate.gtin == read->gtin; });
            if (known != candidates.end())
                ++known->lines;
            else
                candidates.push_back(
                    {read->gtin, {spot(read->from), spot(read->to), spot(read->to), spot(read->from)}, 1});
        }
    }
    std::vector<ReadSymbol> symbols;
    for (auto const& candidate : candidates)
        if (candidate.lines >= lines_min)
            symbols.push_back({std::string{to_name(Symbology::databar_limited)}, "]e0",
                               std::string{gtin_identifier} + candidate.gtin, follow_bars(picture, candidate.area)});
    return symbols;
}

} // namespace nguon::scanner
