#include "core/office/workbook.hpp"
#include "core/runtime/clock.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "db/organizations.hpp"
#include "server/app/approvals.hpp"
#include "server/app/recall_cases.hpp"
#include "server/app/recall_forms.hpp"
#include "server/app/recall_publishing.hpp"
#include "server/app/recall_report.hpp"
#include "server/pages/province/desk.hpp"

#include <algorithm>
#include <array>

namespace nguon::server::pages::province {
namespace {

constexpr std::string_view sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr std::string_view word_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr std::int64_t lots_shown = 500;
constexpr std::size_t reason_chars_max = 300;
constexpr std::array<std::string_view, 6> figure_names{"made",     "sold",      "in_stock",
                                                       "returned", "destroyed", "difference"};

std::string case_url(std::string const& id) { return "/province/recalls/" + id; }

json figures_view(Request const& request, db::recalls::Figures const& figures)
{
    std::array const values{figures.made,     figures.sold,      figures.in_stock,
                            figures.returned, figures.destroyed, figures.difference()};
    json out;
    for (std::size_t i = 0; i < values.size(); ++i)
        out[std::string{figure_names[i]}] = app::figure_text(request.language, values[i]);
    auto const difference = figures.difference();
    out["unbalanced"] = difference && *difference != 0;
    return out;
}

std::string_view state_of(db::recalls::Lot const& lot)
{
    if (lot.ended_at) return "ended";
    if (lot.acknowledged_at) return "acknowledged";
    return lot.published_at ? "waiting" : "draft";
}

json lots_view(Services const& services, Request const& request, app::RecallView const& shown)
{
    json out = json::array();
    for (auto const& lot : shown.lots) {
        auto line = figures_view(request, lot.figures);
        auto const phone = shown.phones.find(lot.org.text());
        line["id"] = lot.batch.text();
        line["product"] = lot.product;
        line["lot"] = lot.lot;
        line["url"] = "/t/" + lot.code;
        line["organization"] = lot.org_name;
        line["organization_url"] = "/province/organizations/" + lot.org.text();
        line["phone"] = phone == shown.phones.end() ? std::string{} : phone->second;
        line["unit"] = app::unit_text(services.locale, request.language, lot.unit);
        line["included"] = lot.included;
        line["relation"] = text(services, request,
                                lot.depth < 0    ? "recalls.relation.source"
                                : lot.depth == 0 ? "recalls.relation.chosen"
                                                 : "recalls.relation.made_of");
        line["state"] = text(services, request, "recalls.lot_state." + std::string{state_of(lot)});
        line["note"] = lot.note;
        line["ended_reason"] = lot.ended_reason;
        line["holds"] = lot.included && lot.published_at && !lot.ended_at;
        out.push_back(std::move(line));
    }
    return out;
}

json balance_view(Services const& services, Request const& request, app::RecallView const& shown)
{
    json out = json::array();
    for (auto const& line : shown.balance) {
        auto view = figures_view(request, line.sums);
        view["unit"] = app::unit_text(services.locale, request.language, line.unit);
        view["lots"] = show_count(request, line.lots);
        out.push_back(std::move(view));
    }
    return out;
}

/// The stop-watch: when each thing was done, counted from the opening.
json steps_view(Services const& services, Request const& request, app::RecallView const& shown)
{
    json out = json::array();
    for (auto const& step : shown.steps) {
        bool const traced = step.what == "traced";
        auto const since = step.at - shown.entry.created_at;
        out.push_back({{"what", text(services, request, "recalls.step." + step.what)},
                       {"at", show_moment(request, step.at)},
                       {"since", show_duration(services, request, since)},
                       {"by", step.by == "program" ? text(services, request, "recalls.by_program") : step.by_name},
                       {"detail", traced ? text(services, request, "recalls.trace_time",
                                                {show_count(request, shown.entry.trace_micros / 1000)})
                                         : step.detail}});
    }
    return out;
}

json findings_view(Services const& services, Request const& request, json const& findings)
{
    json customers = json::array();
    for (auto const& line : findings.value("customers", json::array())) {
        auto amount = app::figure_text(request.language, line.contains("quantity")
                                                             ? std::optional<double>{line["quantity"].get<double>()}
                                                             : std::nullopt);
        if (!amount.empty()) amount += line.value("uom", "") == "KGM" ? " kg" : "";
        customers.push_back(
            {{"name", line.value("name", "")},
             {"lot", line.value("lot", "")},
             {"at", show_moment(request, from_micros(line.value("at", std::int64_t{0})))},
             {"amount", amount},
             {"organization_url", line.contains("organization_id")
                                      ? "/province/organizations/" + line["organization_id"].get<std::string>()
                                      : std::string{}}});
    }
    json missing = json::array();
    for (auto const& line : findings.value("missing", json::array()))
        missing.push_back({{"name", line.value("name", "")},
                           {"organization", line.value("organization", "")},
                           {"what", text(services, request, "trace.gap." + line.value("what", "no_forward"))}});
    auto const cut = findings.value("cut", "");
    return {{"has_customers", !customers.empty()},
            {"customers", std::move(customers)},
            {"has_missing", !missing.empty()},
            {"missing", std::move(missing)},
            {"others", findings.value("others", json::array())},
            {"units", show_count(request, findings.value("units", std::int64_t{0}))},
            {"cut", cut.empty() ? std::string{} : text(services, request, "trace.cut." + cut)}};
}

/// What the viewer may do now.
void put_actions(Services const& services, Request const& request, db::recalls::Case const& entry, json& view)
{
    bool const may = app::may_recall(request.who).ok();
    bool const is_draft = entry.state == "draft";
    bool const wrote = entry.created_by == request.who.subject || entry.drafted_by == request.who.subject;
    view["may_edit"] = may && is_draft;
    view["may_publish"] = may && is_draft && !wrote;
    view["needs_other"] = may && is_draft && wrote;
    view["may_close"] = may && entry.state == "published";
    view["may_end"] = may && (entry.state == "published" || entry.state == "closed");
    view["publish_text"] = text(services, request, entry.is_drill() ? "recalls.publish_drill" : "recalls.publish_real");
}

net::awaitable<http::Response> case_page(Services& services, Request const& request, Error const* error)
{
    auto const id = std::string{request.param("recall")};
    auto work = [actor = actor_of(services, request), who = request.who,
                 id](db::Connection& c) -> Result<app::RecallView> {
        auto const entry = app::recall_within(c, who, id);
        if (!entry) return entry.error();
        app::note_read(c, actor, {}, "recall", id); // telephones of contacts stand there
        return app::read_recall(c, *entry, who.areas("trace:read"), {}, 0, lots_shown + 1);
    };
    auto shown = co_await services.database.write_unseen(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    bool const more = shown->lots.size() > lots_shown;
    if (more) shown->lots.pop_back();

    auto const& entry = shown->entry;
    json values{{"reason", entry.reason}, {"notice", entry.notice}, {"conclusion", entry.conclusion}};
    if (request.method == Method::post) values = request.form.to_json();
    FormView form{services, request, "recalls.field", std::move(values), error};
    form.add({.name = "reason",
              .required = true,
              .seen_by = SeenBy::everyone,
              .chars_max = limits::recall_reason_chars_max});
    form.add({.name = "notice",
              .type = "textarea",
              .required = true,
              .seen_by = SeenBy::everyone,
              .chars_max = limits::recall_text_chars_max});
    form.add({.name = "conclusion",
              .type = "textarea",
              .required = true,
              .seen_by = SeenBy::authority,
              .chars_max = limits::recall_text_chars_max});
    json view{{"title", text(services, request, entry.is_drill() ? "recalls.drill_of" : "recalls.recall_of",
                             {entry.number, entry.title})},
              {"section", "recalls"},
              {"id", entry.id},
              {"id_of_case", entry.id}, // beside the lots' own ids
              {"is_drill", entry.is_drill()},
              {"automatic", entry.automatic},
              {"chip", chip(services, request, "recalls.state", entry.state)},
              {"reason", entry.reason},
              {"notice_text", entry.notice},
              {"conclusion", entry.conclusion},
              {"score", std::to_string(entry.score)},
              {"lots_count", show_count(request, shown->totals.lots)},
              {"firms", show_count(request, shown->totals.firms)},
              {"acknowledged", show_count(request, shown->totals.acknowledged)},
              {"still_publishing", entry.state == "published" && shown->totals.published < shown->totals.lots},
              {"trace_time", show_count(request, entry.trace_micros / 1000)},
              {"lots", lots_view(services, request, *shown)},
              {"more_lots", more},
              {"balance", balance_view(services, request, *shown)},
              {"has_balance", !shown->balance.empty()},
              {"steps", steps_view(services, request, *shown)},
              {"findings", findings_view(services, request, json::parse(entry.findings))}};
    put_actions(services, request, entry, view);
    form.put_into(view);
    co_return page(services, request, "province/recall", std::move(view), error == nullptr ? 200 : status_of(*error));
}

Result<app::DraftChange> read_draft(Form const& form)
{
    app::DraftChange out;
    auto reason = clean_text(form.get("reason"), limits::recall_reason_chars_max);
    auto notice = clean_text(form.get("notice"), limits::recall_text_chars_max, Lines::many);
    std::vector<FieldError> faults;
    if (!reason) faults.push_back({"reason", reason.error().key, reason.error().values});
    if (!notice) faults.push_back({"notice", notice.error().key, notice.error().values});
    if (!faults.empty()) return invalid_fields(std::move(faults));
    out.reason = *std::move(reason);
    out.notice = *std::move(notice);
    if (!form.has("all_lots")) {
        out.included.emplace();
        for (auto const& batch : form.all("lot")) out.included->push_back(BatchId{batch});
    }
    return out;
}

using Change = std::function<Status(db::Connection&, app::Actor const&, std::string const&)>;

/// What the pressed button asks for. Errors: those of its fields, "field.choice".
Result<Change> read_change(Form const& form)
{
    auto const action = form.get("action");
    if (action == "publish") return Change{&app::publish_recall};
    if (action == "cancel") return Change{&app::cancel_recall};
    if (action == "draft") {
        auto const wanted = read_draft(form);
        if (!wanted) return wanted.error();
        return Change{[change = *wanted](db::Connection& c, app::Actor const& actor, std::string const& id) {
            return app::change_draft(c, actor, id, change);
        }};
    }
    if (action == "close") {
        auto const conclusion = clean_text(form.get("conclusion"), limits::recall_text_chars_max, Lines::many);
        if (!conclusion) return invalid_fields({{"conclusion", conclusion.error().key, conclusion.error().values}});
        return Change{[conclusion = *conclusion](db::Connection& c, app::Actor const& actor, std::string const& id) {
            return app::close_recall(c, actor, id, conclusion);
        }};
    }
    if (action == "end_lot") {
        auto const reason = clean_text(form.get("reason"), reason_chars_max);
        if (!reason) return invalid_fields({{"reason", reason.error().key, reason.error().values}});
        BatchId const batch{std::string{form.get("lot")}};
        return Change{[reason = *reason, batch](db::Connection& c, app::Actor const& actor, std::string const& id) {
            return app::end_recall_lot(c, actor, id, batch, reason);
        }};
    }
    return invalid_fields(
        {{"action", "field.choice", {std::string{action}, "draft, publish, close, cancel, end_lot"}}});
}

} // namespace

net::awaitable<http::Response> show_recall(Services& services, Request const& request)
{
    co_return co_await case_page(services, request, nullptr);
}

net::awaitable<http::Response> change_recall(Services& services, Request const& request)
{
    if (auto const may = app::may_recall(request.who); !may) co_return page_problem(services, request, may.error());
    auto const change = read_change(request.form);
    if (!change) co_return co_await case_page(services, request, &change.error());
    auto const id = std::string{request.param("recall")};
    auto work = [change = *change, actor = actor_of(services, request), who = request.who,
                 id](db::Connection& c) -> Status {
        if (auto const entry = app::recall_within(c, who, id); !entry) return entry.error();
        return change(c, actor, id);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done && done.error().code == ErrorCode::not_found) co_return page_problem(services, request, done.error());
    if (!done) co_return co_await case_page(services, request, &done.error());
    if (request.form.get("action") == "publish")
        co_await app::publish_rest(services.database, services.clock, actor_of(services, request), id);
    if (services.wake_connector) services.wake_connector();
    co_return redirect(case_url(id) + "?done=recall_" + std::string{request.form.get("action")});
}

net::awaitable<http::Response> download_recall_lots(Services& services, Request const& request)
{
    auto work = [actor = actor_of(services, request), who = request.who,
                 id = std::string{request.param("recall")}](db::Connection& c) -> Result<app::RecallView> {
        auto const entry = app::recall_within(c, who, id);
        if (!entry) return entry.error();
        app::note_read(c, actor, {}, "recall", id);
        return app::read_recall(c, *entry, who.areas("trace:read"), {}, 0, limits::recall_lots_max);
    };
    auto const shown = co_await services.database.write_unseen(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto title = shown->entry.number;
    if (shown->entry.is_drill()) title += " " + text(services, request, "recalls.drill_mark");
    co_return file_response(office::write_sheet(title, app::lots_sheet(services.locale, request.language, *shown)),
                            sheet_type, shown->entry.number + ".xlsx");
}

net::awaitable<http::Response> download_recall_report(Services& services, Request const& request)
{
    app::RecallReporter reporter;
    reporter.superior = text(services, request, "recalls.paper.committee", {services.settings.province_name});
    reporter.province = services.settings.province_name;
    reporter.day = vietnam_date(services.clock.now());
    struct Shown {
        app::RecallView view = {};
        std::string agency = {};
    };
    auto work = [actor = actor_of(services, request), who = request.who,
                 id = std::string{request.param("recall")}](db::Connection& c) -> Result<Shown> {
        auto const entry = app::recall_within(c, who, id);
        if (!entry) return entry.error();
        app::note_read(c, actor, {}, "recall", id);
        Shown out{app::read_recall(c, *entry, who.areas("trace:read"), {}, 0, limits::recall_lots_max), {}};
        auto const authority = db::organizations::find_authority(c);
        if (auto const head = authority ? db::organizations::find(c, *authority) : not_found("organization.unknown"))
            out.agency = head->name;
        return out;
    };
    auto const shown = co_await services.database.write_unseen(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    reporter.agency = shown->agency;
    auto draw = [&shown, &services, &reporter]() -> Result<std::string> {
        return office::to_docx(app::recall_report(services.locale, shown->view, reporter));
    };
    auto docx = co_await services.cpu_pool.run(std::move(draw));
    if (!docx) co_return page_problem(services, request, docx.error());
    co_return file_response(*std::move(docx), word_type, shown->view.entry.number + ".docx");
}

} // namespace nguon::server::pages::province
