#include "scanner/stock.hpp"

#include <algorithm>
#include <array>

namespace nguon::scanner {

namespace {

// The dimensions of sheets that stationers sell; grids, not brands. Every one leaves a strip at the foot of the page
// for the ruler. 24 labels come as 63.5 × 33.9 mm with gaps, because 70 × 37 mm reaches the paper's edge, where no
// office printer prints.
constexpr std::array<Stock, 7> table{{
    {"a4-65", "A4, 65 tem 38,1 × 21,2 mm", "A4, 65 labels 38.1 × 21.2 mm", 210, 297, 5, 13, 38.1, 21.2, 4.75, 10.7,
     40.6, 21.2, 1.5},
    {"a4-40", "A4, 40 tem 45,7 × 25,4 mm", "A4, 40 labels 45.7 × 25.4 mm", 210, 297, 4, 10, 45.7, 25.4, 9.7, 21.5, 48.3,
     25.4, 1.5},
    {"a4-33", "A4, 33 tem 64 × 24,3 mm", "A4, 33 labels 64 × 24.3 mm", 210, 297, 3, 11, 64.0, 24.3, 6.5, 14.85, 66.5,
     24.3, 1.5},
    {"a4-24", "A4, 24 tem 63,5 × 33,9 mm", "A4, 24 labels 63.5 × 33.9 mm", 210, 297, 3, 8, 63.5, 33.9, 7.25, 12.9, 66.0,
     33.9, 2.0},
    {"a4-21", "A4, 21 tem 63,5 × 38,1 mm", "A4, 21 labels 63.5 × 38.1 mm", 210, 297, 3, 7, 63.5, 38.1, 7.25, 15.15,
     66.0, 38.1, 2.0},
    {"a4-14", "A4, 14 tem 99,1 × 38,1 mm", "A4, 14 labels 99.1 × 38.1 mm", 210, 297, 2, 7, 99.1, 38.1, 4.65, 15.15,
     101.6, 38.1, 2.0},
    {"a4-8", "A4, 8 tem 99,1 × 67,7 mm", "A4, 8 labels 99.1 × 67.7 mm", 210, 297, 2, 4, 99.1, 67.7, 4.65, 13.1, 101.6,
     67.7, 2.0},
}};

constexpr bool fits(Stock const& s)
{
    return s.margin_left + s.pitch_x * (s.columns - 1) + s.label_width <= s.page_width &&
           s.margin_top + s.pitch_y * (s.rows - 1) + s.label_height <= s.page_height && s.gap_x() >= 0 &&
           s.gap_y() >= -1e-9;
}
static_assert(std::all_of(table.begin(), table.end(), fits));

} // namespace

std::span<Stock const> stocks() { return table; }

Stock const* find_stock(std::string_view id)
{
    auto const found = std::find_if(table.begin(), table.end(), [id](Stock const& stock) { return stock.id == id; });
    return found == table.end() ? nullptr : &*found;
}

} // namespace nguon::scanner
