#include "scanner/databar_expanded.hpp"
#include "scanner/databar_limited.hpp"

#include "core/gs1/check_digit.hpp"
#include "core/gs1/element_string.hpp"
#include "scanner/symbol.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace nguon::scanner {
namespace {

/// A row as text: "#" is dark.
std::vector<bool> modules(std::string_view row)
{
    std::vector<bool> out;
    for (auto const module : row) out.push_back(module == '#');
    return out;
}

std::vector<std::vector<bool>> rows_of(Modules const& drawn)
{
    std::vector<std::vector<bool>> rows;
    for (int y = 0; y < drawn.height; ++y) {
        rows.emplace_back();
        for (int x = 0; x < drawn.width; ++x) rows.back().push_back(drawn.dark(x, y));
    }
    return rows;
}

/// What a third program drew for the code beside it.
struct Drawn {
    std::string_view code;
    std::string_view row;
};

constexpr Drawn limited_symbols[] = {
    {"15012345678907", ".#...##..##...##.##.#.#..###.#..#.#.##.#..##.#..#..#.##...##.###..##..##.#....."},
    {"00012345678905", ".#.##.#.##..#.#.....#......#.#.#.##.##.#...#.#.#.###..##..###.#.....#.##.#....."},
};

constexpr Drawn expanded_symbols[] = {
    {"(01)08938501234568",
     ".#...#.#.....##...#.########....#.####....##.##..#.###....#.#.#.....#.####......###.###..###..###..#"
     ".###...##.###.###...######....#.#."},
    {"(01)98898765432106(3202)012345(15)991231",
     ".#..#....##...##.##.########....#.###....##..#.#...##.#......##...#.#.######....###.#..###......#..#"
     ".#..#####.###..##...######....#.###.##.....#..#..#...####..#.##...#.########..###...##.####.#....#.#"},
    {"(01)90012345678908(3103)001750",
     ".#.###..#.....#..##.########....#.###....#..##...#.#.####.###..##...#.####......###..#.###...###.###"
     ".####.#.####...##...######....#.#.##....#..#####.#."},
    {"(01)90012345678908(3922)795",
     ".#.##.....#...#.###.########....#.#..###.....#.##..#.####..##.#####.#.######....###...#.##....##.###"
     "...####.##.#.####...######....#.#..####.###.#....##...##.###..#...#.########..###.#"},
    {"(01)90012345678908(3932)0401234",
     ".#...####.#.#.....#.########....#.###.#.....##..#..#.####..##.#####.#.######....###...#.##....##.###"
     "...####.##.#.####...######....#.###...##..##.##..#..#####...#.###.#.########..###...##.####..#.###.#"},
    {"(01)90012345678908(3103)012233(15)991231",
     ".#..##.....#..###.#.########....#.#.###..#.....##..#.####..##.#####.#.######....###...#.##....##.###"
     "...####.##.#.####...######....#.##....##.#.##....###..##..##...#..#.########..###...##.####.#....#.#"},
    {"(01)00012345678905(10)ABC123",
     ".#...##.....#.##.##.########....#.##..##....#.####.#.####..##.#####.#.#####......##...#.##....##.###"
     "...####.##.#.####...######....#.###...##..#....#.#..###.######.##.#.########..###..#.##.######.###.."
     "##.###..#.#####...####......#.#."},
    {"(8110)106141416543213150110120",
     ".#.###.####..#....#.########....#.#.....##.#.....#.#.####..##.###...#.#####......##.##.#...#......##"
     "....####....#.#.#...######....#.#.....#.#.####...###.#.....##..##.#.########..###.#..####...#.####.."
     ".###.##..#..###...####......#.#.###..#.....##..#."},
};

std::string a_gtin(std::mt19937& chance, char indicator)
{
    std::string digits(1, indicator);
    for (int i = 0; i < 12; ++i) digits += static_cast<char>('0' + chance() % 10);
    return digits + gs1::check_digit(digits);
}

TEST(DataBarLimited, ReadsWhatOthersDraw)
{
    for (auto const& symbol : limited_symbols) EXPECT_EQ(read_databar_limited(modules(symbol.row)), symbol.code);
}

TEST(DataBarLimited, ReadsEveryNumber)
{
    std::mt19937 chance{20261122};
    for (int i = 0; i < 2000; ++i) {
        auto const gtin = a_gtin(chance, i % 2 == 0 ? '0' : '1');
        auto const drawn = draw_symbol({Symbology::databar_limited, gtin, {{"01", gtin}}, false});
        ASSERT_TRUE(drawn.ok());
        ASSERT_EQ(read_databar_limited(rows_of(drawn->modules).front()), gtin);
    }
    for (std::string const gtin : {"00000000000000", "19999999999991"}) {
        auto const drawn = draw_symbol({Symbology::databar_limited, gtin, {{"01", gtin}}, false});
        EXPECT_EQ(read_databar_limited(rows_of(drawn->modules).front()), gtin);
    }
}

TEST(DataBarLimited, ReadsNothingFromADamagedSymbol)
{
    for (auto const& symbol : limited_symbols) {
        auto const whole = modules(symbol.row);
        for (std::size_t i = 0; i < 74; ++i) {
            auto damaged = whole;
            damaged[i] = !damaged[i];
            EXPECT_FALSE(read_databar_limited(damaged)) << symbol.code << " at " << i;
        }
    }
    EXPECT_FALSE(read_databar_limited({}));
    EXPECT_FALSE(read_databar_limited(std::vector<bool>(79, false)));
    EXPECT_FALSE(read_databar_limited(std::vector<bool>(79, true)));
}

TEST(DataBarLimited, ReadsNothingThatTheCheckCharacterDoesNotConfirm)
{
    // The left character of another symbol: all widths are good ones.
    auto spliced = modules(limited_symbols[0].row);
    auto const other = modules(limited_symbols[1].row);
    std::copy(other.begin() + 2, other.begin() + 28, spliced.begin() + 2);
    EXPECT_FALSE(read_databar_limited(spliced));
}

TEST(DataBarExpanded, ReadsWhatOthersDraw)
{
    for (auto const& symbol : expanded_symbols) {
        auto const reading = gs1::read_bracketed(symbol.code);
        auto const expected = gs1::to_element_string(reading.elements, gs1::group_separator).substr(1);
        EXPECT_EQ(read_databar_expanded({modules(symbol.row)}), expected) << symbol.code;
    }
}

TEST(DataBarExpanded, ReadsNothingFromADamagedSymbol)
{
    for (auto const& symbol : expanded_symbols) {
        auto const whole = modules(symbol.row);
        for (std::size_t i = 2; i + 2 < whole.size(); ++i) {
            auto damaged = whole;
            damaged[i] = !damaged[i];
            EXPECT_FALSE(read_databar_expanded({damaged})) << symbol.code << " at " << i;
        }
    }
    EXPECT_FALSE(read_databar_expanded({}));
    EXPECT_FALSE(read_databar_expanded({{}, std::vector<bool>(200, true)}));
}

TEST(DataBarExpanded, ReadsNothingThatTheCheckCharacterDoesNotConfirm)
{
    auto const drawn = [](std::string const& lot) {
        std::vector<gs1::AiValue> const elements{{"01", "08938501234568"}, {"10", lot}};
        return rows_of(draw_symbol({Symbology::databar_expanded, "-", elements, false})->modules).front();
    };
    auto spliced = drawn("ABC");
    auto const other = drawn("ABD");
    ASSERT_EQ(spliced.size(), other.size());
    // Everything behind the check character and its finder pattern.
    std::copy(other.begin() + 34, other.end(), spliced.begin() + 34);
    EXPECT_NE(spliced, other);
    EXPECT_FALSE(read_databar_expanded({spliced}));
}

/// Lots over the whole character set, weights, prices and dates, which have codes of their own, and new identifiers.
std::vector<gs1::AiValue> some_elements(std::mt19937& chance)
{
    static constexpr std::string_view letters =
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    auto text = [&](std::size_t longest, std::string_view from) {
        std::string out;
        for (auto count = 1 + chance() % longest; count > 0; --count) out += from[chance() % from.size()];
        return out;
    };
    auto number = [&](unsigned below, int digits) {
        auto out = std::to_string(chance() % below);
        return std::string(static_cast<std::size_t>(digits) - out.size(), '0') + out;
    };
    std::string const date =
        "26" + std::string{chance() % 2 == 0 ? "07" : "12"} + "0" + std::to_string(1 + chance() % 9);
    switch (chance() % 8) {
    case 0:
        return {{"01", a_gtin(chance, '9')}, {"3103", number(32'768, 6)}};
    case 1:
        return {{"01", a_gtin(chance, '9')}, {chance() % 2 == 0 ? "3202" : "3203", number(9'999, 6)}};
    case 2:
        return {{"01", a_gtin(chance, '9')}, {"3924", text(8, "0123456789")}, {"10", text(6, letters)}};
    case 3:
        return {{"01", a_gtin(chance, '9')}, {"3931", "704" + text(8, "0123456789")}};
    case 4:
        return {{"01", a_gtin(chance, '9')}, {"3105", number(99'999, 6)}, {chance() % 2 == 0 ? "11" : "17", date}};
    case 5:
        return {{"01", a_gtin(chance, '0')}, {"10", text(20, letters)}};
    case 6:
        return {{"01", a_gtin(chance, '1')}, {"10", text(12, "0123456789AB")}, {"21", text(12, "0123456789ab-/")}};
    default:
        return {{"00", "123456789012345675"}, {"4300", text(10, letters.substr(20))}};
    }
}

TEST(DataBarExpanded, ReadsEverythingInOneRowAndInSeveral)
{
    std::mt19937 chance{20261122};
    for (int i = 0; i < 1500; ++i) {
        auto const elements = some_elements(chance);
        auto const text = gs1::to_element_string(elements, gs1::group_separator).substr(1);
        for (auto const symbology : {Symbology::databar_expanded, Symbology::databar_expanded_stacked}) {
            auto const drawn = draw_symbol({symbology, text, elements, false});
            ASSERT_TRUE(drawn.ok()) << text;
            ASSERT_EQ(read_databar_expanded(rows_of(drawn->modules)), text) << gs1::to_bracketed(elements);
        }
    }
}

} // namespace
} // namespace nguon::scanner
