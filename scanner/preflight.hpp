#pragma once

#include "scanner/label_job.hpp"

namespace nguon::scanner {

/// What is known before anything is printed. Pointers are those of the job: "/lot", "/codes/12/url".
struct Preflight {
    std::vector<FieldError> faults = {};   // the job cannot be drawn
    std::vector<FieldError> warnings = {}; // it can, but somebody should look
    double module_mm = 0;                  // size of one QR module
    int symbol_modules = 0;                // modules of the largest QR code, without its quiet zone
    int labels = 0;
    int sheets = 0;

    bool ok() const { return faults.empty(); }
};

/// Checks fields, counts, module size and the room for every text.
/// Faults: "label.stock_unknown", "label.start", "label.copies", "label.none", "label.too_many", "label.url_missing",
/// "label.url_too_long", "label.printed_code", "label.name_missing", "label.lot_missing", "label.lot_overflow",
/// "label.dates_order", "label.control_characters", "label.too_small".
/// Warnings: "label.name_shortened", "label.organization_left_out", "label.made_on_missing", "label.use_by_missing",
/// "label.module_small", "label.url_insecure".
Preflight preflight(LabelJob const& job);

} // namespace nguon::scanner
