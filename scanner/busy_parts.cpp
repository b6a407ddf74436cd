#include "scanner/busy_parts.hpp"

#include <algorithm>
#include <cstdlib>

namespace nguon::scanner {

namespace {

constexpr int cells_along_edge = 100;
constexpr int cell_edge_min = 8;
constexpr double contrast_min = 3; // grey levels from pixel to pixel above those of most cells
constexpr double busy_share = 0.3; // of the way from most cells to the busiest
constexpr double quiet_share = 0.35;
constexpr int band_height_min = 12;
constexpr int ground_share = 6; // of the part, on each side

/// How much neighbouring pixels differ, for square cells of the picture.
struct Cells {
    int edge = 0;
    int columns = 0;
    int rows = 0;
    std::vector<double> busyness = {};

    double& at(int column, int row) { return busyness[static_cast<std::size_t>(row * columns + column)]; }
};

double differences(Picture const& picture, int left, int top, int edge)
{
    auto sum = 0;
    for (int y = top; y < top + edge; ++y) {
        auto const* row = picture.row(y) + left;
        auto const* next = picture.row(std::min(y + 1, picture.height - 1)) + left;
        for (int x = 0; x + 1 < edge; ++x) sum += std::abs(row[x] - row[x + 1]) + std::abs(row[x] - next[x]);
    }
    return static_cast<double>(sum) / (edge * edge);
}

Cells measure(Picture const& picture)
{
    Cells cells;
    cells.edge = std::max(cell_edge_min, std::max(picture.width, picture.height) / cells_along_edge);
    cells.columns = picture.width / cells.edge;
    cells.rows = picture.height / cells.edge;
    for (int row = 0; row < cells.rows; ++row)
        for (int column = 0; column < cells.columns; ++column)
            cells.busyness.push_back(differences(picture, column * cells.edge, row * cells.edge, cells.edge));
    return cells;
}

/// The mean with the neighbours: quiet modules in the middle of a symbol belong to it.
Cells spread(Cells cells)
{
    auto const from = cells;
    for (int row = 0; row < cells.rows; ++row)
        for (int column = 0; column < cells.columns; ++column) {
            double sum = 0;
            auto count = 0;
            for (int y = std::max(0, row - 1); y <= std::min(cells.rows - 1, row + 1); ++y)
                for (int x = std::max(0, column - 1); x <= std::min(cells.columns - 1, column + 1); ++x, ++count)
                    sum += from.busyness[static_cast<std::size_t>(y * cells.columns + x)];
            cells.at(column, row) = sum / count;
        }
    return cells;
}

struct Part {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
    double weight = 0;
    double most = 0;
};

/// The cells that hang together with this one and are busier than `least`; they are taken out.
Part take_part(Cells& cells, int column, int row, double least)
{
    Part part{column, row, column, row, 0, 0};
    std::vector<std::pair<int, int>> open{{column, row}};
    while (!open.empty()) {
        auto const [x, y] = open.back();
        open.pop_back();
        if (x < 0 || y < 0 || x >= cells.columns || y >= cells.rows || cells.at(x, y) < least) continue;
        part.weight += cells.at(x, y) - least;
        part.most = std::max(part.most, cells.at(x, y));
        cells.at(x, y) = -1;
        part.left = std::min(part.left, x);
        part.right = std::max(part.right, x);
        part.top = std::min(part.top, y);
        part.bottom = std::max(part.bottom, y);
        for (auto const& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) open.emplace_back(x + dx, y + dy);
    }
    return part;
}

Box with_ground(Part const& part, Cells const& cells, Picture const& picture)
{
    auto const ground = [&](int from, int to) { return cells.edge + (to - from + 1) * cells.edge / ground_share; };
    auto const across = ground(part.left, part.right);
    auto const down = ground(part.top, part.bottom);
    auto const left = std::max(0, part.left * cells.edge - across);
    auto const top = std::max(0, part.top * cells.edge - down);
    auto const right = std::min(picture.width, (part.right + 1) * cells.edge + across);
    auto const bottom = std::min(picture.height, (part.bottom + 1) * cells.edge + down);
    return {left, top, right - left, bottom - top};
}

} // namespace

std::vector<BusyPart> busy_parts(Picture const& picture, std::size_t parts_max)
{
    auto cells = spread(measure(picture));
    if (cells.busyness.empty()) return {};
    auto sorted = cells.busyness;
    auto const middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    auto const most = *std::max_element(sorted.begin(), sorted.end());
    if (most - *middle < contrast_min) return {};
    auto const least = *middle + busy_share * (most - *middle);

    std::vector<Part> parts;
    for (int row = 0; row < cells.rows; ++row)
        for (int column = 0; column < cells.columns; ++column)
            if (cells.at(column, row) >= least) parts.push_back(take_part(cells, column, row, least));
    std::sort(parts.begin(), parts.end(), [](Part const& a, Part const& b) { return a.weight > b.weight; });
    if (parts.size() > parts_max) parts.resize(parts_max);
    std::vector<BusyPart> busy;
    for (auto const& part : parts) busy.push_back({with_ground(part, cells, picture), part.most});
    return busy;
}

double busyness(Picture const& picture, Box const& box)
{
    double sum = 0;
    for (int y = box.top; y + 1 < box.top + box.height; ++y) {
        auto const* row = picture.row(y);
        auto const* next = picture.row(y + 1);
        for (int x = box.left; x + 1 < box.left + box.width; ++x)
            sum += std::abs(row[x] - row[x + 1]) + std::abs(row[x] - next[x]);
    }
    return sum / std::max(1, box.width * box.height);
}

std::vector<Box> cut_at_quiet_rows(Picture const& part)
{
    // By contrast, not by changes: the solid bar of a Data Matrix changes as little as paper does.
    std::vector<int> contrast;
    for (int y = 0; y < part.height; ++y) {
        auto const [least, most] = std::minmax_element(part.row(y), part.row(y) + part.width);
        contrast.push_back(*most - *least);
    }
    if (contrast.empty()) return {};
    auto const quiet = quiet_share * *std::max_element(contrast.begin(), contrast.end());
    std::vector<Box> bands;
    for (int y = 0; y < part.height;) {
        auto const is_quiet = [&](int at) { return contrast[static_cast<std::size_t>(at)] <= quiet; };
        if (is_quiet(y)) {
            ++y;
            continue;
        }
        auto end = y;
        while (end < part.height && !is_quiet(end)) ++end;
        if (end - y >= band_height_min) bands.push_back({0, y, part.width, end - y});
        y = end;
    }
    if (bands.size() < 2) return {};
    return bands;
}

} // namespace nguon::scanner
