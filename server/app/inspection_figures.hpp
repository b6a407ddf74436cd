#pragma once

#include "core/office/word_document.hpp"
#include "core/office/workbook.hpp"
#include "db/inspections.hpp"
#include "db/province_desk.hpp"

namespace nguon::server {
class Locale;
}

namespace nguon::server::app {

/// The figures of a quarter, which the province reports before the 25th of its last month (Decree 37/2026
/// Art. 96.4).
struct QuarterFigures {
    int year = 0;
    int quarter = 1; // 1 … 4
    db::inspections::Figures inspections = {};
    std::vector<db::inspections::Unmet> unmet = {};
    std::vector<db::province_desk::ComplaintCount> complaints = {};
    std::vector<db::inspections::Line> list = {}; // every inspection that was finished in it
};

/// The quarter of a day, and the day by which its report is due.
struct Quarter {
    int year = 0;
    int number = 1;

    Date first() const;
    Date past_the_end() const;
    Date due() const; // the 24th of its last month: "before the 25th"
};
Quarter quarter_of(Date day);

/// Gathers the figures within the areas, as of `now`.
QuarterFigures quarter_figures(db::Connection& c, db::Areas const& areas, Quarter quarter, Instant now);

/// The figures of some quarters side by side, for a longer report.
std::vector<QuarterFigures> quarters_of_year(db::Connection& c, db::Areas const& areas, Date from, Date to,
                                             Instant now);
office::Table quarters_table(Locale const& locale, std::vector<QuarterFigures> const& quarters);

/// The report as an office sends it, and its annex with every inspection.
office::WordDocument quarter_report(Locale const& locale, QuarterFigures const& figures, std::string const& authority,
                                    std::string const& province, Date today);
std::vector<office::Sheet> quarter_sheets(Locale const& locale, QuarterFigures const& figures);

} // namespace nguon::server::app
