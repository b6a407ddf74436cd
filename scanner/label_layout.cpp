#include "scanner/label_layout.hpp"

#include "scanner/label_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr double text_edge_min = 1.3;
constexpr double symbol_width_share = 0.52;
constexpr double code_line_factor = 1.25;
constexpr double beside_symbol = 0.2;
constexpr double code_inset = 0.4; // on either side, from the text beside it
constexpr double above_ean = 0.8;
constexpr double code_shrink_step = 0.96;
constexpr double code_size_min = 1.0;
constexpr double ean_module_wanted = 0.330; // GS1 General Specifications, symbol specification table 1
constexpr double ean_module_smallest = 0.264;
constexpr double ean_module_step = 0.011;
constexpr double design_width = 40; // of the upright label on which its text sizes were chosen
constexpr double stacked_text_scale_min = 0.8;
constexpr double module_step = 0.97; // where there are no dots
constexpr double rounding = 1e-6;

double smaller_module(double module_mm, DotGrid const& grid)
{
    return grid.dot_mm > 0 ? module_mm - grid.dot_mm : grid.round_down(module_mm * module_step);
}

double text_edge(double edge) { return std::max(edge, text_edge_min); }

/// Round and upright labels have no room beside the symbol.
bool is_stacked(Stock const& stock)
{
    return stock.outline == LabelOutline::round || stock.label_height > stock.label_width;
}

/// The barcode as it is drawn with that module; nothing when GS1 permits none so small.
std::optional<SymbolPicture> ean_picture(LabelNeeds const& needs, double module_mm)
{
    SizeWish wish;
    wish.use = to_name(SymbolUse::retail);
    wish.module_mm = module_mm;
    auto const size = choose_size(*needs.ean_13, *needs.ean_bars, wish);
    if (!size) return {};
    return lay_out_symbol(*needs.ean_13, *needs.ean_bars, *size, true);
}

/// Every size of the barcode to try, the wanted one first.
std::vector<SymbolPicture> ean_pictures(LabelNeeds const& needs, DotGrid const& grid)
{
    std::vector<SymbolPicture> pictures;
    if (!needs.ean_13) return pictures;
    auto const step = grid.dot_mm > 0 ? grid.dot_mm : ean_module_step;
    for (auto module = grid.round_up(ean_module_wanted); module >= ean_module_smallest - rounding; module -= step)
        if (auto picture = ean_picture(needs, module)) pictures.push_back(*std::move(picture));
    return pictures;
}

double width_mm(SymbolPicture const& picture) { return picture.width * picture.module_mm; }
double height_mm(SymbolPicture const& picture) { return picture.height * picture.module_mm; }

/// Symbol and printed code on the left, text on the right with the barcode below it.
class WideLabel {
public:
    WideLabel(LabelJob const& job, LabelNeeds const& needs, DotGrid const& grid, TextSetter& setter)
        : job_{job}, stock_{job.stock}, needs_{needs}, grid_{grid}, setter_{setter}
    {
    }

    LabelLayout lay_out()
    {
        auto const pictures = ean_pictures(needs_, grid_);
        for (auto const& picture : pictures)
            if (auto layout = best_with(&picture); layout.module_mm > 0 && layout.texts_fit()) return layout;
        auto layout = best_with(nullptr);
        layout.ean_left_out = needs_.ean_13.has_value();
        return layout;
    }

private:
    LabelLayout best_with(SymbolPicture const* ean) const
    {
        auto layout = try_with(ean, module_mm_largest);
        while (!job_.lines.empty() && layout.module_mm > 0 && !layout.texts_fit()) {
            auto const smaller = smaller_module(layout.module_mm, grid_);
            if (smaller < module_mm_retail - rounding) break;
            layout = try_with(ean, smaller);
        }
        return layout;
    }

    LabelLayout try_with(SymbolPicture const* ean, double module_max) const
    {
        auto const quiet = info(info(job_.design).symbology).quiet_zone.left;
        TextSizes const code_sizes{stock_.label_height};
        auto const code_line = code_sizes.code * code_line_factor;
        auto const total_modules = needs_.symbol_modules + 2 * quiet;
        auto room = std::min(stock_.label_height - 2 * stock_.edge_y - code_line,
                             (stock_.label_width - 2 * stock_.edge_x + 1) * symbol_width_share);
        if (ean != nullptr)
            room = std::min(room, stock_.label_width - 2 * stock_.edge_x - beside_symbol - width_mm(*ean));

        LabelLayout layout;
        layout.symbol_modules = needs_.symbol_modules;
        layout.quiet_modules = quiet;
        layout.module_mm_possible = grid_.round_down(std::min(room / total_modules, module_max));
        if (layout.module_mm_possible < module_mm_smallest) return layout;

        layout.module_mm = layout.module_mm_possible;
        layout.symbol_side = total_modules * layout.module_mm;
        layout.symbol_x = stock_.edge_x;
        layout.symbol_y = (stock_.label_height - layout.symbol_side - code_line) / 2;
        layout.printed_code = code_place(code_sizes.code, layout.symbol_x + code_inset,
                                         layout.symbol_y + layout.symbol_side, layout.symbol_side - 2 * code_inset);
        auto bottom = stock_.label_height - stock_.edge_y;
        if (ean != nullptr) {
            layout.ean = *ean;
            layout.ean_x = stock_.label_width - stock_.edge_x - width_mm(*ean);
            layout.ean_y = stock_.label_height - stock_.edge_y - height_mm(*ean);
            bottom = layout.ean_y - above_ean;
        }
        place_texts(layout, bottom);
        return layout;
    }

    void place_texts(LabelLayout& layout, double bottom) const
    {
        auto const x = layout.symbol_x + layout.symbol_side + beside_symbol;
        TextBlock block{job_, layout, setter_};
        block.left = x;
        block.width = stock_.label_width - text_edge(stock_.edge_x) - x;
        block.top = text_edge(stock_.edge_y);
        block.bottom = bottom;
        block.sizes = TextSizes{layout.ean ? bottom : stock_.label_height};
        block.place();
    }

    LabelJob const& job_;
    Stock const& stock_;
    LabelNeeds const& needs_;
    DotGrid const& grid_;
    TextSetter& setter_;
};

/// Symbol, printed code, text and barcode below each other in the middle.
class StackedLabel {
public:
    StackedLabel(LabelJob const& job, LabelNeeds const& needs, DotGrid const& grid, TextSetter& setter)
        : job_{job}, stock_{job.stock}, needs_{needs}, grid_{grid}, setter_{setter}
    {
    }

    LabelLayout lay_out()
    {
        for (auto const& picture : ean_pictures(needs_, grid_))
            if (auto layout = largest_with(&picture); layout.module_mm > 0 && layout.texts_fit()) return layout;
        auto layout = largest_with(nullptr);
        layout.ean_left_out = needs_.ean_13.has_value();
        return layout;
    }

private:
    /// The largest symbol with which everything has its place; the smallest one when text overflows with all.
    LabelLayout largest_with(SymbolPicture const* ean) const
    {
        auto const quiet = info(info(job_.design).symbology).quiet_zone.left;
        auto const total_modules = needs_.symbol_modules + 2 * quiet;
        auto const room = std::min(stock_.label_width - 2 * stock_.edge_x, stock_.label_height - 2 * stock_.edge_y);
        auto module = grid_.round_down(std::min(room / total_modules, module_mm_largest));
        LabelLayout last;
        last.module_mm_possible = module;
        last.symbol_modules = needs_.symbol_modules;
        while (module >= module_mm_smallest) {
            auto layout = try_module(module, quiet, ean);
            if (layout.module_mm > 0) {
                if (layout.texts_fit()) return layout;
                last = layout;
            } else {
                last.module_mm_possible = module;
            }
            module = smaller_module(module, grid_);
        }
        if (last.module_mm == 0) last.module_mm_possible = std::min(last.module_mm_possible, module);
        return last;
    }

    LabelLayout try_module(double module, int quiet, SymbolPicture const* ean) const
    {
        LabelLayout layout;
        layout.module_mm_possible = module;
        layout.symbol_modules = needs_.symbol_modules;
        layout.quiet_modules = quiet;
        layout.symbol_side = (needs_.symbol_modules + 2 * quiet) * module;

        auto const scale = std::clamp(std::min(stock_.label_width, stock_.label_height) / design_width,
                                      stacked_text_scale_min, text_scale_max);
        TextColumn column{job_, stock_, layout, setter_, scale, text_edge(stock_.edge_x)};
        auto const text_height = column.height();
        auto const code_size = 2.1 * scale;
        auto const code_line = code_size * code_line_factor;
        auto const ean_height = ean == nullptr ? 0 : height_mm(*ean) + above_ean;
        auto const total = layout.symbol_side + code_line + text_height + ean_height;
        auto const top = (stock_.label_height - total) / 2;
        auto const middle = stock_.label_width / 2;
        if (top < stock_.edge_y ||
            half_width(stock_, stock_.edge_x, top, top + layout.symbol_side) < layout.symbol_side / 2)
            return layout; // with no module: the symbol does not fit

        layout.module_mm = module;
        layout.symbol_x = middle - layout.symbol_side / 2;
        layout.symbol_y = top;
        auto y = top + layout.symbol_side;
        auto const code_width = 2 * half_width(stock_, text_edge(stock_.edge_x), y, y + code_line);
        layout.printed_code = code_place(code_size, middle - code_width / 2, y, code_width);
        y = column.place(y + code_line);
        if (ean != nullptr) {
            layout.ean = *ean;
            layout.ean_x = middle - width_mm(*ean) / 2;
            layout.ean_y = y + above_ean;
            if (half_width(stock_, stock_.edge_x, layout.ean_y, layout.ean_y + height_mm(*ean)) < width_mm(*ean) / 2)
                layout.module_mm = 0;
        }
        return layout;
    }

    LabelJob const& job_;
    Stock const& stock_;
    LabelNeeds const& needs_;
    DotGrid const& grid_;
    TextSetter& setter_;
};

} // namespace

double DotGrid::round_down(double module_mm) const
{
    if (dot_mm <= 0) return std::floor(module_mm * 1000 + rounding) / 1000;
    return std::floor(module_mm / dot_mm + rounding) * dot_mm;
}

double DotGrid::round_up(double module_mm) const
{
    return dot_mm <= 0 ? module_mm : std::ceil(module_mm / dot_mm - rounding) * dot_mm;
}

Result<LabelNeeds> label_needs(LabelJob const& job, LabelCodeSource const& codes)
{
    LabelNeeds needs;
    auto const& design = info(job.design);
    if (codes.count() > 0) {
        auto const largest = draw_symbol({design.symbology, codes.dearest_url(), {}, false}, job.ecc_level);
        if (!largest) return largest.error();
        needs.symbol_modules = std::max(largest->modules.width, largest->modules.height);
    }
    if (!design.has_ean13) return needs;
    auto data = read_symbol_data(Symbology::ean_13, job.gtin);
    if (!data) return data.error();
    auto drawn = draw_symbol(*data);
    if (!drawn) return drawn.error();
    needs.ean_13 = *std::move(data);
    needs.ean_bars = *std::move(drawn);
    return needs;
}

LabelLayout lay_out(LabelJob const& job, LabelNeeds const& needs, DotGrid const& grid, TextSetter& setter)
{
    if (is_stacked(job.stock)) return StackedLabel{job, needs, grid, setter}.lay_out();
    return WideLabel{job, needs, grid, setter}.lay_out();
}

PlacedText fitted_code(LabelLayout const& layout, LabelJob const& job, std::string_view printed_code,
                       TextSetter& setter)
{
    auto placed = layout.printed_code;
    placed.text = group_code(printed_code);
    if (job.reprint > 0) placed.text += fmt::format(" R{}", job.reprint);
    auto const size_before = placed.style.size;
    auto line = placed.style;
    line.width = 0;
    while (line.size > code_size_min && setter.measure(placed.text, line).width > placed.style.width) {
        line.size *= code_shrink_step;
        line.letter_spacing *= code_shrink_step;
    }
    placed.x += (placed.style.width - setter.measure(placed.text, line).width) / 2;
    placed.y += size_before - line.size; // smaller letters keep the baseline
    placed.style = line;
    return placed;
}

std::string group_code(std::string_view code)
{
    std::string grouped;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i != 0 && i % 4 == 0) grouped += ' ';
        grouped += code[i];
    }
    return grouped;
}

} // namespace nguon::scanner
