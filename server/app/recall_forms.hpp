#pragma once

#include "db/recalls.hpp"
#include "server/app/spreadsheet.hpp"
#include "server/web/locale.hpp"

#include <nlohmann/json_fwd.hpp>

/// A recall as data, and the file of its lots for inspectors.
namespace nguon::server::app {

/// Everything of a case that its pages and files show.
struct RecallView {
    db::recalls::Case entry = {};
    db::recalls::Totals totals = {};
    std::vector<db::recalls::Balance> balance = {};
    std::vector<db::recalls::Lot> lots = {};
    std::vector<db::recalls::Step> steps = {};
    std::map<std::string, std::string> phones = {}; // of firms, by organization
};
/// `offset`, `count`: which lots; `org`: those of one firm only.
RecallView read_recall(db::Connection& c, db::recalls::Case const& entry, db::Areas const& areas,
                       OrganizationId const& org, std::int64_t offset, std::int64_t count);

nlohmann::json to_json(db::recalls::Line const& line);
nlohmann::json to_json(RecallView const& view);
nlohmann::json to_json(db::recalls::Lot const& lot);

/// "12,5"; "" for nothing.
std::string figure_text(std::string_view language, std::optional<double> const& figure);

/// "hộp" for our word "hop"; what a firm typed stays as it is.
std::string unit_text(Locale const& locale, std::string_view language, std::string const& unit);

/// One line a lot: product, lot, code, firm, telephone, figures, difference, state.
SheetRows lots_sheet(Locale const& locale, std::string_view language, RecallView const& view);

} // namespace nguon::server::app
