#include "scanner/label_placing.hpp"

#include <algorithm>

namespace nguon::scanner {

namespace {

constexpr double footer_height = 10;

} // namespace

DotGrid grid_of(LabelOutput const& output)
{
    if (!has_dots(output.format)) return {};
    auto const& printer = output.printer;
    return {mm_per_inch / printer.dpi / std::min(printer.scale_x, printer.scale_y)};
}

bool has_footer(Stock const& stock)
{
    auto const last = stock.label_top(stock.labels_per_sheet() - 1) + stock.label_height;
    return !stock.is_roll() && stock.page_height - last >= footer_height;
}

LabelJob trial_of(LabelJob const& job)
{
    auto trial = job;
    trial.stock = single_label(job.stock);
    trial.start = 1;
    return trial;
}

} // namespace nguon::scanner
