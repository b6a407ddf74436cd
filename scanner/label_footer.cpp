#include "scanner/label_footer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nguon::scanner {

namespace {

constexpr double from_bottom = 6.6; // mm: above the strip that office printers leave blank
constexpr double text_size = 2.3;
constexpr double number_size = 1.8;
constexpr double side_margin = 6;
constexpr double wide_page = 200; // from here on there is room for a ruler of 100 mm

} // namespace

void draw_footer(cairo_t* context, TextSetter& setter, LabelJob const& job, LabelPage const& page, int sheets)
{
    auto const& stock = job.stock;
    auto const y = stock.page_height - from_bottom;
    auto x = std::max(stock.margin_left, side_margin);
    TextStyle const style{.size = text_size, .condensed = true};
    auto const text_y = y - text_size * 1.05;
    x += setter.draw(x, text_y, job.words.print_at_full_size, style).width + 3;
    auto const length = stock.page_width >= wide_page ? 100 : 50;
    draw_ruler(context, setter, x, y, length);

    auto const right = stock.page_width - std::max(stock.margin_left, side_margin);
    auto const left = x + length + 6;
    TextStyle const about{.size = text_size, .condensed = true, .align = Align::right, .width = right - left};
    auto text = fmt::format("{} · {} {}/{}", job.id, job.words.sheet, page.number, sheets);
    if (job.reprint > 0) text += fmt::format(" · {} {}", job.words.reprint, job.reprint);
    auto const& from = page.labels.front().printed_code;
    auto const& to = page.labels.back().printed_code;
    auto const range = from == to ? group_code(from) : group_code(from) + " – " + group_code(to);
    setter.draw(left, text_y - text_size * 0.62, text, about);
    setter.draw(left, text_y + text_size * 0.62, range, about);
}

void draw_ruler(cairo_t* context, TextSetter& setter, double x, double y, int length)
{
    cairo_set_line_width(context, 0.15);
    cairo_move_to(context, x, y);
    cairo_line_to(context, x + length, y);
    for (int mm = 0; mm <= length; mm += 5) {
        auto const tick = mm % 50 == 0 ? 2.2 : mm % 10 == 0 ? 1.4 : 0.8;
        cairo_move_to(context, x + mm, y + (mm == 0 ? 0.075 : 0));
        cairo_line_to(context, x + mm, y - tick);
    }
    cairo_stroke(context);
    TextStyle const style{.size = number_size, .condensed = true};
    setter.draw(x + 0.5, y - 2.9, "0", style);
    if (length > 50) setter.draw(x + 50.5, y - 2.9, "50", style);
    auto const end_text = fmt::format("{} mm", length);
    auto const end = setter.measure(end_text, style);
    setter.draw(x + length - 0.5 - end.width, y - 2.9, end_text, style);
}

} // namespace nguon::scanner
