#pragma once

#include "scanner/label_job.hpp"
#include "scanner/preflight.hpp"
#include "scanner/printer.hpp"

#include <functional>

namespace nguon::scanner {

/// Takes the next bytes of a file; false when they cannot be taken, which ends the drawing.
using ByteSink = std::function<bool(std::string_view bytes)>;

/// Told how many labels of how many are drawn, after each sheet; false cancels.
using LabelProgress = std::function<bool(std::size_t done, std::size_t all)>;

/// What is known of a file that was written.
struct LabelFacts {
    std::size_t labels = 0;
    std::size_t sheets = 0; // of a roll: rows of labels
    std::size_t bytes = 0;
    std::string sha256 = {};               // of the file, hexadecimal
    std::size_t symbols_proved = 0;        // each different symbol once
    std::vector<int> sheets_replayed = {}; // first, last and one chosen by the job's id; counted from 1
};

/// Writes the job in one format: PDF (vector text with embedded fonts, symbols as 1-bit masks in whole modules), the
/// languages of label printers (a bitmap of whole dots a module; copies of one row are sent once), or one sheet as PNG
/// or SVG. Codes are pulled in pieces and bytes leave page by page: memory does not grow with the labels. Every symbol
/// is read back from the very bitmap that is embedded or sent, and sample sheets are drawn once more at the printer's
/// resolution and read label by label. The same job gives the same bytes. After an error what was written is worth
/// nothing: a sample may fail when the last byte has left.
/// Errors: "label.too_small" {module, smallest, modules}, the faults of `preflight` as fields, those of a single code
/// ("/codes/12/url") as fields, what `codes` answers, "symbol.proof_failed", "label.sample_failed" {sheet, label},
/// "label.sink" when the sink refuses, "label.cancelled".
Result<LabelFacts> write_labels(LabelJob const& job, LabelCodeSource& codes, LabelOutput const& output,
                                ByteSink const& sink, LabelProgress const& progress = {});

/// The same into memory, for previews and small jobs.
Result<std::string> draw_labels(LabelJob const& job, LabelCodeSource& codes, LabelOutput const& output = {});

} // namespace nguon::scanner
