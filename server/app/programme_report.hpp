#pragma once

#include "core/office/word_document.hpp"
#include "core/office/workbook.hpp"
#include "server/app/inspection_figures.hpp"
#include "server/app/programme_needs.hpp"
#include "server/app/programme_snapshots.hpp"

namespace nguon::server {
class Locale;
}

/// The programme's papers: the report with its annexes, and next year's plan. Always in Vietnamese: they go to the
/// Ministry and the People's Committee.
namespace nguon::server::app {

/// Everything that a report says, read in one transaction.
struct ProgrammeReport {
    Figures figures = {};
    std::optional<Frozen> frozen = {};                // of exactly this range
    std::optional<Frozen> before = {};                // of the year before, when this is one year
    std::vector<Difference> differences = {};         // since `before`
    std::map<std::string, std::string> communes = {}; // names by code
    std::vector<QuarterFigures> quarters = {};        // inspections of each quarter, when this is one year
    std::string log_head = {};                        // newest checkpoint of the delivery log; "" when there is none
    std::string made_for = {};                        // the newest name of the agency, when it is registered here
    Date day = {};                                    // of the report
    bool illustrative = false;
};

/// Errors: those of `indicators`.
Result<ProgrammeReport> read_report(db::Connection& c, std::string const& plan, Date from, Date to, Instant now);

/// The report in the layout of Decree 30/2020: results against targets, tasks, the inspections of a
/// year by quarter, evidence by indicator, differences from
/// the year before, the delivery log's head.
office::WordDocument report_document(Locale const& locale, ProgrammeReport const& report);
/// The same figures and every line of evidence as sheets.
std::vector<office::Sheet> report_sheets(Locale const& locale, ProgrammeReport const& report);

/// Next year's plan and budget estimate, from the selected needs.
struct NeedsPlan {
    programme::Plan plan = {};
    std::int64_t year = 0;
    std::vector<NeedLine> lines = {};
    std::map<std::string, std::string> communes = {};
    Date day = {};
};
office::WordDocument needs_document(Locale const& locale, NeedsPlan const& needs);
std::vector<office::Sheet> needs_sheets(Locale const& locale, NeedsPlan const& needs);

/// "≥ 5", "5–10", "> 33", "≤ 7.866.000.000", or "–": a demand as people read it.
std::string demand_text(programme::Demand const& demand);
/// "12", "46,5", "1.164.500.000"
std::string figure_text(double value);
/// The value, or "chưa đủ số liệu".
std::string value_text(Locale const& locale, Figure const& figure);
/// How a percentage comes about: formula, its source, one line a year. Nothing for other figures.
std::vector<std::string> tfp_lines(Locale const& locale, programme::Plan const& plan, Figure const& figure);

} // namespace nguon::server::app
