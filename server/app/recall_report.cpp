#include "server/app/recall_report.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using office::Align;

/// Sentences of the paper, always in Vietnamese.
class Words {
public:
    explicit Words(Locale const& locale) : locale_{locale} {}
    std::string operator()(std::string const& key, std::initializer_list<std::string> values = {}) const
    {
        return locale_.text("vi", key, values);
    }

private:
    Locale const& locale_;
};

std::string figure(std::optional<double> const& value)
{
    auto text = figure_text("vi", value);
    return text.empty() ? "–" : text;
}

std::vector<std::string> figures_row(db::recalls::Figures const& figures)
{
    return {figure(figures.made),     figure(figures.sold),      figure(figures.in_stock),
            figure(figures.returned), figure(figures.destroyed), figure(figures.difference())};
}

std::vector<office::Column> figure_columns(Words const& say)
{
    std::vector<office::Column> out;
    for (auto const* name : {"made", "sold", "in_stock", "returned", "destroyed", "difference"})
        out.push_back({say(std::string{"recalls.lot."} + name), 2.4, Align::right});
    return out;
}

office::Table balance_table(Locale const& locale, Words const& say, RecallView const& view)
{
    office::Table out;
    out.columns = {{say("recalls.lot.unit"), 2}, {say("recalls.paper.lots"), 1.6, Align::center}};
    for (auto& column : figure_columns(say)) out.columns.push_back(std::move(column));
    for (auto const& line : view.balance) {
        office::TableRow row{{unit_text(locale, "vi", line.unit), std::to_string(line.lots)}, true};
        for (auto& cell : figures_row(line.sums)) row.cells.push_back(std::move(cell));
        out.rows.push_back(std::move(row));
    }
    return out;
}

office::Table lots_table(Words const& say, RecallView const& view)
{
    office::Table out;
    out.columns = {{say("recalls.lot.product"), 4}, {say("recalls.lot.lot"), 3}, {say("recalls.lot.organization"), 4}};
    for (auto& column : figure_columns(say)) out.columns.push_back(std::move(column));
    for (auto const& lot : view.lots) {
        if (!lot.included) continue;
        office::TableRow row{{lot.product, lot.lot, lot.org_name}, false};
        for (auto& cell : figures_row(lot.figures)) row.cells.push_back(std::move(cell));
        out.rows.push_back(std::move(row));
    }
    return out;
}

void add_steps(Words const& say, RecallView const& view, std::vector<office::Block>& out)
{
    out.push_back(office::heading(say("recalls.steps")));
    for (auto const& step : view.steps) {
        if (step.what == "traced") {
            out.push_back(office::item(say("recalls.paper.traced", {std::to_string(view.entry.trace_micros / 1000)})));
            continue;
        }
        out.push_back(office::item(format_time("vi", step.at) + ": " + say("recalls.step." + step.what) +
                                   (step.by_name.empty() ? "" : " (" + step.by_name + ")")));
    }
}

void add_findings(Words const& say, RecallView const& view, std::vector<office::Block>& out)
{
    auto const findings = nlohmann::json::parse(view.entry.findings);
    auto const customers = findings.value("customers", nlohmann::json::array());
    auto const missing = findings.value("missing", nlohmann::json::array());
    out.push_back(office::heading(say("recalls.customers")));
    if (customers.empty()) out.push_back(office::body(say("recalls.no_customers")));
    for (auto const& line : customers)
        out.push_back(office::item(line.value("name", "") + ": " + line.value("lot", "")));
    if (missing.empty()) return;
    out.push_back(office::heading(say("recalls.missing")));
    for (auto const& line : missing)
        out.push_back(
            office::item(line.value("name", "") + ": " + say("trace.gap." + line.value("what", "no_forward"))));
}

} // namespace

office::WordDocument recall_report(Locale const& locale, RecallView const& view, RecallReporter const& reporter)
{
    Words const say{locale};
    auto const& entry = view.entry;
    office::WordDocument out;
    out.head = office::OfficialHead{reporter.superior, reporter.agency, say("recalls.paper.number"),
                                    office::place_and_date(reporter.province, reporter.day)};
    out.kind = say("recalls.paper.kind");
    out.subject = say(entry.is_drill() ? "recalls.drill_of" : "recalls.recall_of", {entry.number, entry.title});
    if (entry.is_drill()) out.watermark = say("recalls.drill_mark");
    out.body.push_back(office::body(say("recalls.paper.reason", {entry.reason})));
    out.body.push_back(office::body(say("recalls.paper.notice", {entry.notice})));
    out.body.push_back(office::body(
        say("recalls.paper.figures", {std::to_string(view.totals.lots), std::to_string(view.totals.firms),
                                      std::to_string(view.totals.acknowledged), std::to_string(entry.score)})));
    add_steps(say, view, out.body);
    out.body.push_back(office::heading(say("recalls.balance")));
    if (view.balance.empty()) out.body.push_back(office::body(say("recalls.paper.no_answers")));
    if (!view.balance.empty()) out.body.push_back(balance_table(locale, say, view));
    out.body.push_back(office::note(say("recalls.balance_hint")));
    add_findings(say, view, out.body);
    out.body.push_back(office::heading(say("recalls.field.conclusion")));
    out.body.push_back(office::body(entry.conclusion.empty() ? say("recalls.paper.open") : entry.conclusion));
    out.recipients = {say("recalls.paper.superior", {reporter.superior}), say("recalls.paper.archive")};
    out.signature = office::Signature{say("recalls.paper.signer"), {}, {}};
    out.annex = {office::centered(say("recalls.paper.annex")), lots_table(say, view)};
    return out;
}

} // namespace nguon::server::app
