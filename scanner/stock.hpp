#pragma once

#include "core/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::scanner {

enum class StockMedium {
    sheet,
    roll, // a page is one row of labels; the gap follows it
};

/// How a label printer finds the next row of a roll.
enum class FeedMark {
    gap,
    black_mark,
    continuous,
};

enum class LabelOutline {
    rectangle,
    round,
};

/// A sheet or roll of labels; all lengths in millimetres. Gaps between labels follow from the pitch.
struct Stock {
    std::string id = {};
    std::string name_vi = {};
    std::string name_en = {};
    double page_width = 0; // of a roll: what is printed of one row, from the left end of the print head
    double page_height = 0;
    int columns = 1;
    int rows = 1;
    double label_width = 0;
    double label_height = 0;
    double margin_left = 0; // to the edge of the first label
    double margin_top = 0;
    double pitch_x = 0; // from label edge to label edge
    double pitch_y = 0;
    double corner_radius = 0;
    double edge_x = 0.5; // strips of every label that stay blank: nothing is cut or fed exactly
    double edge_y = 0.5;
    StockMedium medium = StockMedium::sheet;
    FeedMark feed_mark = FeedMark::gap;
    LabelOutline outline = LabelOutline::rectangle;

    int labels_per_sheet() const { return columns * rows; }
    double gap_x() const { return pitch_x - label_width; }
    double gap_y() const { return pitch_y - label_height; } // of a roll: height of the gap or black mark
    double label_left(int place) const { return margin_left + place % columns * pitch_x; }
    double label_top(int place) const { return margin_top + row_of(place) * pitch_y; }
    int row_of(int place) const { return place / columns; }
    bool is_roll() const { return medium == StockMedium::roll; }
    /// Too small for a Digital Link: the printed code's own short address (/t/CODE) belongs on it.
    bool wants_short_link() const { return label_width < 36 || label_height < 20; }

    bool operator==(Stock const&) const = default;
};

/// Every stock that is shipped, in the order a form shows them.
std::span<Stock const> stocks();

/// The stock of that id, or nullptr.
Stock const* find_stock(std::string_view id);

/// What is impossible about a grid that somebody measured; empty when it can be printed on. Keys: "stock.range" {least,
/// most}, "stock.overlap" {label, pitch}, "stock.off_page" {reaches to, page}, "stock.round" for a round label that is
/// not as wide as high. Pointers are the members' names: "/page_width", "/pitch_x" …
std::vector<FieldError> stock_faults(Stock const& stock);

/// One label of that stock by itself, for previews and trials.
Stock single_label(Stock const& stock);

} // namespace nguon::scanner
