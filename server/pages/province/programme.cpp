#include "core/office/pdf.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "server/app/programme_outlook.hpp"
#include "server/app/programme_report.hpp"
#include "server/pages/province/programme_desk.hpp"

namespace nguon::server::pages::province {
namespace {

constexpr std::string_view docx_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr std::string_view xlsx_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Which figures are asked for.
struct Asked {
    std::string plan = {};
    std::string from = {};
    std::string to = {};
};
Asked asked_of(Request const& request)
{
    return {std::string{request.param("plan")}, std::string{request.query_value("from")},
            std::string{request.query_value("to")}};
}

Result<app::ProgrammeReport> read_asked(db::Connection& c, Asked const& asked, Instant now)
{
    auto const plan = app::find_plan(c, asked.plan);
    if (!plan) return plan.error();
    auto const range = app::range_of(*plan, asked.from, asked.to, vietnam_date(now));
    if (!range) return range.error();
    return app::read_report(c, asked.plan, range->from, range->to, now);
}

std::string range_query(Date from, Date to) { return "?from=" + to_iso(from) + "&to=" + to_iso(to); }

json chip_of(Services const& services, Request const& request, app::Figure const& figure)
{
    if (figure.demand.empty())
        return {{"tone", "info"}, {"icon", "–"}, {"text", text(services, request, "programme.no_target")}};
    bool const met = figure.met();
    return {{"tone", met ? "good" : "warn"},
            {"icon", met ? "✓" : "…"},
            {"text", text(services, request, met ? "programme.paper.met" : "programme.paper.not_met")}};
}

/// Periods, the year that lasts and the one before, as links.
json range_tabs(Services const& services, Request const& request, app::Figures const& figures, Date today)
{
    auto const& plan = figures.plan;
    json out = json::array();
    auto const add = [&](std::string name, Date from, Date to) {
        out.push_back({{"text", std::move(name)},
                       {"url", plan_url(plan.id, range_query(from, to))},
                       {"current", from == figures.from && to == figures.to}});
    };
    for (auto const& period : plan.periods) add(period.id, period.from, period.to);
    for (auto year = today.year() - std::chrono::years{1}; year <= today.year(); ++year)
        if (plan.period_of(Date{year / 1 / 1}) != nullptr)
            add(text(services, request, "programme.year", {std::to_string(static_cast<int>(year))}), Date{year / 1 / 1},
                Date{year / 12 / 31});
    return out;
}

/// Days to the report's day of this year, or to next year's once it has passed.
std::string deadline_text(Services const& services, Request const& request, programme::Plan const& plan, Date today)
{
    auto const due = app::next_report(plan, today);
    if (!due) return {};
    return text(services, request, "programme.deadline",
                {std::to_string(days_between(today, *due)), to_vietnamese(*due)});
}

json figure_row(Services const& services, Request const& request, app::Figures const& all, app::Figure const& figure)
{
    return {{"name", figure.indicator.name},
            {"unit", figure.value ? figure.indicator.unit_text : std::string{}},
            {"url", plan_url(all.plan.id, "/indicators/" + figure.indicator.id + range_query(all.from, all.to))},
            {"plan", app::demand_text(figure.demand)},
            {"actual", app::value_text(services.locale, figure)},
            {"forecast", figure.forecast ? app::figure_text(*figure.forecast) : "–"},
            {"chip", chip_of(services, request, figure)}};
}

json task_row(Services const& services, Request const& request, app::TaskFigure const& task)
{
    auto const say = words(services, request);
    json lines = json::array();
    for (auto const& line : task.evidence)
        lines.push_back({{"title", line.title}, {"date", show_date(request, line.date)}});
    json states = json::array();
    for (auto const* const state : {"open", "going", "done", "dropped"})
        states.push_back({{"value", state},
                          {"text", say("programme.task." + std::string{state})},
                          {"selected", task.status == state}});
    std::string supporting;
    for (auto const& other : task.task.supporting) supporting += (supporting.empty() ? "" : "; ") + other;
    return {{"id", task.task.id},
            {"content", task.task.content},
            {"time", task.task.time},
            {"lead", task.task.lead},
            {"supporting", supporting},
            {"status", say("programme.task." + task.status)},
            {"states", std::move(states)},
            {"note", task.note},
            {"count", task.evidence.size()},
            {"lines", std::move(lines)}};
}

json difference_rows(Services const& services, Request const& request, std::vector<app::Difference> const& all)
{
    json out = json::array();
    for (auto const& each : all)
        out.push_back({{"name", each.name},
                       {"subject", each.line.org_name},
                       {"title", each.line.title},
                       {"cause", text(services, request, "programme.cause." + each.cause)},
                       {"reason", each.reason}});
    return out;
}

/// Frozen figures that differ from what is computed now.
json frozen_rows(app::ProgrammeReport const& report)
{
    json out = json::array();
    for (auto const& frozen : report.frozen->figures) {
        auto const* now = report.figures.find(frozen.indicator);
        if (now == nullptr || !frozen.value) continue;
        out.push_back({{"name", frozen.name},
                       {"value", app::figure_text(*frozen.value)},
                       {"now", now->value ? app::figure_text(*now->value) : "–"},
                       {"differs", now->value != frozen.value}});
    }
    return out;
}

json dashboard_view(Services& services, Request const& request, app::ProgrammeReport const& report)
{
    auto const say = words(services, request);
    auto const& figures = report.figures;
    auto const& plan = figures.plan;
    auto const today = vietnam_date(services.clock.now());
    json rows = json::array();
    for (auto const& figure : figures.figures) rows.push_back(figure_row(services, request, figures, figure));
    json tasks = json::array();
    for (auto const& task : figures.tasks) tasks.push_back(task_row(services, request, task));
    json statements = json::array();
    for (auto const& each : plan.statements)
        statements.push_back({{"id", each.id},
                              {"text", each.text},
                              {"handling", say("programme.handling." + each.handling)},
                              {"reason", each.reason}});
    auto const query = range_query(figures.from, figures.to);
    json view{{"title", plan_name(services, request, plan)},
              {"section", "programme"},
              {"plan_title", plan.title},
              {"plan", plan.id},
              {"tabs", range_tabs(services, request, figures, today)},
              {"range", say("programme.paper.range", {to_vietnamese(figures.from), to_vietnamese(figures.to)})},
              {"as_of", say("programme.as_of", {to_vietnamese(figures.as_of)})},
              {"deadline", deadline_text(services, request, plan, today)},
              {"from", to_iso(figures.from)},
              {"to", to_iso(figures.to)},
              {"rows", std::move(rows)},
              {"tasks", std::move(tasks)},
              {"statements", std::move(statements)},
              {"docx_url", plan_url(plan.id, "/report" + query + "&format=docx")},
              {"xlsx_url", plan_url(plan.id, "/report" + query + "&format=xlsx")},
              {"pdf_url", plan_url(plan.id, "/report" + query + "&format=pdf")},
              {"record_url", plan_url(plan.id, "/records/new")},
              {"needs_url", plan_url(plan.id, "/needs")},
              {"freeze_url", plan_url(plan.id, "/snapshots")},
              {"may_write", request.who.may("programme:write")},
              {"may_need", request.who.may("need:write")},
              {"has_frozen", report.frozen.has_value()},
              {"differences", difference_rows(services, request, report.differences)},
              {"has_before", report.before.has_value()}};
    if (!plan.former_province.empty())
        view["successor"] = say("programme.successor", {plan.former_province, std::to_string(plan.communes.size())});
    if (report.frozen) {
        view["frozen_at"] = say("programme.frozen_at", {show_moment(request, report.frozen->snapshot.made_at)});
        view["frozen"] = frozen_rows(report);
    }
    return view;
}

/// Adds a breakdown unless it would say nothing: no evidence, or none that states this property.
void add_parts(json& breakdowns, std::string title, std::map<std::string, double> const& parts, auto const& name)
{
    if (parts.empty() || (parts.size() == 1 && parts.begin()->first.empty())) return;
    json rows = json::array();
    for (auto const& [part, value] : parts) rows.push_back({{"name", name(part)}, {"value", app::figure_text(value)}});
    breakdowns.push_back({{"title", std::move(title)}, {"parts", std::move(rows)}});
}

/// How many counted lines each part has.
template <typename Part>
std::map<std::string, double> counted_by(app::Figure const& figure, Part part)
{
    std::map<std::string, double> out;
    for (auto const& line : figure.evidence)
        if (line.counted)
            out[part(line)] +=
                figure.indicator.unit == "money" || figure.indicator.unit == "attendance" ? line.amount : 1;
    return out;
}

net::awaitable<Result<app::ProgrammeReport>> read_report_of(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "report:read"); !allowed) co_return allowed.error();
    auto work = [asked = asked_of(request), now = services.clock.now()](db::Connection& c) {
        return read_asked(c, asked, now);
    };
    co_return co_await services.database.read(std::move(work));
}

} // namespace

Status check_whole_province(Principal const& who, Scope scope)
{
    if (!who.may(scope, OrganizationId{})) return forbidden("programme.whole_province");
    return Done{};
}

std::string plan_name(Services const& services, Request const& request, programme::Plan const& plan)
{
    return text(services, request, "programme.plan_name", {plan.number});
}

std::string plan_url(std::string_view plan, std::string_view rest)
{
    return "/province/programme/" + std::string{plan} + std::string{rest};
}

std::string item_name(Services const& services, Request const& request, programme::Plan const& plan,
                      std::string const& item)
{
    if (auto const* known = plan.item(item)) return known->name;
    auto const* paper = services.locale.find(request.language, "console.certificate.kind." + item);
    return paper == nullptr ? item : *paper;
}

Options item_options(programme::Plan const& plan, bool needs_only)
{
    Options out{{"", "–"}};
    for (auto const& item : plan.items)
        if (!needs_only || item.needs) out.emplace_back(item.id, item.name);
    return out;
}

Options plan_communes(db::Connection& c, Services const& services, Request const& request, programme::Plan const& plan)
{
    auto all = console::commune_options(c, services, request, "programme.no_commune");
    std::erase_if(all, [&](auto const& option) { return !option.first.empty() && !plan.covers(option.first); });
    return all;
}

json evidence_line(Services const& services, Request const& request, programme::Plan const& plan,
                   app::EvidenceLine const& line)
{
    auto const say = words(services, request);
    json files = json::array();
    int number = 0;
    for (auto const& file : line.files)
        files.push_back({{"url", plan_url(plan.id, "/files/" + file.sha256)},
                         {"text", say("programme.file", {std::to_string(++number)})}});
    auto const record =
        line.key.starts_with("record:") ? line.key.substr(std::string_view{"record:"}.size()) : std::string{};
    std::string url;
    if (!record.empty())
        url = plan_url(plan.id, "/records/" + record);
    else if (!line.org.empty())
        url = "/province/organizations/" + line.org.text() + "/records";
    return {{"subject", line.person.empty() ? line.org_name : line.person},
            {"kind", say("programme.source." + line.source)},
            {"item", item_name(services, request, plan, line.item)},
            {"content", line.title},
            {"date", show_date(request, line.date)},
            {"valid_to", show_date(request, line.valid_to)},
            {"amount", app::figure_text(line.amount)},
            {"counted", line.counted},
            {"url", url},
            {"has_files", !files.empty()},
            {"files", std::move(files)}};
}

net::awaitable<http::Response> show_programme(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "report:read"); !allowed)
        co_return page_problem(services, request, allowed.error());
    auto work = [](db::Connection& c) -> Result<std::vector<programme::Plan>> { return app::list_plans(c); };
    auto const plans = co_await services.database.read(std::move(work));
    if (!plans) co_return page_problem(services, request, plans.error());
    bool const may_write = request.who.may("programme:write");
    if (plans->size() == 1 && request.query_value("show") != "all") co_return redirect(plan_url(plans->front().id));
    json rows = json::array();
    for (auto const& plan : *plans)
        rows.push_back({{"title", plan.title}, {"number", plan.number}, {"url", plan_url(plan.id)}});
    json shipped = json::array();
    for (auto const& name : app::shipped_plans()) {
        auto const plan = programme::read_plan(app::shipped_plan(name));
        if (plan && plan->province == services.settings.province_code)
            shipped.push_back({{"name", name}, {"title", plan->title}});
    }
    json view{{"title", text(services, request, "programme.title")},
              {"section", "programme"},
              {"rows", std::move(rows)},
              {"shipped", std::move(shipped)},
              {"may_write", may_write}};
    co_return page(services, request, "province/programme_plans", std::move(view));
}

net::awaitable<http::Response> load_programme(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "programme:write"); !allowed)
        co_return page_problem(services, request, allowed.error());
    auto const* file = request.form.file("file");
    auto content = file != nullptr && !file->bytes.empty() ? file->bytes
                                                           : std::string{app::shipped_plan(request.form.get("name"))};
    auto work = [actor = actor_of(services, request), content](db::Connection& c) -> Result<std::string> {
        auto const plan = app::load_plan(c, actor, content);
        if (!plan) return plan.error();
        return plan->id;
    };
    auto const loaded = co_await services.database.write(std::move(work));
    if (!loaded) co_return page_problem(services, request, loaded.error());
    co_return redirect(plan_url(*loaded) + "?done=programme_loaded");
}

net::awaitable<http::Response> show_plan(Services& services, Request const& request)
{
    auto const report = co_await read_report_of(services, request);
    if (!report) co_return page_problem(services, request, report.error());
    co_return page(services, request, "province/programme", dashboard_view(services, request, *report));
}

net::awaitable<http::Response> show_indicator(Services& services, Request const& request)
{
    auto const report = co_await read_report_of(services, request);
    if (!report) co_return page_problem(services, request, report.error());
    auto const& figures = report->figures;
    auto const* figure = figures.find(request.param("indicator"));
    if (figure == nullptr) co_return page_problem(services, request, not_found("programme.plan_unknown"));
    auto const say = words(services, request);
    json rows = json::array();
    for (auto const& line : figure->evidence) rows.push_back(evidence_line(services, request, figures.plan, line));
    json formula = json::array();
    for (auto const& line : app::tfp_lines(services.locale, figures.plan, *figure)) formula.push_back({{"text", line}});
    auto const kind_name = [&](std::string const& kind) {
        return kind.empty() ? say("programme.none") : text(services, request, "organization.kind." + kind);
    };
    auto const commune = [&](std::string const& code) {
        auto const found = report->communes.find(code);
        return code.empty() ? say("programme.none") : found == report->communes.end() ? code : found->second;
    };
    auto const item = [&](std::string const& id) {
        return id.empty() ? say("programme.none") : item_name(services, request, figures.plan, id);
    };
    json breakdowns = json::array();
    add_parts(breakdowns, say("programme.by_year"), figure->by_year, [](auto const& year) { return year; });
    add_parts(breakdowns, say("programme.by_item"), figure->by_item, item);
    add_parts(breakdowns, say("programme.by_commune"),
              counted_by(*figure, [](auto const& line) { return line.commune_code; }), commune);
    add_parts(breakdowns, say("programme.by_kind"), counted_by(*figure, [](auto const& line) { return line.org_kind; }),
              kind_name);
    json view{{"title", figure->indicator.name},
              {"section", "programme"},
              {"plan_name", plan_name(services, request, figures.plan)},
              {"plan_url", plan_url(figures.plan.id, range_query(figures.from, figures.to))},
              {"range", say("programme.paper.range", {to_vietnamese(figures.from), to_vietnamese(figures.to)})},
              {"value", app::value_text(services.locale, *figure)},
              {"unit", figure->value ? figure->indicator.unit_text : std::string{}},
              {"target", app::demand_text(figure->demand)},
              {"note", figure->indicator.note},
              {"chip", chip_of(services, request, *figure)},
              {"formula", std::move(formula)},
              {"breakdowns", std::move(breakdowns)},
              {"has_rows", !rows.empty()},
              {"rows", std::move(rows)}};
    co_return page(services, request, "province/programme_indicator", std::move(view));
}

net::awaitable<http::Response> download_report(Services& services, Request const& request)
{
    auto const report = co_await read_report_of(services, request);
    if (!report) co_return page_problem(services, request, report.error());
    auto const name =
        "bao-cao-" + report->figures.plan.id + "-" + to_iso(report->figures.from) + "-" + to_iso(report->figures.to);
    auto const format = request.query_value("format");
    if (format == "xlsx") {
        auto draw = [&report, &services] {
            return office::write_workbook(app::report_sheets(services.locale, *report));
        };
        auto sheet = co_await services.cpu_pool.run(std::move(draw));
        if (!sheet) co_return page_problem(services, request, sheet.error());
        co_return file_response(*std::move(sheet), xlsx_type, name + ".xlsx");
    }
    auto draw = [&report, &services] { return office::to_docx(app::report_document(services.locale, *report)); };
    auto docx = co_await services.cpu_pool.run(std::move(draw));
    if (!docx) co_return page_problem(services, request, docx.error());
    if (format != "pdf") co_return file_response(*std::move(docx), docx_type, name + ".docx");
    if (services.pdf == nullptr) co_return page_problem(services, request, unavailable("pdf.program_missing"));
    auto pdf = co_await services.pdf->make(*std::move(docx));
    if (!pdf) co_return page_problem(services, request, pdf.error());
    co_return file_response(*std::move(pdf), "application/pdf", name + ".pdf");
}

net::awaitable<http::Response> freeze_figures(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "programme:write"); !allowed)
        co_return page_problem(services, request, allowed.error());
    auto const from = parse_date(request.form.get("from"));
    auto const to = parse_date(request.form.get("to"));
    if (!from || !to) co_return page_problem(services, request, invalid("programme.range"));
    auto work = [actor = actor_of(services, request), plan = std::string{request.param("plan")}, from = *from,
                 to = *to](db::Connection& c) -> Status {
        auto const frozen = app::freeze(c, actor, plan, from, to);
        return frozen ? Status{Done{}} : frozen.error();
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return page_problem(services, request, done.error());
    co_return redirect(plan_url(request.param("plan"), range_query(*from, *to)) + "&done=programme_frozen");
}

net::awaitable<http::Response> change_task(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "programme:write"); !allowed)
        co_return page_problem(services, request, allowed.error());
    std::string const status{request.form.get("status")};
    constexpr std::array<std::string_view, 4> states{"open", "going", "done", "dropped"};
    constexpr std::size_t note_chars_max = 500;
    auto const note = clean_text(request.form.get("note"), note_chars_max);
    if (!note || std::ranges::find(states, status) == states.end())
        co_return page_problem(services, request, note ? invalid("programme.state") : note.error());
    auto work = [actor = actor_of(services, request), id = std::string{request.param("plan")},
                 task = std::string{request.param("task")}, status, note = *note](db::Connection& c) -> Status {
        auto const plan = app::find_plan(c, id);
        if (!plan) return plan.error();
        if (plan->task(task) == nullptr) return not_found("programme.plan_unknown");
        db::programme::put_task(c, id, {task, status, note, actor.at}, actor.change());
        return Done{};
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return page_problem(services, request, done.error());
    co_return redirect(plan_url(request.param("plan")) + "?done=saved");
}

} // namespace nguon::server::pages::province
