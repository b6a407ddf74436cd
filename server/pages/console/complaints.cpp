#include "server/app/complaints.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/limits/cases.hpp"
#include "db/products.hpp"
#include "server/http/limit_hits.hpp"
#include "server/pages/province/case_view.hpp"

/// What buyers report about the firm's goods, as far as the office passes it on: never who reported it.
namespace nguon::server::pages::console {
namespace {

struct Shown {
    db::complaints::Case entry = {};
    std::string product = {};
    std::vector<db::complaints::Step> steps = {};
    std::vector<db::complaints::File> files = {};
};

std::string code_of(Request const& request) { return gs1::read_printed_code(request.param("code")).value_or(""); }

bool is_asked(db::complaints::Case const& entry)
{
    return !entry.question.empty() && entry.is_open() && !entry.firm_answered_at;
}

json line_of(Services const& services, Request const& request, db::complaints::Case const& entry)
{
    json out{{"url", "/console/complaints/" + entry.code},
             {"code", gs1::to_grouped_code(entry.code)},
             {"topic", text(services, request, "report.topic." + entry.topic)},
             {"state", text(services, request, "report.status." + entry.status)},
             {"received", show_moment(request, entry.created_at)}};
    if (is_asked(entry) && entry.firm_due_at)
        out["due"] = province::due_chip(services, request, *entry.firm_due_at, services.clock.now());
    return out;
}

json steps_of(Services const& services, Request const& request, Shown const& shown)
{
    json out = json::array();
    for (auto const& step : shown.steps) {
        if (step.seen_by == "office") continue;
        out.push_back({{"what", text(services, request, "report.step." + step.step)},
                       {"time", show_moment(request, step.at)},
                       {"note", step.seen_by == "firm" ? step.note : std::string{}}});
    }
    return out;
}

net::awaitable<http::Response> complaint_page(Services& services, Request const& request, Error const* error)
{
    if (error != nullptr) count_limit(services, *error);
    auto work = [org = request.who.org, code = code_of(request)](db::Connection& c) -> Result<Shown> {
        auto entry = db::complaints::find(c, org, code);
        if (!entry) return entry.error();
        Shown out;
        if (auto const product = db::products::find(c, org, entry->product)) out.product = product->name;
        out.steps = db::complaints::steps(c, code);
        out.files = db::complaints::files(c, code);
        out.entry = *std::move(entry);
        return out;
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto view = line_of(services, request, shown->entry);
    view["title"] = text(services, request, "cases.firm.one", {gs1::to_grouped_code(shown->entry.code)});
    view["section"] = "complaints";
    view["code"] = shown->entry.code;
    view["product"] = shown->product;
    view["question"] = shown->entry.question;
    view["answer"] = shown->entry.is_open() ? std::string{} : shown->entry.answer;
    view["may_explain"] = !shown->entry.question.empty() && shown->entry.is_open();
    view["steps"] = steps_of(services, request, *shown);
    view["files"] = json::array();
    for (auto const& file : shown->files)
        if (file.source != "reporter") view["files"].push_back({{"url", file_url(file.sha256)}});
    FormView form{services, request, "cases.explain", request.form.to_json(), error};
    form.add({.name = "text",
              .type = "textarea",
              .required = true,
              .seen_by = SeenBy::authority,
              .chars_max = limits::case_text_chars_max});
    form.add({.name = "photo", .type = "file", .seen_by = SeenBy::authority, .accept = picture_types});
    form.put_into(view);
    co_return console_page(services, request, "console/complaint", std::move(view), error);
}

} // namespace

net::awaitable<http::Response> show_complaints(Services& services, Request const& request)
{
    auto const first = (page_number(request) - 1) * page_rows;
    auto work = [org = request.who.org, first](db::Connection& c) -> Result<std::vector<db::complaints::Case>> {
        return db::complaints::of_organization(c, org, first, page_rows + 1);
    };
    auto const cases = co_await services.database.read(std::move(work));
    if (!cases) co_return page_problem(services, request, cases.error());
    json rows = json::array();
    for (auto const& entry : *cases) rows.push_back(line_of(services, request, entry));
    json view{{"title", text(services, request, "cases.firm.title")}, {"section", "complaints"}};
    province::add_pages(view, request, rows);
    view["rows"] = std::move(rows);
    co_return page(services, request, "console/complaints", std::move(view));
}

net::awaitable<http::Response> show_complaint(Services& services, Request const& request)
{
    co_return co_await complaint_page(services, request, nullptr);
}

net::awaitable<http::Response> explain_complaint(Services& services, Request const& request)
{
    auto const typed = province::read_text(request, "text", limits::case_text_chars_max);
    if (!typed) co_return co_await complaint_page(services, request, &typed.error());
    auto const photos = co_await province::read_jpegs(services, request, "photo");
    if (!photos) co_return co_await complaint_page(services, request, &photos.error());
    auto work = [actor = actor_of(services, request), code = code_of(request), typed = *typed,
                 photos = *photos](db::Connection& c) { return app::explain_complaint(c, actor, code, typed, photos); };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await complaint_page(services, request, &done.error());
    co_return redirect("/console/complaints/" + code_of(request) + "?done=explained");
}

} // namespace nguon::server::pages::console
