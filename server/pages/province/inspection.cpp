#include "core/http/uri.hpp"
#include "core/limits/cases.hpp"
#include "core/office/pdf.hpp"
#include "core/office/word_document.hpp"
#include "db/organizations.hpp"
#include "server/app/approvals.hpp"
#include "server/app/inspection_record.hpp"
#include "server/app/inspections.hpp"
#include "server/http/finish.hpp"
#include "server/http/limit_hits.hpp"
#include "server/http/static_files.hpp"
#include "server/pages/province/case_view.hpp"

#include <charconv>

#include <fmt/format.h>

/// One inspection: filled in step by step on the spot, then its record.
namespace nguon::server::pages::province {
namespace {

constexpr std::size_t note_chars_max = 1000;
constexpr std::size_t action_lines = 5;
constexpr std::string_view word_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

std::string id_of(Request const& request) { return std::string{request.param("inspection")}; }

Result<app::InspectionView> read_within(db::Connection& c, Principal const& who, Scope scope, std::string const& id)
{
    auto view = app::read_inspection(c, id);
    if (!view) return view;
    if (!app::organization_within(c, who, scope, view->inspection.org)) return not_found("inspection.unknown");
    return view;
}

std::vector<std::string> parts_of(db::inspections::Checklist const& checklist)
{
    std::vector<std::string> out;
    for (auto const& item : checklist.items)
        if (std::ranges::find(out, item.part) == out.end()) out.push_back(item.part);
    return out;
}

/// Which part of the form is asked for: 1 … the number of parts, then the conclusion.
std::size_t step_of(Request const& request, std::size_t parts)
{
    auto const asked = request.query_value("step");
    auto const wanted = read_number(asked.empty() ? request.form.get("step") : asked);
    return static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 1, static_cast<std::int64_t>(parts) + 1));
}

json pictures_of(app::InspectionView const& shown, std::int64_t number)
{
    json out = json::array();
    for (auto const& file : shown.files)
        if (file.number == number) out.push_back({{"url", "/f/" + file.sha256}});
    return out;
}

json item_view(Services const& services, Request const& request, app::InspectionView const& shown,
               db::inspections::Item const& item)
{
    auto const found = shown.answers.find(item.number);
    auto const result = found == shown.answers.end() ? std::string{} : found->second.result;
    json results = json::array();
    for (auto const word : app::inspection_results)
        results.push_back({{"word", word},
                           {"text", text(services, request, "inspection.result." + std::string{word})},
                           {"chosen", result == word}});
    return {{"number", item.number},
            {"code", item.code},
            {"text", item.text},
            {"hint", item.hint},
            {"weight", text(services, request, "inspection.weight." + item.weight)},
            {"critical", item.weight == "critical"},
            {"results", std::move(results)},
            {"result", result.empty() ? "" : text(services, request, "inspection.result." + result)},
            {"unmet", result == "unmet"},
            {"note", found == shown.answers.end() ? std::string{} : found->second.note},
            {"pictures", pictures_of(shown, item.number)}};
}

json items_view(Services const& services, Request const& request, app::InspectionView const& shown,
                std::string const& part)
{
    json out = json::array();
    for (auto const& item : shown.checklist.items)
        if (item.part == part) out.push_back(item_view(services, request, shown, item));
    return out;
}

json actions_view(Services const& services, Request const& request, app::InspectionView const& shown)
{
    auto const today = to_iso(vietnam_date(services.clock.now()));
    json out = json::array();
    for (auto const& action : shown.actions)
        out.push_back({{"number", action.number},
                       {"text", action.text},
                       {"due", show_date(request, action.due_on)},
                       {"late", !action.done_at && action.due_on < today},
                       {"open", !action.done_at},
                       {"done", action.done_at ? show_moment(request, *action.done_at) : std::string{}},
                       {"note", action.note}});
    return out;
}

json facts_view(Services const& services, Request const& request, app::InspectionView const& shown)
{
    auto const& inspection = shown.inspection;
    json view{{"title", text(services, request, "inspection.one", {shown.org_name})},
              {"section", "inspections"},
              {"id", inspection.id},
              {"organization", shown.org_name},
              {"organization_url", "/province/organizations/" + inspection.org.text()},
              {"product", shown.product_name},
              {"lot", shown.lot},
              {"inspector", shown.inspector_name},
              {"planned", show_date(request, inspection.planned_on)},
              {"basis", inspection.basis},
              {"purpose", inspection.purpose},
              {"checklist", shown.checklist.name},
              {"sample", shown.checklist.sample},
              {"status", text(services, request, "inspection.status." + inspection.status)},
              {"number", inspection.record_number},
              {"started", inspection.started_at ? show_moment(request, *inspection.started_at) : std::string{}},
              {"saved", inspection.saved_at ? show_moment(request, *inspection.saved_at) : std::string{}},
              {"finished", inspection.finished_at ? show_moment(request, *inspection.finished_at) : std::string{}},
              {"place", inspection.place},
              {"present", shown.present_name},
              {"opinion", inspection.opinion},
              {"finding", inspection.finding},
              {"conclusion", inspection.conclusion.empty()
                                 ? std::string{}
                                 : text(services, request, "inspection.conclusion." + inspection.conclusion)},
              {"complaint", inspection.complaint},
              {"unanswered", shown.unanswered() == 0 ? "" : show_count(request, shown.unanswered())},
              {"unmet_count", show_count(request, shown.unmet())},
              {"actions", actions_view(services, request, shown)},
              {"has_actions", !shown.actions.empty()},
              {"pictures", pictures_of(shown, 0)}};
    if (inspection.latitude && inspection.longitude)
        view["position"] = fmt::format("{:.5f}, {:.5f}", *inspection.latitude, *inspection.longitude);
    return view;
}

void add_last_step(json& view, Services& services, Request const& request, app::InspectionView const& shown,
                   Error const* error)
{
    auto const& inspection = shown.inspection;
    json values{{"place", inspection.place},
                {"present", shown.present_name},
                {"opinion", inspection.opinion},
                {"finding", inspection.finding},
                {"conclusion", inspection.conclusion},
                {"latitude", inspection.latitude ? fmt::format("{}", *inspection.latitude) : std::string{}},
                {"longitude", inspection.longitude ? fmt::format("{}", *inspection.longitude) : std::string{}}};
    json rows = json::array();
    for (std::size_t i = 0; i < std::max(action_lines, shown.actions.size() + 1); ++i) {
        bool const kept = i < shown.actions.size();
        auto const number = std::to_string(i + 1);
        rows.push_back({{"number", number},
                        {"text", kept ? shown.actions[i].text : std::string{}},
                        {"due", kept ? shown.actions[i].due_on : std::string{}}});
        if (request.method != Method::post) continue;
        rows.back()["text"] = request.form.get("action-" + number);
        rows.back()["due"] = request.form.get("due-" + number);
    }
    if (request.method == Method::post && request.form.has("conclusion")) values = request.form.to_json();
    Options conclusions{{"", text(services, request, "inspection.choose")}};
    for (auto const word : app::inspection_conclusions)
        conclusions.emplace_back(std::string{word},
                                 text(services, request, "inspection.conclusion." + std::string{word}));
    FormView form{services, request, "inspection.field", std::move(values), error};
    form.add({.name = "place", .chars_max = 200});
    form.add({.name = "latitude", .input_mode = "decimal", .chars_max = 20});
    form.add({.name = "longitude", .input_mode = "decimal", .chars_max = 20});
    form.add({.name = "present", .autocomplete = "off", .chars_max = 100});
    form.add({.name = "opinion", .type = "textarea", .chars_max = note_chars_max});
    form.add({.name = "finding", .type = "textarea", .chars_max = limits::case_text_chars_max});
    form.add({.name = "conclusion", .type = "select", .options = std::move(conclusions)});
    form.put_into(view);
    view["action_rows"] = std::move(rows);
    view["is_last"] = true;
}

void add_steps(json& view, Services& services, Request const& request, app::InspectionView const& shown,
               Error const* error)
{
    auto const parts = parts_of(shown.checklist);
    auto const step = step_of(request, parts.size());
    auto const address = [&](std::size_t number) {
        return make_url("/province/inspections/" + shown.inspection.id, {{"step", std::to_string(number)}});
    };
    json steps = json::array();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto const left = std::ranges::count_if(shown.checklist.items, [&](auto const& item) {
            return item.part == parts[i] && !shown.answers.contains(item.number);
        });
        steps.push_back(
            {{"url", address(i + 1)}, {"text", parts[i] + (left == 0 ? " ✓" : "")}, {"current", step == i + 1}});
    }
    steps.push_back({{"url", address(parts.size() + 1)},
                     {"text", text(services, request, "inspection.last_step")},
                     {"current", step == parts.size() + 1}});
    view["tabs"] = std::move(steps);
    view["step"] = step;
    view["draft"] = shown.inspection.id + "-" + std::to_string(step);
    view["script_url"] = services.static_files.url("draft.js");
    view["next"] = std::min(step + 1, parts.size() + 1);
    if (error != nullptr && !view.contains("errors")) view["errors"] = form_errors(services, request, *error);
    if (step > parts.size())
        add_last_step(view, services, request, shown, error);
    else
        view["items"] = items_view(services, request, shown, parts[step - 1]);
}

void add_result(json& view, Services const& services, Request const& request, app::InspectionView const& shown)
{
    json parts = json::array();
    for (auto const& part : parts_of(shown.checklist))
        parts.push_back({{"part", part}, {"items", items_view(services, request, shown, part)}});
    view["parts"] = std::move(parts);
    auto const& inspection = shown.inspection;
    view["has_pdf"] = services.pdf != nullptr;
    view["may_sanction"] = request.who.may("approval:write");
    view["sanction_url"] = make_url("/province/sanctions/new", {{"organization", inspection.org.text()},
                                                                {"product", inspection.product.text()},
                                                                {"inspection", inspection.id}});
}

net::awaitable<http::Response> inspection_page(Services& services, Request const& request, Error const* error)
{
    if (error != nullptr) count_limit(services, *error);
    struct Page {
        app::InspectionView shown = {};
        bool may_write = false;
    };
    auto work = [who = request.who, id = id_of(request)](db::Connection& c) -> Result<Page> {
        auto shown = read_within(c, who, "inspection:read", id);
        if (!shown) return shown.error();
        bool const may_write = app::organization_within(c, who, "inspection:write", shown->inspection.org).ok();
        return Page{*std::move(shown), may_write};
    };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return page_problem(services, request, found.error());
    auto view = facts_view(services, request, found->shown);
    bool const fills_in = !found->shown.inspection.is_over() && found->may_write;
    view["fills_in"] = fills_in;
    view["may_write"] = found->may_write;
    view["is_over"] = found->shown.inspection.is_over();
    if (error != nullptr) view["errors"] = form_errors(services, request, *error);
    if (fills_in)
        add_steps(view, services, request, found->shown, error);
    else
        add_result(view, services, request, found->shown);
    auto response = page(services, request, fills_in ? "province/inspection_form" : "province/inspection",
                         std::move(view), error == nullptr ? 200 : status_of(*error));
    if (fills_in) response.header("Content-Security-Policy", live_policy(services.static_files.public_css_hash()));
    co_return response;
}

/// The number behind "r-" of a field's name; 0 for other names.
std::int64_t number_behind(std::string_view name, std::string_view prefix)
{
    std::int64_t number = 0;
    if (!name.starts_with(prefix)) return 0;
    name.remove_prefix(prefix.size());
    auto const [end, fault] = std::from_chars(name.data(), name.data() + name.size(), number);
    return fault == std::errc{} && end == name.data() + name.size() ? number : 0;
}

Result<std::vector<db::inspections::Action>> read_actions(Request const& request)
{
    std::vector<db::inspections::Action> out;
    for (auto const& [name, value] : request.form.fields()) {
        auto const number = number_behind(name, "action-");
        if (number == 0) continue;
        auto const typed = clean_text(value, note_chars_max);
        if (!typed) return invalid_fields({{"/" + name, typed.error().key, typed.error().values}});
        if (!typed->empty())
            out.push_back({number, *typed, std::string{request.form.get("due-" + std::to_string(number))}, {}, {}});
    }
    return out;
}

Status read_last_step(Request const& request, app::InspectionDraft& draft)
{
    struct Field {
        char const* name;
        std::optional<std::string>* into;
    };
    Field const fields[] = {{"place", &draft.place},          {"latitude", &draft.latitude},
                            {"longitude", &draft.longitude},  {"present", &draft.present},
                            {"opinion", &draft.opinion},      {"finding", &draft.finding},
                            {"conclusion", &draft.conclusion}};
    for (auto const& field : fields) {
        auto typed = read_text(request, field.name, limits::case_text_chars_max);
        if (!typed) return typed.error();
        *field.into = *std::move(typed);
    }
    auto actions = read_actions(request);
    if (!actions) return actions.error();
    draft.actions = *std::move(actions);
    return Done{};
}

/// Everything of the form but its pictures.
Result<app::InspectionDraft> read_draft(Request const& request)
{
    app::InspectionDraft draft;
    for (auto const& [name, value] : request.form.fields()) {
        auto const number = number_behind(name, "r-");
        bool const known = std::ranges::find(app::inspection_results, value) != app::inspection_results.end();
        if (number == 0 || !known) continue;
        auto const typed = clean_text(request.form.get("n-" + std::to_string(number)), note_chars_max, Lines::many);
        if (!typed) return invalid_fields({{"/n-" + std::to_string(number), typed.error().key, typed.error().values}});
        draft.answers.push_back({number, value, *typed});
    }
    if (request.form.has("conclusion"))
        if (auto read = read_last_step(request, draft); !read) return read.error();
    return draft;
}

net::awaitable<Status> read_pictures(Services& services, Request const& request, app::InspectionDraft& draft)
{
    std::vector<std::string> names;
    for (auto const& file : request.form.files())
        if (std::ranges::find(names, file.field) == names.end()) names.push_back(file.field);
    for (auto const& name : names) {
        auto const jpegs = co_await read_jpegs(services, request, name);
        if (!jpegs) co_return jpegs.error();
        for (auto const& bytes : *jpegs) draft.photos.emplace_back(number_behind(name, "p-"), bytes);
    }
    co_return Done{};
}

std::string step_url(Request const& request, std::string_view step)
{
    return make_url("/province/inspections/" + http::percent_encode(id_of(request)),
                    {{"step", step}, {"done", "draft_saved"}});
}

/// "0007-2026": what a file may be called.
std::string file_name(app::InspectionView const& shown, std::string_view ending)
{
    auto number = shown.inspection.record_number;
    std::ranges::replace(number, '/', '-');
    return fmt::format("bien-ban-kiem-tra-{}.{}", number.empty() ? "nhap" : number, ending);
}

} // namespace

net::awaitable<http::Response> show_inspection(Services& services, Request const& request)
{
    co_return co_await inspection_page(services, request, nullptr);
}

net::awaitable<http::Response> save_inspection(Services& services, Request const& request)
{
    auto draft = read_draft(request);
    if (!draft) co_return co_await inspection_page(services, request, &draft.error());
    if (auto const read = co_await read_pictures(services, request, *draft); !read)
        co_return co_await inspection_page(services, request, &read.error());
    bool const ends = request.form.has("finish");
    auto work = [actor = actor_of(services, request), who = request.who, id = id_of(request), draft = *draft,
                 ends](db::Connection& c) -> Status {
        if (auto const shown = read_within(c, who, "inspection:write", id); !shown) return shown.error();
        return app::save_inspection(c, actor, id, draft);
    };
    auto const saved = co_await services.database.write(std::move(work));
    if (!saved) co_return co_await inspection_page(services, request, &saved.error());
    if (!ends) co_return redirect(step_url(request, request.form.get("next")));
    // What was typed is kept, even when the record cannot be closed yet.
    auto finish = [actor = actor_of(services, request), id = id_of(request)](db::Connection& c) {
        return app::finish_inspection(c, actor, id);
    };
    auto const finished = co_await services.database.write(std::move(finish));
    if (!finished) co_return co_await inspection_page(services, request, &finished.error());
    co_return redirect("/province/inspections/" + http::percent_encode(id_of(request)) + "?done=inspection_finished");
}

net::awaitable<http::Response> finish_inspection_action(Services& services, Request const& request)
{
    auto const note = read_text(request, "note", note_chars_max);
    if (!note) co_return co_await inspection_page(services, request, &note.error());
    auto work = [actor = actor_of(services, request), who = request.who, id = id_of(request), note = *note,
                 number = read_number(request.form.get("number"))](db::Connection& c) -> Status {
        if (auto const shown = read_within(c, who, "inspection:write", id); !shown) return shown.error();
        return app::finish_action(c, actor, id, number, note);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await inspection_page(services, request, &done.error());
    co_return redirect("/province/inspections/" + http::percent_encode(id_of(request)) + "?done=saved");
}

net::awaitable<http::Response> download_inspection_record(Services& services, Request const& request)
{
    struct Page {
        app::InspectionView shown = {};
        std::string authority = {};
    };
    auto work = [who = request.who, id = id_of(request)](db::Connection& c) -> Result<Page> {
        auto shown = read_within(c, who, "inspection:read", id);
        if (!shown) return shown.error();
        Page out{*std::move(shown), {}};
        if (auto const authority = db::organizations::find_authority(c))
            if (auto const head = db::organizations::find(c, *authority)) out.authority = head->name;
        return out;
    };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return page_problem(services, request, found.error());
    auto const docx = office::to_docx(
        app::inspection_record(services.locale, found->shown, found->authority, services.settings.province_name));
    if (request.query_value("format") != "pdf")
        co_return file_response(docx, word_type, file_name(found->shown, "docx"));
    if (services.pdf == nullptr) {
        auto const error = unavailable("pdf.program_missing");
        co_return page_problem(services, request, error);
    }
    auto pdf = co_await services.pdf->make(docx);
    if (!pdf) co_return page_problem(services, request, pdf.error());
    co_return file_response(*std::move(pdf), "application/pdf", file_name(found->shown, "pdf"));
}

} // namespace nguon::server::pages::province
