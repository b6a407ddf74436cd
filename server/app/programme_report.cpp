#include "server/app/programme_report.hpp"

#include "db/delivery_log.hpp"
#include "db/installation.hpp"
#include "db/reference.hpp"
#include "server/web/locale.hpp"

#include <cmath>
#include <functional>
#include <set>

#include <fmt/format.h>

namespace nguon::server::app {
namespace {

using office::Align;
using office::Cell;

/// Sentences of the papers, always in Vietnamese.
class Words {
public:
    explicit Words(Locale const& locale) : locale_{locale} {}
    std::string operator()(std::string const& key, std::vector<std::string> const& values = {}) const
    {
        return locale_.text("vi", "programme.paper." + key, values);
    }
    std::string kind(std::string const& kind) const { return locale_.text("vi", "programme.kind." + kind, {}); }
    std::string cause(std::string const& cause) const { return locale_.text("vi", "programme.cause." + cause, {}); }
    std::string item(programme::Plan const& plan, std::string const& item) const
    {
        if (auto const* known = plan.item(item)) return known->name;
        auto const* paper = locale_.find("vi", "console.certificate.kind." + item);
        return paper == nullptr ? item : *paper;
    }
    std::string status(std::string const& status) const { return locale_.text("vi", "programme.task." + status, {}); }

private:
    Locale const& locale_;
};

std::string day_text(std::string const& iso)
{
    auto const day = parse_date(iso);
    return day ? to_vietnamese(*day) : iso;
}

/// Groups of three digits, apart by points.
std::string grouped(std::string digits)
{
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ".");
    return digits;
}

std::string commune_name(std::map<std::string, std::string> const& communes, std::string const& code)
{
    auto const found = communes.find(code);
    return found == communes.end() ? code : found->second;
}

/// Whom a line of evidence is about.
std::string subject_of(EvidenceLine const& line) { return line.person.empty() ? line.org_name : line.person; }

office::WordDocument head_of(Words const& say, programme::Plan const& plan, Date day)
{
    office::WordDocument out;
    out.head = office::OfficialHead{plan.superior, plan.agency, say("number", {plan.symbol}),
                                    office::place_and_month(plan.place, day)};
    out.recipients = plan.receivers;
    out.signature = office::Signature{say("signer"), {}, {}};
    return out;
}

std::string forecast_text(Figure const& figure)
{
    return figure.forecast ? figure_text(std::round(*figure.forecast * 10) / 10) : "–";
}

office::Table indicator_table(Locale const& locale, ProgrammeReport const& report)
{
    Words const say{locale};
    office::Table out;
    out.columns = {{say("column.number"), 1, Align::center},      {say("column.indicator"), 7},
                   {say("column.unit"), 2, Align::center},        {say("column.target"), 2.2, Align::center},
                   {say("column.result"), 2.2, Align::right},     {say("column.forecast"), 2.2, Align::right},
                   {say("column.assessment"), 2.4, Align::center}};
    int number = 0;
    for (auto const& figure : report.figures.figures) {
        bool const asked = !figure.demand.empty();
        out.rows.push_back({{std::to_string(++number), figure.indicator.name, figure.indicator.unit_text,
                             demand_text(figure.demand), value_text(locale, figure), forecast_text(figure),
                             !asked         ? "–"
                             : figure.met() ? say("met")
                                            : say("not_met")}});
    }
    return out;
}

office::Table task_table(Words const& say, ProgrammeReport const& report)
{
    office::Table out;
    out.columns = {{say("column.number"), 1, Align::center},   {say("column.task"), 6},
                   {say("column.time"), 2, Align::center},     {say("column.lead"), 4},
                   {say("column.status"), 2.4, Align::center}, {say("column.evidence"), 1.8, Align::center}};
    int number = 0;
    for (auto const& task : report.figures.tasks) {
        auto lead = task.task.lead;
        for (auto const& other : task.task.supporting) lead += "; " + other;
        out.rows.push_back({{std::to_string(++number), task.task.content, task.task.time, lead, say.status(task.status),
                             std::to_string(task.evidence.size())}});
    }
    return out;
}

office::Table evidence_table(Words const& say, ProgrammeReport const& report, Figure const& figure)
{
    office::Table out;
    out.columns = {{say("column.number"), 1, Align::center},
                   {say("column.subject"), 4.6},
                   {say("column.content"), 5.6},
                   {say("column.day"), 2.8, Align::center},
                   {say("column.valid_to"), 2.8, Align::center},
                   {say("column.files"), 1.4, Align::center}};
    int number = 0;
    for (auto const& line : figure.evidence) {
        auto content = line.title;
        if (!line.item.empty() && line.source == "record")
            content = say.item(report.figures.plan, line.item) + ": " + content;
        if (!line.counted) content += " (" + say("counted_before") + ")";
        out.rows.push_back({{std::to_string(++number), subject_of(line), content, day_text(line.date),
                             line.valid_to.empty() ? "" : day_text(line.valid_to),
                             line.files.empty() ? "" : std::to_string(line.files.size())}});
    }
    return out;
}

void add_split(Words const& say, ProgrammeReport const& report, Figure const& figure, std::vector<office::Block>& out)
{
    if (figure.by_item.size() < 2) return;
    std::string text;
    for (auto const& [item, value] : figure.by_item)
        text += (text.empty() ? "" : "; ") + (item.empty() ? say("other_item") : say.item(report.figures.plan, item)) +
                ": " + figure_text(value);
    out.emplace_back(office::note(say("by_item", {text})));
}

void add_evidence(Locale const& locale, ProgrammeReport const& report, std::vector<office::Block>& out)
{
    Words const say{locale};
    int number = 0;
    for (auto const& figure : report.figures.figures) {
        out.emplace_back(office::heading(fmt::format("{}. {}: {} {}", ++number, figure.indicator.name,
                                                     value_text(locale, figure), figure.indicator.unit_text)));
        if (!figure.indicator.note.empty()) out.emplace_back(office::note(figure.indicator.note));
        for (auto const& line : tfp_lines(locale, report.figures.plan, figure)) out.emplace_back(office::note(line));
        add_split(say, report, figure, out);
        if (figure.evidence.empty())
            out.emplace_back(office::note(say("no_evidence")));
        else
            out.emplace_back(evidence_table(say, report, figure));
    }
}

void add_differences(Words const& say, ProgrammeReport const& report, std::vector<office::Block>& out)
{
    if (!report.before) return;
    out.emplace_back(office::centered(say("annex.differences")));
    out.emplace_back(
        office::note(say("compared_with", {day_text(report.before->snapshot.from), day_text(report.before->snapshot.to),
                                           to_vietnamese(report.before->snapshot.made_at)})));
    office::Table table;
    table.columns = {
        {say("column.indicator"), 5}, {say("column.subject"), 4}, {say("column.content"), 5}, {say("column.cause"), 3}};
    for (auto const& each : report.differences)
        table.rows.push_back({{each.name, subject_of(each.line), each.line.title,
                               say.cause(each.cause) + (each.reason.empty() ? "" : ": " + each.reason)}});
    if (table.rows.empty())
        out.emplace_back(office::note(say("no_differences")));
    else
        out.emplace_back(std::move(table));
}

void add_log_head(Words const& say, ProgrammeReport const& report, std::vector<office::Block>& out)
{
    out.emplace_back(office::centered(say("annex.log")));
    if (report.log_head.empty()) {
        out.emplace_back(office::note(say("no_log")));
        return;
    }
    out.emplace_back(office::note(say("log_lead")));
    std::string line;
    for (char const c : report.log_head + "\n") {
        if (c != '\n') {
            line += c;
            continue;
        }
        if (!line.empty()) out.emplace_back(office::note(line));
        line.clear();
    }
}

std::string basis_text(programme::Plan const& plan)
{
    std::string out;
    for (auto const& each : plan.legal_basis) out += each + "; ";
    return out;
}

office::Sheet evidence_sheet(Words const& say, ProgrammeReport const& report)
{
    office::Sheet out;
    out.name = say("sheet.evidence");
    out.header = {say("column.indicator"), say("column.subject"), say("column.tax_code"), say("column.commune"),
                  say("column.kind"),      say("column.item"),    say("column.content"),  say("column.day"),
                  say("column.valid_to"),  say("column.amount"),  say("column.counted"),  say("column.files")};
    for (auto const& figure : report.figures.figures)
        for (auto const& line : figure.evidence)
            out.rows.push_back({figure.indicator.name, subject_of(line), line.tax_code,
                                commune_name(report.communes, line.commune_code), say.kind(line.kind),
                                say.item(report.figures.plan, line.item), line.title, day_text(line.date),
                                line.valid_to.empty() ? std::string{} : day_text(line.valid_to), line.amount,
                                line.counted ? say("yes") : say("counted_before"),
                                static_cast<std::int64_t>(line.files.size())});
    return out;
}

office::Sheet indicator_sheet(Locale const& locale, ProgrammeReport const& report)
{
    Words const say{locale};
    auto const& figures = report.figures;
    office::Sheet out;
    out.name = say("sheet.indicators");
    out.lines = {figures.plan.title, say("range", {to_vietnamese(figures.from), to_vietnamese(figures.to)})};
    if (report.illustrative) out.lines.push_back(say("illustrative"));
    out.header = {say("column.statement"), say("column.indicator"), say("column.unit"),      say("column.target"),
                  say("column.result"),    say("column.forecast"),  say("column.assessment")};
    for (auto const& figure : figures.figures) {
        Cell const result = figure.value ? Cell{*figure.value} : Cell{say("no_figures")};
        Cell const forecast = figure.forecast ? Cell{std::round(*figure.forecast * 10) / 10} : Cell{std::string{"–"}};
        out.rows.push_back({figure.indicator.statement, figure.indicator.name, figure.indicator.unit_text,
                            demand_text(figure.demand), result, forecast,
                            figure.demand.empty() ? std::string{"–"}
                            : figure.met()        ? say("met")
                                                  : say("not_met")});
    }
    return out;
}

office::Sheet sheet_of(std::string name, office::Table const& table)
{
    office::Sheet out;
    out.name = std::move(name);
    for (auto const& column : table.columns) out.header.push_back(column.header);
    for (auto const& row : table.rows) out.rows.emplace_back(row.cells.begin(), row.cells.end());
    return out;
}

/// The communes of the plan's old area; none: the whole province.
db::Areas area_of(programme::Plan const& plan)
{
    db::Areas out;
    for (auto const& commune : plan.communes) out.push_back(commune.code);
    return out;
}

std::int64_t total(NeedsPlan const& needs, std::string_view state)
{
    std::int64_t sum = 0;
    for (auto const& line : needs.lines)
        if (line.need.state == state) sum += line.need.estimate;
    return sum;
}

} // namespace

std::string figure_text(double value)
{
    auto const rounded = std::round(value * 10) / 10;
    auto const whole = std::trunc(rounded);
    auto text = grouped(fmt::format("{:.0f}", std::abs(whole)));
    if (auto const tenth = std::lround(std::abs(rounded - whole) * 10); tenth > 0) text += fmt::format(",{}", tenth);
    return rounded < 0 ? "-" + text : text;
}

std::string demand_text(programme::Demand const& demand)
{
    if (demand.above) return "> " + figure_text(*demand.above);
    if (demand.at_most) return "≤ " + figure_text(*demand.at_most);
    if (!demand.at_least) return "–";
    if (demand.up_to && *demand.up_to > *demand.at_least)
        return figure_text(*demand.at_least) + "–" + figure_text(*demand.up_to);
    return "≥ " + figure_text(*demand.at_least);
}

std::string value_text(Locale const& locale, Figure const& figure)
{
    return figure.value ? figure_text(*figure.value) : Words{locale}("no_figures");
}

std::vector<std::string> tfp_lines(Locale const& locale, programme::Plan const& plan, Figure const& figure)
{
    std::vector<std::string> out;
    if (figure.indicator.unit != "percent") return out;
    Words const say{locale};
    out.push_back(say("tfp_formula"));
    if (!plan.tfp_source.empty()) out.push_back(plan.tfp_source);
    for (auto const& year : figure.tfp.years)
        out.push_back(say("tfp_year", {std::to_string(year.year), figure_text(year.grdp_growth),
                                       figure_text(year.capital_growth), figure_text(year.labour_growth),
                                       fmt::format("{:.2f}", year.beta), figure_text(year.tfp_growth)}));
    return out;
}

Result<ProgrammeReport> read_report(db::Connection& c, std::string const& plan, Date from, Date to, Instant now)
{
    auto figures = indicators(c, plan, from, to, now);
    if (!figures) return figures.error();
    ProgrammeReport out;
    out.figures = *std::move(figures);
    out.day = vietnam_date(now);
    out.frozen = find_frozen(c, plan, from, to);
    bool const one_year = from.year() == to.year();
    auto const year_before = from.year() - std::chrono::years{1};
    if (one_year) out.before = find_frozen(c, plan, Date{year_before / 1 / 1}, Date{year_before / 12 / 31});
    if (one_year) out.quarters = quarters_of_year(c, area_of(out.figures.plan), from, out.figures.as_of, now);
    if (out.before) out.differences = differences(c, *out.before, out.figures);
    for (auto const& commune : db::reference::communes(c, out.figures.plan.province))
        out.communes[commune.code] = commune.kind + " " + commune.name;
    if (auto const checkpoint = db::delivery_log::newest_checkpoint(c)) out.log_head = checkpoint->note;
    if (auto const installation = db::installation::find(c)) out.illustrative = installation->illustrative;
    return out;
}

office::WordDocument report_document(Locale const& locale, ProgrammeReport const& report)
{
    Words const say{locale};
    auto const& figures = report.figures;
    auto const& plan = figures.plan;
    auto out = head_of(say, plan, report.day);
    out.kind = say("kind");
    out.subject = say("subject", {plan.formal_name(), to_vietnamese(figures.from), to_vietnamese(figures.to)});
    if (report.illustrative) out.body.emplace_back(office::centered(say("illustrative")));
    out.body.emplace_back(office::body(say("basis", {basis_text(plan), plan.formal_name(), plan.title})));
    if (!plan.former_province.empty())
        out.body.emplace_back(
            office::body(say("successor", {plan.former_province, plan.place, std::to_string(plan.communes.size())})));
    out.body.emplace_back(office::heading(say("part.results")));
    if (report.frozen)
        out.body.emplace_back(office::body(say("frozen", {to_vietnamese(report.frozen->snapshot.made_at)})));
    else
        out.body.emplace_back(office::body(say("as_of", {to_vietnamese(figures.as_of)})));
    out.body.emplace_back(indicator_table(locale, report));
    out.body.emplace_back(office::heading(say("part.tasks")));
    out.body.emplace_back(task_table(say, report));
    if (!report.quarters.empty()) {
        out.body.emplace_back(office::heading(say("part.inspections")));
        out.body.emplace_back(quarters_table(locale, report.quarters));
    }
    out.body.emplace_back(office::body(say("closing")));
    out.annex.emplace_back(office::centered(say("annex.evidence")));
    add_evidence(locale, report, out.annex);
    add_differences(say, report, out.annex);
    add_log_head(say, report, out.annex);
    return out;
}

std::vector<office::Sheet> report_sheets(Locale const& locale, ProgrammeReport const& report)
{
    Words const say{locale};
    std::vector<office::Sheet> out{indicator_sheet(locale, report),
                                   sheet_of(say("sheet.tasks"), task_table(say, report)), evidence_sheet(say, report)};
    if (!report.quarters.empty())
        out.push_back(sheet_of(say("sheet.inspections"), quarters_table(locale, report.quarters)));
    return out;
}

office::WordDocument needs_document(Locale const& locale, NeedsPlan const& needs)
{
    Words const say{locale};
    auto out = head_of(say, needs.plan, needs.day);
    out.kind = say("needs.kind");
    out.subject = say("needs.subject", {std::to_string(needs.year), needs.plan.formal_name()});
    out.body.emplace_back(office::body(
        say("needs.lead", {std::to_string(needs.year), grouped(std::to_string(total(needs, "selected")))})));
    office::Table table;
    table.columns = {{say("column.number"), 1, Align::center},
                     {say("column.organization"), 5},
                     {say("column.item"), 4},
                     {say("column.content"), 5},
                     {say("column.estimate"), 3, Align::right}};
    int number = 0;
    for (auto const& line : needs.lines)
        if (line.need.state == "selected")
            table.rows.push_back({{std::to_string(++number), line.need.org_name, line.item_name, line.need.detail,
                                   grouped(std::to_string(line.need.estimate))}});
    table.rows.push_back({{"", say("total"), "", "", grouped(std::to_string(total(needs, "selected")))}, true});
    out.body.emplace_back(std::move(table));
    return out;
}

std::vector<office::Sheet> needs_sheets(Locale const& locale, NeedsPlan const& needs)
{
    Words const say{locale};
    office::Sheet out;
    out.name = say("sheet.needs");
    out.lines = {say("needs.subject", {std::to_string(needs.year), needs.plan.formal_name()})};
    out.header = {say("column.organization"), say("column.tax_code"), say("column.commune"), say("column.item"),
                  say("column.content"),      say("column.estimate"), say("column.status"),  say("column.reason")};
    for (auto const& line : needs.lines)
        out.rows.push_back({line.need.org_name, line.need.tax_code,
                            commune_name(needs.communes, line.need.commune_code), line.item_name, line.need.detail,
                            line.need.estimate, locale.text("vi", "programme.need." + line.need.state, {}),
                            line.need.reason});
    out.rows.push_back({say("total"), std::string{}, std::string{}, std::string{}, std::string{},
                        total(needs, "selected"), locale.text("vi", "programme.need.selected", {}), std::string{}});
    return {out};
}

} // namespace nguon::server::app
