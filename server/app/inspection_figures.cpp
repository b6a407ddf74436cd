#include "server/app/inspection_figures.hpp"

#include "server/web/locale.hpp"

#include <array>

#include <fmt/format.h>

namespace nguon::server::app {
namespace {

constexpr std::int64_t unmet_shown_max = 10;
constexpr std::int64_t list_max = 10'000;
constexpr unsigned months_of_quarter = 3;

struct Counted {
    std::string_view key;
    std::int64_t db::inspections::Figures::*figure;
};

constexpr std::array counted{
    Counted{"planned", &db::inspections::Figures::planned},
    Counted{"finished", &db::inspections::Figures::finished},
    Counted{"organizations", &db::inspections::Figures::organizations},
    Counted{"compliant", &db::inspections::Figures::compliant},
    Counted{"minor", &db::inspections::Figures::minor},
    Counted{"serious", &db::inspections::Figures::serious},
    Counted{"actions", &db::inspections::Figures::actions},
    Counted{"actions_done", &db::inspections::Figures::actions_done},
    Counted{"actions_late", &db::inspections::Figures::actions_late},
    Counted{"suspended", &db::inspections::Figures::suspended},
    Counted{"withdrawn", &db::inspections::Figures::withdrawn},
    Counted{"lifted", &db::inspections::Figures::lifted},
};

std::string say(Locale const& locale, std::string_view key, std::initializer_list<std::string> values = {})
{
    return locale.text("vi", "inspection.report." + std::string{key}, values);
}

std::string quarter_text(QuarterFigures const& figures) { return fmt::format("{}/{}", figures.quarter, figures.year); }

office::Table figure_table(Locale const& locale, QuarterFigures const& figures)
{
    office::Table out;
    out.columns = {{say(locale, "column.what"), 4, office::Align::left},
                   {say(locale, "column.count"), 1, office::Align::right}};
    for (auto const& line : counted)
        out.rows.push_back({{say(locale, line.key), std::to_string(figures.inspections.*line.figure)}, false});
    return out;
}

office::Table unmet_table(Locale const& locale, QuarterFigures const& figures)
{
    office::Table out;
    out.columns = {{say(locale, "column.code"), 1, office::Align::center},
                   {say(locale, "column.criterion"), 6, office::Align::left},
                   {say(locale, "column.count"), 1, office::Align::right}};
    for (auto const& item : figures.unmet)
        out.rows.push_back({{item.code, item.text, std::to_string(item.count)}, false});
    return out;
}

office::Table complaint_table(Locale const& locale, QuarterFigures const& figures)
{
    office::Table out;
    out.columns = {{say(locale, "column.topic"), 4, office::Align::left},
                   {say(locale, "column.received"), 1, office::Align::right},
                   {say(locale, "column.settled"), 1, office::Align::right},
                   {say(locale, "column.upheld"), 1, office::Align::right}};
    for (auto const& line : figures.complaints)
        out.rows.push_back({{locale.text("vi", "report.topic." + line.topic, {}), std::to_string(line.received),
                             std::to_string(line.settled), std::to_string(line.upheld)},
                            false});
    return out;
}

} // namespace

Date Quarter::first() const
{
    return Date{std::chrono::year{year},
                std::chrono::month{(static_cast<unsigned>(number) - 1) * months_of_quarter + 1}, std::chrono::day{1}};
}

Date Quarter::past_the_end() const { return first() + std::chrono::months{months_of_quarter}; }

Date Quarter::due() const
{
    auto const last = first() + std::chrono::months{months_of_quarter - 1};
    return Date{last.year(), last.month(), std::chrono::day{24}};
}

Quarter quarter_of(Date day)
{
    return {static_cast<int>(day.year()),
            static_cast<int>((static_cast<unsigned>(day.month()) - 1) / months_of_quarter) + 1};
}

QuarterFigures quarter_figures(db::Connection& c, db::Areas const& areas, Quarter quarter, Instant now)
{
    auto const from = start_of_day(quarter.first());
    auto const to = start_of_day(quarter.past_the_end());
    QuarterFigures out;
    out.year = quarter.year;
    out.quarter = quarter.number;
    out.inspections = db::inspections::figures(c, areas, from, to, to_iso(vietnam_date(now)));
    out.unmet = db::inspections::unmet_most(c, areas, from, to, unmet_shown_max);
    out.complaints = db::province_desk::complaint_counts(c, areas, from, to, now);
    for (auto& line : db::inspections::list(c, areas, "finished", 0, list_max))
        if (*line.finished_at >= from && *line.finished_at < to) out.list.push_back(std::move(line));
    return out;
}

std::vector<QuarterFigures> quarters_of_year(db::Connection& c, db::Areas const& areas, Date from, Date to, Instant now)
{
    std::vector<QuarterFigures> out;
    auto const today = to_iso(vietnam_date(now));
    for (auto quarter = quarter_of(from); quarter.first() <= to; quarter = quarter_of(quarter.past_the_end())) {
        QuarterFigures figures{quarter.year, quarter.number};
        figures.inspections = db::inspections::figures(c, areas, start_of_day(quarter.first()),
                                                       start_of_day(quarter.past_the_end()), today);
        out.push_back(std::move(figures));
    }
    return out;
}

office::Table quarters_table(Locale const& locale, std::vector<QuarterFigures> const& quarters)
{
    office::Table out;
    out.columns = {{say(locale, "column.what"), 4, office::Align::left}};
    for (auto const& quarter : quarters)
        out.columns.push_back(
            {say(locale, "column.quarter", {std::to_string(quarter.quarter)}), 1, office::Align::right});
    for (auto const& line : counted) {
        std::vector<std::string> cells{say(locale, line.key)};
        for (auto const& quarter : quarters) cells.push_back(std::to_string(quarter.inspections.*line.figure));
        out.rows.push_back({std::move(cells), false});
    }
    return out;
}

office::WordDocument quarter_report(Locale const& locale, QuarterFigures const& figures, std::string const& authority,
                                    std::string const& province, Date today)
{
    office::WordDocument out;
    out.head = office::OfficialHead{say(locale, "superior", {province}), authority, say(locale, "number"),
                                    office::place_and_month(province, today)};
    out.kind = say(locale, "kind");
    out.subject = say(locale, "subject", {quarter_text(figures)});
    out.body.push_back(office::heading(say(locale, "results")));
    out.body.push_back(figure_table(locale, figures));
    if (!figures.unmet.empty()) {
        out.body.push_back(office::heading(say(locale, "unmet")));
        out.body.push_back(unmet_table(locale, figures));
    }
    if (!figures.complaints.empty()) {
        out.body.push_back(office::heading(say(locale, "complaints")));
        out.body.push_back(complaint_table(locale, figures));
    }
    out.recipients = {say(locale, "recipient")};
    out.signature = office::Signature{say(locale, "signature"), say(locale, "signature_note"), ""};
    return out;
}

std::vector<office::Sheet> quarter_sheets(Locale const& locale, QuarterFigures const& figures)
{
    office::Sheet totals;
    totals.name = say(locale, "sheet.totals");
    totals.lines = {say(locale, "subject", {quarter_text(figures)})};
    totals.header = {say(locale, "column.what"), say(locale, "column.count")};
    for (auto const& line : counted) totals.rows.push_back({say(locale, line.key), figures.inspections.*line.figure});
    office::Sheet list;
    list.name = say(locale, "sheet.list");
    list.header = {say(locale, "column.number"),    say(locale, "column.firm"),       say(locale, "column.day"),
                   say(locale, "column.inspector"), say(locale, "column.conclusion"), say(locale, "column.open")};
    for (auto const& line : figures.list)
        list.rows.push_back({line.record_number, line.org_name, to_vietnamese(vietnam_date(*line.finished_at)),
                             line.inspector_name, locale.text("vi", "inspection.conclusion." + line.conclusion, {}),
                             line.actions_open});
    return {std::move(totals), std::move(list)};
}

} // namespace nguon::server::app
