#pragma once

#include <span>
#include <string_view>

namespace nguon::scanner {

/// A sheet of labels; all lengths in millimetres. Gaps between labels follow from the pitch.
struct Stock {
    std::string_view id;
    std::string_view name_vi;
    std::string_view name_en;
    double page_width;
    double page_height;
    int columns;
    int rows;
    double label_width;
    double label_height;
    double margin_left; // to the edge of the first label
    double margin_top;
    double pitch_x; // from label edge to label edge
    double pitch_y;
    double corner_radius;

    constexpr int labels_per_sheet() const { return columns * rows; }
    constexpr double gap_x() const { return pitch_x - label_width; }
    constexpr double gap_y() const { return pitch_y - label_height; }
};

/// Every stock, in the order a form shows them.
std::span<Stock const> stocks();

/// The stock of that id, or nullptr.
Stock const* find_stock(std::string_view id);

} // namespace nguon::scanner
