#include "tests/scanner/shots.hpp"

#include "scanner/picture_codecs.hpp"
#include "scanner/symbol.hpp"
#include "scanner/symbol_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <stdexcept>

namespace nguon::scanner::testing {

namespace {

constexpr std::array all_damages{Damage::none,     Damage::rotation, Damage::perspective, Damage::blur,
                                 Damage::noise,    Damage::jpeg,     Damage::low_light,   Damage::low_contrast,
                                 Damage::inverted, Damage::partial,  Damage::curved,      Damage::several,
                                 Damage::far_away};
constexpr std::array<std::string_view, all_damages.size()> names{
    "none",         "rotation", "perspective", "blur",   "noise",   "jpeg",    "low-light",
    "low-contrast", "inverted", "partial",     "curved", "several", "far-away"};

struct Point {
    double x = 0;
    double y = 0;
};

/// Repeatable on every machine: the distributions of the standard library are not.
class Chance {
public:
    Chance(unsigned seed, unsigned third) : engine_{seed}, third_{third % 3} {}

    double between(double low, double high)
    {
        return low + (high - low) * (static_cast<double>(engine_()) / 4294967296.0);
    }
    int whole(int low, int high) { return low + static_cast<int>(engine_() % static_cast<unsigned>(high - low + 1)); }
    /// From `mild` to `strong`, within the third that the picture's strength is.
    double strength(double mild, double strong) { return mild + (strong - mild) * (third_ + between(0, 1)) / 3; }
    /// About normal.
    double normal(double sigma)
    {
        double sum = 0;
        for (int i = 0; i < 6; ++i) sum += between(-1, 1);
        return sum * sigma / std::numbers::sqrt2;
    }

private:
    std::mt19937 engine_;
    unsigned third_;
};

std::string code_for(Symbology symbology, unsigned number)
{
    auto const serial = "AB7KCDEF" + std::to_string(1000 + number);
    switch (symbology) {
    case Symbology::qr:
    case Symbology::datamatrix:
        return "https://nguon.laichau.gov.vn/01/08938501234568/21/" + serial;
    case Symbology::itf_14:
        return "18938501234565";
    case Symbology::ean_8:
        return "12345670";
    case Symbology::upc_a:
        return "012345678905";
    case Symbology::upc_e:
        return "04252614";
    case Symbology::code_128:
        return "LO-7 (" + std::to_string(number) + ")";
    default:
        break;
    }
    if (info(symbology).content == Content::gtin) return "8938501234568";
    auto const elements = "(01)08938501234568(10)LO-" + std::to_string(number);
    return info(symbology).shape == Shape::matrix ? elements + "(21)" + serial : elements + "(21)K7";
}

/// Bilinear; outside is `ground`.
std::uint8_t sample(Picture const& picture, double x, double y, std::uint8_t ground)
{
    if (x < 0 || y < 0 || x > picture.width - 1 || y > picture.height - 1) return ground;
    auto const left = static_cast<int>(x);
    auto const top = static_cast<int>(y);
    auto const right = std::min(left + 1, picture.width - 1);
    auto const bottom = std::min(top + 1, picture.height - 1);
    auto const across = x - left;
    auto const down = y - top;
    auto const above = picture.row(top)[left] * (1 - across) + picture.row(top)[right] * across;
    auto const below = picture.row(bottom)[left] * (1 - across) + picture.row(bottom)[right] * across;
    return static_cast<std::uint8_t>(std::lround(above * (1 - down) + below * down));
}

template <typename Back>
Picture reshaped(Picture const& picture, std::uint8_t ground, Back back)
{
    auto out = blank_picture(picture.width, picture.height, Colors::grey);
    for (int y = 0; y < out.height; ++y)
        for (int x = 0; x < out.width; ++x) {
            auto const from = back(Point{static_cast<double>(x), static_cast<double>(y)});
            out.row(y)[x] = sample(picture, from.x, from.y, ground);
        }
    return out;
}

Picture rotated(Picture const& picture, double degrees, std::uint8_t ground)
{
    auto const angle = degrees * std::numbers::pi / 180;
    Point const middle{picture.width / 2.0, picture.height / 2.0};
    return reshaped(picture, ground, [=](Point at) {
        auto const x = at.x - middle.x;
        auto const y = at.y - middle.y;
        return Point{middle.x + x * std::cos(angle) + y * std::sin(angle),
                     middle.y - x * std::sin(angle) + y * std::cos(angle)};
    });
}

/// As a camera sees a sheet that leans back and to the side.
Picture tilted(Picture const& picture, double lean_x, double lean_y, std::uint8_t ground)
{
    Point const middle{picture.width / 2.0, picture.height / 2.0};
    auto const size = std::max(picture.width, picture.height);
    return reshaped(picture, ground, [=](Point at) {
        auto const x = (at.x - middle.x) / size;
        auto const y = (at.y - middle.y) / size;
        auto const depth = 1 + lean_x * x + lean_y * y;
        return Point{middle.x + x / depth * size * (1 + std::abs(lean_x) / 3),
                     middle.y + y / depth * size * (1 + std::abs(lean_y) / 3)};
    });
}

/// Around an upright or lying cylinder of this radius in pixels.
Picture around_cylinder(Picture const& picture, double radius, bool upright, std::uint8_t ground)
{
    Point const middle{picture.width / 2.0, picture.height / 2.0};
    auto const unroll = [=](double out) {
        auto const share = std::clamp(out / radius, -0.999, 0.999);
        return radius * std::asin(share);
    };
    return reshaped(picture, ground, [=](Point at) {
        return upright ? Point{middle.x + unroll(at.x - middle.x), at.y}
                       : Point{at.x, middle.y + unroll(at.y - middle.y)};
    });
}

Picture blurred_rows(Picture const& picture, double sigma)
{
    auto const reach = static_cast<int>(std::ceil(3 * sigma));
    std::vector<double> weights;
    double sum = 0;
    for (int i = -reach; i <= reach; ++i) {
        weights.push_back(std::exp(-i * i / (2 * sigma * sigma)));
        sum += weights.back();
    }
    // Turned on its side, so that twice is both directions.
    auto out = blank_picture(picture.height, picture.width, Colors::grey);
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            double value = 0;
            for (int i = -reach; i <= reach; ++i)
                value += weights[static_cast<std::size_t>(i + reach)] *
                         picture.row(y)[std::clamp(x + i, 0, picture.width - 1)];
            out.row(x)[y] = static_cast<std::uint8_t>(std::lround(value / sum));
        }
    return out;
}

Picture blurred(Picture const& picture, double sigma) { return blurred_rows(blurred_rows(picture, sigma), sigma); }

Picture noisy(Picture picture, double sigma, Chance& chance)
{
    for (auto& value : picture.samples)
        value = static_cast<std::uint8_t>(std::clamp(value + chance.normal(sigma), 0.0, 255.0));
    return picture;
}

/// Brightness that falls from one side to the other.
Picture in_low_light(Picture picture, double bright, double dark)
{
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            auto const light = bright + (dark - bright) * x / picture.width;
            picture.row(y)[x] = static_cast<std::uint8_t>(picture.row(y)[x] * light);
        }
    return picture;
}

Picture pale(Picture picture, int black, int white)
{
    for (auto& value : picture.samples) value = static_cast<std::uint8_t>(black + value * (white - black) / 255);
    return picture;
}

/// Scratches across and blots upon the symbol, which is in the middle.
Picture scratched(Picture picture, Picture const& symbol, Chance& chance)
{
    auto const left = (picture.width - symbol.width) / 2;
    auto const top = (picture.height - symbol.height) / 2;
    auto const reach = std::min(symbol.width, symbol.height);
    for (int blot = 0; blot < 3; ++blot) {
        auto const radius = reach * chance.strength(0.01, 0.09);
        auto const x = left + chance.between(0, symbol.width);
        auto const y = top + chance.between(0, symbol.height);
        auto const grey = static_cast<std::uint8_t>(chance.whole(0, 1) * 230);
        for (int row = static_cast<int>(y - radius); row <= y + radius; ++row)
            for (int column = static_cast<int>(x - radius); column <= x + radius; ++column)
                if (row >= 0 && column >= 0 && row < picture.height && column < picture.width &&
                    std::hypot(column - x, row - y) < radius)
                    picture.row(row)[column] = grey;
    }
    auto const slope = chance.between(-0.6, 0.6);
    auto const from = chance.between(0, symbol.height);
    for (int x = 0; x < symbol.width; ++x)
        for (int thick = 0; thick < std::max(2, reach / 60); ++thick) {
            auto const y = static_cast<int>(top + from + slope * (x - symbol.width / 2.0)) + thick;
            if (y >= 0 && y < picture.height) picture.row(y)[left + x] = 240;
        }
    return picture;
}

/// The symbol with its digits and quiet zone, `dots` pixels a module.
Picture printed(Symbology symbology, std::string const& code, int dots, bool with_text)
{
    auto const data = read_symbol_data(symbology, code);
    auto const drawn = data ? draw_symbol(*data) : Result<DrawnSymbol>{data.error()};
    auto const size = drawn ? choose_size(*data, *drawn, {}) : Result<SymbolSize>{drawn.error()};
    if (!size) throw std::runtime_error{size.error().key};
    auto const bitmap = rasterize(lay_out_symbol(*data, *drawn, *size, with_text), dots);
    // Bars higher than a hand's breadth tell no more.
    auto const height = std::min(bitmap.height, 160 * dots);
    auto picture = blank_picture(bitmap.width, height, Colors::grey, 250);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < bitmap.width; ++x)
            if (bitmap.dark(x, y)) picture.row(y)[x] = 15;
    return picture;
}

void paste(Picture& onto, Picture const& picture, int left, int top)
{
    for (int y = 0; y < picture.height; ++y) std::copy_n(picture.row(y), picture.width, onto.row(top + y) + left);
}

Picture on_paper(Picture const& symbol, int width, int height, std::uint8_t grey)
{
    auto paper =
        blank_picture(std::max(width, symbol.width + 40), std::max(height, symbol.height + 40), Colors::grey, grey);
    paste(paper, symbol, (paper.width - symbol.width) / 2, (paper.height - symbol.height) / 2);
    return paper;
}

/// A shelf of labels, each turned a little.
Shot several_codes(Symbology first, unsigned number, Chance& chance)
{
    constexpr int columns = 3;
    constexpr int cell_width = 640;
    constexpr int cell_height = 460;
    constexpr std::uint8_t ground = 205;
    constexpr std::array others{Symbology::qr, Symbology::ean_13, Symbology::gs1_datamatrix, Symbology::code_128,
                                Symbology::gs1_128};
    Shot shot;
    auto const count = 2 + static_cast<int>(number % 5);
    auto const rows = (count + columns - 1) / columns;
    shot.picture = blank_picture(columns * cell_width, rows * cell_height, Colors::grey, ground);
    for (int i = 0; i < count; ++i) {
        auto const kind = i == 0 ? first : others[(number + static_cast<unsigned>(i)) % others.size()];
        auto const code = code_for(kind, number * 10 + static_cast<unsigned>(i));
        auto symbol = printed(kind, code, 2, true);
        if (symbol.width > cell_width - 40) symbol = printed(kind, code, 1, true);
        if (symbol.height > cell_height - 40) symbol = crop(symbol, 0, 0, symbol.width, cell_height - 40);
        auto const cell = rotated(on_paper(symbol, cell_width, cell_height, ground), chance.between(-6, 6), ground);
        auto const part =
            crop(cell, (cell.width - cell_width) / 2, (cell.height - cell_height) / 2, cell_width, cell_height);
        paste(shot.picture, part, i % columns * cell_width, i / columns * cell_height);
        auto plain = plain_code(code); // readers are compared by what they say, not by how often
        if (std::find(shot.codes.begin(), shot.codes.end(), plain) == shot.codes.end())
            shot.codes.push_back(std::move(plain));
    }
    shot.picture = noisy(std::move(shot.picture), 4, chance);
    return shot;
}

Picture damaged(Picture const& symbol, Damage damage, int dots, Chance& chance)
{
    auto const ground = static_cast<std::uint8_t>(chance.whole(190, 240));
    auto const small = [&] { return on_paper(symbol, 960, 720, ground); };
    auto const roomy = [&] {
        auto const edge = static_cast<int>(std::hypot(symbol.width, symbol.height)) + 60;
        return on_paper(symbol, std::max(edge, 960), std::max(edge, 720), ground);
    };
    switch (damage) {
    case Damage::none:
    case Damage::several:
        return small();
    case Damage::rotation:
        return noisy(rotated(roomy(), chance.between(0, 360), ground), 3, chance);
    case Damage::perspective: {
        auto const lean_x = chance.strength(0.1, 0.9) * (chance.whole(0, 1) * 2 - 1);
        auto const lean_y = chance.strength(0.1, 0.9) * (chance.whole(0, 1) * 2 - 1);
        return noisy(tilted(rotated(roomy(), chance.between(-15, 15), ground), lean_x, lean_y, ground), 3, chance);
    }
    case Damage::blur:
        return noisy(blurred(small(), dots * chance.strength(0.2, 0.95)), 3, chance);
    case Damage::noise:
        return noisy(small(), chance.strength(10, 80), chance);
    case Damage::jpeg:
        return *read_picture(
            write_jpeg(noisy(blurred(small(), dots * 0.3), 6, chance), static_cast<int>(chance.strength(40, 4))),
            Colors::grey);
    case Damage::low_light: {
        auto const bright = chance.strength(0.8, 0.3);
        return noisy(in_low_light(small(), bright, bright * chance.strength(0.5, 0.12)), 3, chance);
    }
    case Damage::low_contrast: {
        auto const black = chance.whole(60, 150);
        return noisy(pale(small(), black, black + static_cast<int>(chance.strength(90, 10))), 2, chance);
    }
    case Damage::inverted: {
        auto picture = noisy(blurred(small(), dots * chance.strength(0.1, 0.5)), chance.strength(2, 20), chance);
        for (auto& value : picture.samples) value = static_cast<std::uint8_t>(255 - value);
        return picture;
    }
    case Damage::partial:
        return noisy(scratched(small(), symbol, chance), 4, chance);
    case Damage::curved: {
        auto const upright = chance.whole(0, 1) == 1;
        auto const across = upright ? symbol.width : symbol.height;
        return noisy(around_cylinder(roomy(), across * chance.strength(1.2, 0.34), upright, ground), 3, chance);
    }
    case Damage::far_away: {
        auto photo = blank_picture(4000, 3000, Colors::grey, ground);
        auto const turn = rotated(roomy(), chance.between(-10, 10), ground);
        paste(photo, turn, chance.whole(100, 3900 - turn.width), chance.whole(100, 2900 - turn.height));
        return noisy(blurred(photo, 0.8), 6, chance);
    }
    }
    throw std::runtime_error{"no such damage"};
}

} // namespace

std::span<Damage const> damages() { return all_damages; }

std::string_view to_name(Damage damage) { return names[static_cast<std::size_t>(damage)]; }

Shot take_shot(Symbology symbology, Damage damage, unsigned number)
{
    Chance chance{static_cast<unsigned>(symbology) * 10'007 + static_cast<unsigned>(damage) * 101 + number * 1'000'003,
                  number};
    if (damage == Damage::several) return several_codes(symbology, number, chance);
    auto const code = code_for(symbology, number);
    auto const dots = damage == Damage::far_away ? chance.whole(2, 4) : chance.whole(2, 5);
    auto const symbol = printed(symbology, code, dots, chance.whole(0, 1) == 1);
    return {damaged(symbol, damage, dots, chance), {plain_code(code)}};
}

std::string plain_code(std::string_view read)
{
    constexpr std::size_t gtin_digits = 14;
    std::string plain;
    auto const is_separator = [](char c) { return c == '\x1D' || c == '(' || c == ')' || c == '^'; };
    std::copy_if(read.begin(), read.end(), std::back_inserter(plain), [&](char c) { return !is_separator(c); });
    auto const digits = std::all_of(plain.begin(), plain.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) return plain;
    if (plain.size() == gtin_digits + 2 && plain.starts_with("01")) plain.erase(0, 2);
    if (plain.size() < gtin_digits) plain.insert(0, gtin_digits - plain.size(), '0');
    return plain;
}

} // namespace nguon::scanner::testing
