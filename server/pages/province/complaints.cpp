#include "server/app/complaints.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/limits/cases.hpp"
#include "db/province_desk.hpp"
#include "server/app/approvals.hpp"
#include "server/http/limit_hits.hpp"
#include "server/pages/province/case_view.hpp"
#include "server/pages/province/risk_order.hpp"

namespace nguon::server::pages::province {
namespace {

constexpr std::array columns{ListColumn{"report.case_code", "code"},
                             ListColumn{"cases.figures.topic", "topic"},
                             ListColumn{"province.organizations.name", "organization"},
                             ListColumn{"report.received_at", "received"},
                             ListColumn{"report.state", "chip.text"},
                             ListColumn{"cases.due", "due.text"},
                             ListColumn{"risk.title", "risk.text"},
                             ListColumn{"risk.reasons", "risk.why"}};

json status_chip(Services const& services, Request const& request, std::string const& status)
{
    bool const received = status == "received";
    bool const open = received || status == "verifying" || status == "handled";
    return {{"tone", received ? "warn"
                     : open   ? "info"
                              : "good"},
            {"icon", received ? "!"
                     : open   ? "…"
                              : "✓"},
            {"text", text(services, request, "report.status." + status)}};
}

struct CasePage {
    db::complaints::Case entry = {};
    std::string text = {};
    std::string org_name = {};
    std::string product_name = {};
    json steps = json::array();
    std::vector<db::complaints::File> files = {};
    std::vector<db::complaints::Case> alike = {};
    std::vector<db::complaints::Case> joined = {};
    bool may_answer = false;
};

json step_lines(db::Connection& c, Services const& services, Request const& request, std::string const& code)
{
    json out = json::array();
    for (auto const& step : db::complaints::steps(c, code))
        out.push_back({{"what", text(services, request, "report.step." + step.step)},
                       {"time", show_moment(request, step.at)},
                       {"who", actor_name(c, services, request, step.actor)},
                       {"note", step.step == "joined" ? gs1::to_grouped_code(step.note) : step.note}});
    return out;
}

Result<CasePage> read_case(db::Connection& c, Services const& services, Request const& request, std::string const& code)
{
    auto const& who = request.who;
    auto entry = app::complaint_within(c, who, "complaint:read", code);
    if (!entry) return entry.error();
    CasePage out;
    out.text = db::complaints::text(c, code);
    if (auto const org = db::organizations::find(c, entry->org)) out.org_name = org->name;
    if (auto const product = db::products::find_any(c, entry->product)) out.product_name = product->name;
    out.steps = step_lines(c, services, request, code);
    out.files = db::complaints::files(c, code);
    if (entry->is_open() && entry->main_code.empty()) out.alike = db::complaints::alike(c, *entry);
    out.joined = db::complaints::joined(c, code);
    out.may_answer = app::complaint_within(c, who, "complaint:write", code).ok() && entry->main_code.empty();
    app::note_read(c, console::actor_of(services, request), entry->org, "complaint", code);
    out.entry = *std::move(entry);
    return out;
}

/// A case's code as the address has it; what is no code finds nothing.
std::string code_of(Request const& request) { return gs1::read_printed_code(request.param("code")).value_or(""); }

json case_links(Services const& services, Request const& request, std::vector<db::complaints::Case> const& cases)
{
    json out = json::array();
    for (auto const& other : cases)
        out.push_back({{"url", "/province/complaints/" + other.code},
                       {"code", other.code},
                       {"shown", gs1::to_grouped_code(other.code)},
                       {"topic", text(services, request, "report.topic." + other.topic)},
                       {"time", show_moment(request, other.created_at)}});
    return out;
}

json facts_of(Services const& services, Request const& request, CasePage const& shown)
{
    auto const& entry = shown.entry;
    auto const now = services.clock.now();
    auto const moment = [&](std::optional<Instant> const& at) {
        return at ? show_moment(request, *at) : std::string{};
    };
    // Only pages of ours become links: the subject is what a stranger's form sent.
    json view{{"title", text(services, request, "province.complaint.title", {gs1::to_grouped_code(entry.code)})},
              {"section", "complaints"},
              {"code", entry.code},
              {"case", entry.code}, // within lists of other cases, whose "code" is theirs
              {"chip", status_chip(services, request, entry.status)},
              {"topic", text(services, request, "report.topic." + entry.topic)},
              {"text", shown.text},
              {"subject", entry.subject},
              {"subject_url", local_path(entry.subject, "")},
              {"organization", shown.org_name},
              {"organization_url", "/province/organizations/" + entry.org.text()},
              {"product", shown.product_name},
              {"product_url", "/province/products/" + entry.product.text()},
              {"received", show_moment(request, entry.created_at)},
              {"changed", show_moment(request, entry.changed_at)},
              {"answer_due", format_deadline(services.locale, request.language, entry.answer_due_at)},
              {"taken_up", moment(entry.taken_up_at)},
              {"settle_due", format_deadline(services.locale, request.language, entry.settle_due_at)},
              {"settled", moment(entry.settled_at)},
              {"outcome", entry.outcome.empty() ? "" : text(services, request, "report.outcome." + entry.outcome)},
              {"on_product", entry.shown_on_product},
              {"answer", entry.answer},
              {"question", entry.question},
              {"firm_due", moment(entry.firm_due_at)},
              {"firm_answered", moment(entry.firm_answered_at)},
              {"main", entry.main_code.empty() ? "" : gs1::to_grouped_code(entry.main_code)},
              {"main_url", "/province/complaints/" + entry.main_code},
              {"seen", to_micros(entry.changed_at)},
              {"steps", shown.steps}};
    if (entry.is_open() && entry.main_code.empty()) view["due"] = due_chip(services, request, entry.due_at(), now);
    if (entry.firm_due_at && !entry.firm_answered_at && entry.is_open())
        view["firm_clock"] = due_chip(services, request, *entry.firm_due_at, now);
    return view;
}

json files_of(Services const& services, Request const& request, CasePage const& shown)
{
    json out = json::array();
    for (auto const& file : shown.files)
        out.push_back(
            {{"url", "/f/" + file.sha256}, {"source", text(services, request, "cases.source." + file.source)}});
    return out;
}

void add_move_form(json& view, Services& services, Request const& request, CasePage const& shown, Error const* error)
{
    Options statuses;
    for (auto const status : app::next_complaint_states(shown.entry.status))
        statuses.emplace_back(std::string{status}, text(services, request, "cases.move." + std::string{status}));
    Options outcomes{{"", text(services, request, "cases.outcome.none")}};
    for (auto const outcome : app::complaint_outcomes)
        outcomes.emplace_back(std::string{outcome}, text(services, request, "report.outcome." + std::string{outcome}));
    json values{{"answer", shown.entry.answer}, {"question", shown.entry.question}};
    if (shown.entry.question.empty()) values["question"] = shown.text;
    if (request.method == Method::post) values = request.form.to_json();
    FormView form{services, request, "province.complaint.field", std::move(values), error};
    form.add({.name = "status", .type = "select", .required = true, .options = std::move(statuses)});
    form.add({.name = "outcome", .type = "select", .options = std::move(outcomes)});
    form.add(
        {.name = "answer", .type = "textarea", .seen_by = SeenBy::everyone, .chars_max = limits::case_text_chars_max});
    form.add({.name = "on_product", .type = "checkbox"});
    form.add({.name = "note", .type = "textarea", .seen_by = SeenBy::authority, .chars_max = 1000});
    form.add({.name = "question", .type = "textarea", .chars_max = limits::case_text_chars_max});
    form.add({.name = "photo", .type = "file", .accept = console::picture_types});
    form.put_into(view);
}

net::awaitable<http::Response> case_page(Services& services, Request const& request, Error const* error)
{
    if (error != nullptr) count_limit(services, *error);
    auto work = [&services, &request, code = code_of(request)](db::Connection& c) {
        return read_case(c, services, request, code);
    };
    auto const shown = co_await services.database.write(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto view = facts_of(services, request, *shown);
    view["files"] = files_of(services, request, *shown);
    view["has_files"] = !shown->files.empty();
    view["alike"] = case_links(services, request, shown->alike);
    view["has_alike"] = !shown->alike.empty() && shown->may_answer;
    view["joined"] = case_links(services, request, shown->joined);
    view["has_joined"] = !shown->joined.empty();
    view["may_answer"] = shown->may_answer;
    view["may_ask"] = shown->may_answer && shown->entry.is_open() && !shown->entry.org.empty();
    view["may_inspect"] = request.who.may("inspection:write") && !shown->entry.org.empty();
    view["inspect_url"] = make_url("/province/inspections/new", {{"complaint", shown->entry.code}});
    add_move_form(view, services, request, *shown, error);
    co_return page(services, request, "province/complaint", std::move(view),
                   error == nullptr ? 200 : status_of(*error));
}

/// Runs a deed of the desk on the case of the address and leads back to it.
template <typename Deed>
net::awaitable<http::Response> change_case(Services& services, Request const& request, Deed deed)
{
    auto work = [actor = actor_of(services, request), who = request.who, code = code_of(request),
                 deed = std::move(deed)](db::Connection& c) -> Status {
        if (auto const entry = app::complaint_within(c, who, "complaint:write", code); !entry) return entry.error();
        return deed(c, actor, code);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await case_page(services, request, &done.error());
    co_return redirect("/province/complaints/" + code_of(request) + "?done=saved");
}

Result<app::ComplaintMove> read_move(Request const& request)
{
    auto answer = read_text(request, "answer", limits::case_text_chars_max);
    if (!answer) return answer.error();
    auto note = read_text(request, "note", limits::case_text_chars_max);
    if (!note) return note.error();
    app::ComplaintMove move;
    move.status = request.form.get("status");
    move.outcome = request.form.get("outcome");
    move.on_product = request.form.has("on_product");
    move.answer = *std::move(answer);
    move.note = *std::move(note);
    move.seen = read_number(request.form.get("seen"));
    return move;
}

Instant day_of(std::string_view text, Instant fallback)
{
    auto const date = parse_date(text);
    return date ? start_of_day(*date) : fallback;
}

std::string share(Request const& request, std::int64_t part, std::int64_t whole)
{
    constexpr std::int64_t percent = 100;
    return whole == 0 ? "–" : show_count(request, part * percent / whole) + " %";
}

} // namespace

net::awaitable<http::Response> show_complaints(Services& services, Request const& request)
{
    std::string const status{request.query_value("status")};
    auto const now = services.clock.now();
    struct Page {
        std::vector<db::province_desk::ComplaintLine> lines = {};
        Risks risks = {};
    };
    auto work = [&request, status, now](db::Connection& c) -> Result<Page> {
        auto const areas = request.who.areas("complaint:read");
        auto const window = window_to_order(request);
        Page out{db::province_desk::complaint_lines(c, areas, status, now, window.first, window.count),
                 risks_wanted(c, request, areas, now)};
        if (by_risk(request))
            order_by_risk(out.lines, out.risks, list_window(request), [](auto const& line) {
                return line.is_open() ? line.org : OrganizationId{}; // what is settled stays behind
            });
        return out;
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    json rows = json::array();
    for (auto const& line : shown->lines) {
        rows.push_back({{"code", gs1::to_grouped_code(line.code)},
                        {"url", "/province/complaints/" + line.code},
                        {"topic", text(services, request, "report.topic." + line.topic)},
                        {"organization", line.org_name},
                        {"received", show_moment(request, line.created_at)},
                        {"risk", risk_view(services, request, shown->risks, line.org)},
                        {"joined", line.main_code.empty() ? "" : gs1::to_grouped_code(line.main_code)},
                        {"chip", status_chip(services, request, line.status)}});
        if (line.is_open() && line.main_code.empty())
            rows.back()["due"] = due_chip(services, request, line.due_at(), now);
    }
    json view{{"title", text(services, request, "province.complaints.title")},
              {"section", "complaints"},
              {"orders", order_tabs(services, request)},
              {"tabs", filter_tabs(services, request, "status", "province.complaints.status",
                                   {"", "open", "late", "answered", "closed"})}};
    co_return co_await list_page(services, request, "province/complaints", std::move(view), std::move(rows), columns);
}

net::awaitable<http::Response> show_complaint_figures(Services& services, Request const& request)
{
    auto const now = services.clock.now();
    auto const year_start = start_of_day(Date{vietnam_date(now).year(), std::chrono::January, std::chrono::day{1}});
    auto const from = day_of(request.query_value("from"), year_start);
    auto const to = day_of(request.query_value("to"), now) + std::chrono::days{1};
    auto work = [areas = request.who.areas("complaint:read"), from, to,
                 now](db::Connection& c) -> Result<std::vector<db::province_desk::ComplaintCount>> {
        return db::province_desk::complaint_counts(c, areas, from, to, now);
    };
    auto const counts = co_await services.database.read(std::move(work));
    if (!counts) co_return page_problem(services, request, counts.error());
    json rows = json::array();
    for (auto const& count : *counts)
        rows.push_back(
            {{"topic", text(services, request, "report.topic." + count.topic)},
             {"received", show_count(request, count.received)},
             {"settled", show_count(request, count.settled)},
             {"upheld", show_count(request, count.upheld)},
             {"taken_up", share(request, count.taken_up_in_time, count.received)},
             {"in_time", share(request, count.settled_in_time, count.received)},
             {"time", count.settled == 0 ? std::string{"–"}
                                         : show_duration(services, request, count.settling_time / count.settled)}});
    json view{{"title", text(services, request, "cases.figures")},
              {"section", "complaints"},
              {"from", to_iso(vietnam_date(from))},
              {"to", to_iso(vietnam_date(to - std::chrono::days{1}))},
              {"rows", std::move(rows)}};
    co_return page(services, request, "province/complaint_figures", std::move(view));
}

net::awaitable<http::Response> show_complaint(Services& services, Request const& request)
{
    co_return co_await case_page(services, request, nullptr);
}

net::awaitable<http::Response> answer_complaint(Services& services, Request const& request)
{
    auto const move = read_move(request);
    if (!move) co_return co_await case_page(services, request, &move.error());
    auto deed = [move = *move](db::Connection& c, app::Actor const& actor, std::string const& code) {
        return app::move_complaint(c, actor, code, move);
    };
    co_return co_await change_case(services, request, std::move(deed));
}

net::awaitable<http::Response> ask_complaint_firm(Services& services, Request const& request)
{
    auto const question = read_text(request, "question", limits::case_text_chars_max);
    if (!question) co_return co_await case_page(services, request, &question.error());
    auto deed = [question = *question, seen = read_number(request.form.get("seen"))](
                    db::Connection& c, app::Actor const& actor, std::string const& code) {
        return app::ask_firm(c, actor, code, question, seen);
    };
    co_return co_await change_case(services, request, std::move(deed));
}

net::awaitable<http::Response> join_complaint(Services& services, Request const& request)
{
    auto deed = [main = std::string{request.form.get("main")}, seen = read_number(request.form.get("seen"))](
                    db::Connection& c, app::Actor const& actor, std::string const& code) {
        return app::join_complaint(c, actor, code, main, seen);
    };
    co_return co_await change_case(services, request, std::move(deed));
}

net::awaitable<http::Response> add_complaint_evidence(Services& services, Request const& request)
{
    auto const note = read_text(request, "note", limits::case_text_chars_max);
    if (!note) co_return co_await case_page(services, request, &note.error());
    auto const photos = co_await read_jpegs(services, request, "photo");
    if (!photos) co_return co_await case_page(services, request, &photos.error());
    auto deed = [note = *note, photos = *photos](db::Connection& c, app::Actor const& actor, std::string const& code) {
        return app::add_complaint_evidence(c, actor, code, note, photos);
    };
    co_return co_await change_case(services, request, std::move(deed));
}

} // namespace nguon::server::pages::province
