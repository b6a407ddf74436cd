#pragma once

#include "core/office/word_document.hpp"
#include "server/app/recall_forms.hpp"

namespace nguon::server::app {

/// Who reports, and when.
struct RecallReporter {
    std::string superior = {}; // "UBND tỉnh Lai Châu"
    std::string agency = {};   // the authority's name
    std::string province = {};
    Date day = {};
};

/// The closing report in the layout of Decree 30/2020, in Vietnamese: what was recalled, times of each step, mass
/// balance, missing links, conclusion; all lots in the annex. A drill has its watermark on every page.
office::WordDocument recall_report(Locale const& locale, RecallView const& view, RecallReporter const& reporter);

} // namespace nguon::server::app
