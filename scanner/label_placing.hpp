#pragma once

#include "scanner/label_layout.hpp"
#include "scanner/preflight.hpp"

/// Where the labels of a page come to lie: what preflight and every kind of drawing must agree on.
namespace nguon::scanner {

/// Millimetres of the stock -> millimetres on this printer.
struct Placing {
    explicit Placing(PrinterProfile const& of) : printer{of} {}

    double x(double mm) const { return mm * printer.scale_x + printer.offset_x; }
    double y(double mm) const { return mm * printer.scale_y + printer.offset_y; }

    PrinterProfile const& printer;
};

/// The dots a module must be made of, in millimetres of the stock.
DotGrid grid_of(LabelOutput const& output);

/// A sheet with room for ruler, job and range in its margin.
bool has_footer(Stock const& stock);

/// The first label of a job by itself.
LabelJob trial_of(LabelJob const& job);

} // namespace nguon::scanner
