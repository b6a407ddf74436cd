#pragma once

#include "scanner/preflight.hpp"

namespace nguon::scanner {

/// What stands on a calibration sheet, and how far from where; millimetres. Of a sheet measured from the paper's left
/// and upper edge, of a roll from those of the first label.
struct CalibrationMarks {
    double cross_x = 0;
    double cross_y = 0;
    double ruler_x = 0; // length to the right of the cross
    double ruler_y = 0; // downwards
};

CalibrationMarks calibration_marks(Stock const& stock);

/// What somebody read off with a ruler, in millimetres.
struct CalibrationReading {
    double x = 0;                       // from the left edge to the middle of the cross
    double y = 0;                       // from the upper edge
    std::optional<double> ruler_x = {}; // length of the horizontal ruler; left out: the scale stays
    std::optional<double> ruler_y = {};
};

/// The profile that puts the cross where it belongs, made of the one the sheet was printed with. Errors as fields:
/// "calibration.reading" {least, most} ("/x", "/y", "/ruler_x", "/ruler_y"); "calibration.beyond" when the printer is
/// further off than a profile can be.
Result<PrinterProfile> calibrate(Stock const& stock, PrinterProfile const& printer, CalibrationReading const& reading);

/// The calibration sheet of a stock for one printer, drawn with the profile it has now: outlines of the labels, a
/// cross, rulers and how to read them, in Vietnamese. PDF and SVG as vectors, the others as a bitmap. Errors: the
/// faults of `stock_faults` and `printer_faults`, "label.format_needs_roll".
Result<std::string> draw_calibration(Stock const& stock, LabelOutput const& output, Instant created);

} // namespace nguon::scanner
