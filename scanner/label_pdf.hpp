#pragma once

#include "scanner/label_job.hpp"

#include <functional>

namespace nguon::scanner {

/// Takes the next bytes of a file; false when they cannot be taken, which ends the drawing.
using ByteSink = std::function<bool(std::string_view bytes)>;

/// The sheets of `job` as PDF: vector text with embedded fonts, QR codes as 1-bit masks in whole modules. Every code is
/// read back from the very bitmap that is embedded. The same job gives the same bytes.
/// Errors: "label.too_small" {module, smallest, modules}, the faults of `preflight` as fields, "symbol.proof_failed".
Result<std::string> draw_label_pdf(LabelJob const& job);

/// The same page by page into `sink`; memory does not grow with the number of labels.
/// Further error: "label.sink" when the sink refuses.
Status draw_label_pdf(LabelJob const& job, ByteSink const& sink);

} // namespace nguon::scanner
