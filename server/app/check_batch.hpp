#pragma once

#include "core/lot_story.hpp"
#include "server/app/origin.hpp"
#include "server/app/trace.hpp"
#include "server/web/locale.hpp"

#include <nlohmann/json_fwd.hpp>

namespace nguon::server::app {

/// One thing that a lot lacks: `key` names it ("item.expiry_date", "back", "forward", "evidence", "step.tea.packing");
/// its sentences are "check.lacks." and "check.todo." + key.
struct Lack {
    std::string key = {};
    std::string value_vi = {}; // what the sentence mentions
    std::string value_en = {};
};

/// How complete the story of a lot is.
struct Completeness {
    BatchId batch = {};
    OrganizationId org = {};
    std::string product = {};
    std::string lot = {};
    LotStory story = {};               // whether it is complete, and its score
    std::vector<LegalItem> items = {}; // the nine of Decree 37/2026 Art. 23.5
    std::vector<Lack> lacks = {};
};

/// Judges a lot: nine items, one step back, one step forward (received, used, or shipped to somebody named), evidence,
/// and the steps that its template expects. `subject.product` and `subject.batch` must be there.
Result<Completeness> judge_lot(db::Connection& c, Subject const& subject, Instant now);

/// The same for the lot that a code names. Errors: those of gs1::read_code, not_found "check.unknown", invalid
/// "check.no_lot" when the code names a product only.
Result<Completeness> check_batch(db::Connection& c, std::string const& code, Instant now);

/// With every finding and what to do next, in both languages.
nlohmann::json to_json(Completeness const& checked, Locale const& locale);

} // namespace nguon::server::app
