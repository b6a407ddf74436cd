#pragma once

#include "scanner/label_layout.hpp"

#include <algorithm>

/// The texts of a label in their places: part of the layout.
namespace nguon::scanner {

inline constexpr double text_scale_max = 2.4;

/// Sizes in mm; 1 mm is 2.83 points.
struct TextSizes {
    static constexpr double design_height = 21.2; // the label on which the sizes were chosen

    TextSizes() = default;
    explicit TextSizes(double height)
        : scale{std::clamp(height / design_height, 1.0, text_scale_max)}, name{2.75 * scale}, data{2.15 * scale},
          organization{1.85 * scale}, code{std::min(2.1 * scale, 4.0)}
    {
    }

    double scale = 1;
    double name = 0;
    double data = 0;
    double organization = 0;
    double code = 0;
};

/// Half the width that a label has between the heights `top` and `bottom`, from its middle line, `margin` left blank.
double half_width(Stock const& stock, double margin, double top, double bottom);

/// The line of the printed code below the symbol.
PlacedText code_place(double size, double x, double y, double width);

/// Name, data and organization, or the lines that somebody chose, beside a symbol, ranged left.
struct TextBlock {
    TextBlock(LabelJob const& of_job, LabelLayout& into, TextSetter& with) : job{of_job}, layout{into}, setter{with} {}

    void place();

    LabelJob const& job;
    LabelLayout& layout;
    TextSetter& setter;
    double left = 0;
    double width = 0;
    double top = 0;
    double bottom = 0; // of the room for texts
    TextSizes sizes = {};

private:
    void place_own();
    double place_name(double y);
    double place_data(double y);
    void place_organization(double y);
};

/// The same in centred lines below a symbol.
class TextColumn {
public:
    TextColumn(LabelJob const& job, Stock const& stock, LabelLayout& layout, TextSetter& setter, double scale,
               double margin);

    double height() const { return height_; }
    /// Places all lines from `y` on; returns the height below them.
    double place(double y);

private:
    struct Line {
        std::string text = {};
        TextStyle style = {};
        double height = 0;
        bool may_shorten = false;
    };

    void add(std::string text, TextStyle style, bool may_shorten);
    void add_own(LabelJob const& job, TextSizes const& sizes, double width);
    void note_shortened(Line const& line);

    Stock const& stock_;
    LabelLayout& layout_;
    TextSetter& setter_;
    double margin_;
    double height_ = 0;
    bool own_ = false; // lines that somebody chose: none of them may be cut
    std::vector<Line> lines_ = {};
};

} // namespace nguon::scanner
