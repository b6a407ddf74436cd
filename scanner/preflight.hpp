#pragma once

#include "scanner/label_job.hpp"
#include "scanner/printer.hpp"

namespace nguon::scanner {

enum class LabelFormat {
    pdf,
    svg, // one sheet
    png, // so too
    zpl,
    tspl,
    epl,
};

std::string_view to_name(LabelFormat format);

/// Error: "label.format_unknown" {name}.
Result<LabelFormat> find_label_format(std::string_view name);

/// True for those that are bitmaps: there a module has whole dots.
bool has_dots(LabelFormat format);

/// The language of a label printer, or nothing.
std::optional<PrinterLanguage> language_of(LabelFormat format);
LabelFormat format_of(PrinterLanguage language);

/// How a job becomes a file.
struct LabelOutput {
    LabelFormat format = LabelFormat::pdf;
    PrinterProfile printer = {};
    int sheet = 1;          // which one of the job a PNG or SVG shows
    bool one_label = false; // only the first label of the job, for previews and trials
};

/// What only the caller knows. Left out: nothing is said about it.
struct PreflightFacts {
    std::optional<Date> today = {};
    std::optional<bool> host_reachable = {};            // the codes' host answered over HTTPS just now
    std::vector<std::string> expired_certificates = {}; // of the product and its enterprise, by name
    std::size_t codes_inactive = 0;                     // units that nobody has activated yet
    std::size_t codes_void = 0;                         // units that must not be printed any more
};

/// What is known before anything is printed. Pointers are those of the job: "/lot", "/codes/12/url".
struct Preflight {
    std::vector<FieldError> faults = {};   // the job cannot be drawn
    std::vector<FieldError> warnings = {}; // it can, but somebody should look
    double module_mm = 0;                  // size of one module
    int module_dots = 0;                   // the same in dots of the printer; 0 for vectors
    int symbol_modules = 0;                // modules of the largest symbol, without its quiet zone
    double symbol_mm = 0;                  // side of the symbol with its quiet zone
    int labels = 0;
    int sheets = 0;

    bool ok() const { return faults.empty(); }
};

/// Checks fields, counts, module size against the printer's dots, quiet zone, the room for every text, where the
/// printer's offset and scale move everything, and the first codes (the others are checked as they are drawn).
/// Faults: "stock.…" and "printer.…" of `stock_faults` and `printer_faults`, "label.format_needs_roll", "label.start",
/// "label.copies", "label.none", "label.too_many", "label.sheet" {sheets}, "label.url_missing", "label.url_too_long",
/// "label.url_check_digit", "label.printed_code", "label.name_missing", "label.lot_missing", "label.lot_overflow",
/// "label.line_overflow" {text of the line},
/// "label.dates_order", "label.control_characters", "label.gtin_missing", those of `gs1::read_gtin` and
/// `read_symbol_data` for the GTIN, "label.too_small", "label.ean_no_room", "label.quiet_zone", "label.off_page" {mm},
/// "label.codes_void" {count}.
/// Warnings: "label.name_shortened", "label.organization_left_out", "label.made_on_missing", "label.use_by_missing",
/// "label.use_by_past", "label.module_small", "label.url_insecure", "label.unprintable_margin" {mm},
/// "label.no_footer", "label.host_unreachable", "label.certificate_expired" {names}, "label.codes_inactive" {count}.
Preflight preflight(LabelJob const& job, LabelCodeSource& codes, LabelOutput const& output = {},
                    PreflightFacts const& facts = {});

/// What is wrong with one code, its pointer in front: "/codes/12/url".
std::vector<FieldError> code_faults(LabelCode const& code, std::size_t place);

} // namespace nguon::scanner
