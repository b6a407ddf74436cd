#include "scanner/stock.hpp"

#include "scanner/symbol_size.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nguon::scanner {

namespace {

// The dimensions of sheets and rolls that stationers sell; grids, not brands. Every sheet leaves a strip at the foot of
// the page for the ruler. 24 labels come as 63.5 × 33.9 mm with gaps, because 70 × 37 mm reaches the paper's edge,
// where no office printer prints.
Stock a4(std::string id, int columns, int rows, double width, double height, double left, double top, double pitch_x,
         double pitch_y, double radius)
{
    Stock stock;
    stock.name_vi = fmt::format("A4, {} tem {} × {} mm", columns * rows, show_mm(width), show_mm(height));
    stock.name_en = fmt::format("A4, {} labels {:g} × {:g} mm", columns * rows, width, height);
    stock.id = std::move(id);
    stock.page_width = 210;
    stock.page_height = 297;
    stock.columns = columns;
    stock.rows = rows;
    stock.label_width = width;
    stock.label_height = height;
    stock.margin_left = left;
    stock.margin_top = top;
    stock.pitch_x = pitch_x;
    stock.pitch_y = pitch_y;
    stock.corner_radius = radius;
    return stock;
}

Stock a4_round()
{
    auto stock = a4("a4-24-round", 4, 6, 40, 40, 16, 15.5, 46, 45.2, 20);
    stock.name_vi = "A4, 24 tem tròn 40 mm";
    stock.name_en = "A4, 24 round labels 40 mm";
    stock.outline = LabelOutline::round;
    // The rim is not straight, and labels turn a little when they are punched.
    stock.edge_x = 0.8;
    stock.edge_y = 0.8;
    return stock;
}

Stock a5()
{
    auto stock = a4("a5-10", 2, 5, 65, 36, 7, 8, 69, 36, 1.5);
    stock.name_vi = "A5, 10 tem 65 × 36 mm";
    stock.name_en = "A5, 10 labels 65 × 36 mm";
    stock.page_width = 148;
    stock.page_height = 210;
    return stock;
}

Stock roll(int width, int height, int columns = 1, double gap = 2)
{
    auto const beside = columns > 1 ? fmt::format("-{}", columns) : std::string{};
    Stock stock;
    stock.id = fmt::format("roll-{}x{}{}", width, height, beside);
    stock.name_vi = fmt::format("Cuộn {} × {} mm", width, height);
    stock.name_en = fmt::format("Roll, {} × {} mm", width, height);
    if (columns > 1) {
        stock.name_vi += fmt::format(", {} tem một hàng", columns);
        stock.name_en += fmt::format(", {} labels a row", columns);
    }
    stock.medium = StockMedium::roll;
    stock.columns = columns;
    stock.label_width = width;
    stock.label_height = height;
    stock.pitch_x = columns > 1 ? width + 2 : width;
    stock.pitch_y = height + gap;
    stock.page_width = stock.pitch_x * (columns - 1) + width;
    stock.page_height = height;
    stock.corner_radius = 1.5;
    return stock;
}

/// Three labels of 35 mm with their gaps are wider than a print head of four inches (104 mm), which stands over the
/// middle of the roll: what it cannot reach stays blank on every label.
Stock roll_wider_than_the_head()
{
    constexpr double head = 104;
    auto stock = roll(35, 22, 3);
    auto const beyond = (stock.page_width - head) / 2;
    stock.page_width = head;
    stock.margin_left = -beyond;
    stock.edge_x = beyond + 0.3;
    return stock;
}

std::vector<Stock> make_stocks()
{
    return {a4("a4-65", 5, 13, 38.1, 21.2, 4.75, 10.7, 40.6, 21.2, 1.5),
            a4("a4-40", 4, 10, 45.7, 25.4, 9.7, 21.5, 48.3, 25.4, 1.5),
            a4("a4-33", 3, 11, 64.0, 24.3, 6.5, 14.85, 66.5, 24.3, 1.5),
            a4("a4-24", 3, 8, 63.5, 33.9, 7.25, 12.9, 66.0, 33.9, 2.0),
            a4_round(),
            a4("a4-21", 3, 7, 63.5, 38.1, 7.25, 15.15, 66.0, 38.1, 2.0),
            a4("a4-14", 2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1, 2.0),
            a4("a4-12", 2, 6, 99.1, 42.3, 4.65, 21.6, 101.6, 42.3, 2.0),
            a4("a4-8", 2, 4, 99.1, 67.7, 4.65, 13.1, 101.6, 67.7, 2.0),
            a5(),
            roll(30, 20),
            roll(35, 22, 2),
            roll_wider_than_the_head(),
            roll(40, 30),
            roll(50, 30),
            roll(60, 40),
            roll(70, 50),
            roll(100, 150, 1, 3)};
}

std::vector<Stock> const& all_stocks()
{
    static auto const all = make_stocks();
    return all;
}

constexpr double tolerance = 1e-6;

class StockCheck {
public:
    explicit StockCheck(Stock const& stock) : stock_{stock} {}

    std::vector<FieldError> faults()
    {
        auto const page_max = stock_.is_roll() ? 220.0 : 500.0;
        range("/page_width", stock_.page_width, 20, page_max);
        range("/page_height", stock_.page_height, 10, 500);
        range("/columns", stock_.columns, 1, 30);
        range("/rows", stock_.rows, 1, stock_.is_roll() ? 1 : 60);
        range("/label_width", stock_.label_width, 10, page_max);
        range("/label_height", stock_.label_height, 10, 500);
        range("/edge_x", stock_.edge_x, 0, 10);
        range("/edge_y", stock_.edge_y, 0, 10);
        // A roll may be wider than the print head; its labels then keep away from what the head cannot reach.
        range("/margin_left", stock_.margin_left, stock_.is_roll() ? -stock_.edge_x : 0, page_max);
        range("/margin_top", stock_.margin_top, 0, stock_.is_roll() ? 0 : 500);
        range("/corner_radius", stock_.corner_radius, 0, 250);
        if (!faults_.empty()) return std::move(faults_);

        auto const gap_max = stock_.is_roll() ? 50.0 : 500.0;
        pitch("/pitch_x", stock_.columns, stock_.pitch_x, stock_.label_width, gap_max);
        pitch("/pitch_y", stock_.is_roll() ? 2 : stock_.rows, stock_.pitch_y, stock_.label_height, gap_max);
        if (stock_.outline == LabelOutline::round && std::abs(stock_.label_width - stock_.label_height) > tolerance)
            faults_.push_back({"/label_height", "stock.round", {}});
        if (!faults_.empty()) return std::move(faults_);

        auto const beyond = stock_.is_roll() ? stock_.edge_x : 0;
        on_page(stock_.columns > 1 ? "/pitch_x" : "/label_width",
                stock_.label_left(stock_.columns - 1) + stock_.label_width - beyond, stock_.page_width);
        on_page(stock_.rows > 1 ? "/pitch_y" : "/label_height",
                stock_.label_top(stock_.labels_per_sheet() - 1) + stock_.label_height, stock_.page_height);
        return std::move(faults_);
    }

private:
    void range(char const* pointer, double value, double least, double most)
    {
        if (!(value >= least - tolerance && value <= most + tolerance)) // so that NaN is refused
            faults_.push_back({pointer, "stock.range", {show_mm(least), show_mm(most)}});
    }

    void pitch(char const* pointer, int count, double pitch, double label, double gap_max)
    {
        if (count == 1) return;
        if (pitch < label - tolerance)
            faults_.push_back({pointer, "stock.overlap", {show_mm(label), show_mm(pitch)}});
        else
            range(pointer, pitch, label, label + gap_max);
    }

    void on_page(char const* pointer, double end, double page)
    {
        if (end > page + tolerance) faults_.push_back({pointer, "stock.off_page", {show_mm(end), show_mm(page)}});
    }

    Stock const& stock_;
    std::vector<FieldError> faults_ = {};
};

} // namespace

std::span<Stock const> stocks() { return all_stocks(); }

Stock const* find_stock(std::string_view id)
{
    auto const& all = all_stocks();
    auto const found = std::find_if(all.begin(), all.end(), [id](Stock const& stock) { return stock.id == id; });
    return found == all.end() ? nullptr : &*found;
}

std::vector<FieldError> stock_faults(Stock const& stock) { return StockCheck{stock}.faults(); }

Stock single_label(Stock const& stock)
{
    auto single = stock;
    single.medium = StockMedium::roll;
    single.columns = 1;
    single.rows = 1;
    single.margin_left = 0;
    single.margin_top = 0;
    single.page_width = stock.label_width;
    single.page_height = stock.label_height;
    single.pitch_x = stock.label_width;
    single.pitch_y = stock.label_height;
    return single;
}

} // namespace nguon::scanner
