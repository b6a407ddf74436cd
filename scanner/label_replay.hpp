#pragma once

#include "scanner/label_file.hpp"
#include "scanner/label_layout.hpp"
#include "scanner/label_pages.hpp"

namespace nguon::scanner {

/// Which sheets are replayed: the first, the last, and one that the job's id chooses, so that the same job replays the
/// same ones.
std::vector<int> sample_sheets(std::string_view job_id, int sheets);

/// Draws those sheets once more with the drawing code of `output.format` at the printer's resolution, and reads each
/// label as a reader would, in a picture of that label. Errors: those of reading pages and drawing,
/// "label.sample_failed" {sheet, label on the sheet}.
Status replay(LabelJob const& job, LabelPages& pages, LabelNeeds const& needs, LabelOutput const& output,
              std::vector<int> const& sheets);

} // namespace nguon::scanner
