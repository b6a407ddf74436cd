#include "server/app/programme_records.hpp"
#include "db/blobs.hpp"
#include "server/pages/province/programme_desk.hpp"

namespace nguon::server::pages::province {
namespace {

/// What the form of a piece of evidence needs.
struct FormPage {
    programme::Plan plan = {};
    Options communes = {};
    Options trainings = {};
};

Result<FormPage> read_form(db::Connection& c, Services const& services, Request const& request, std::string const& id)
{
    auto plan = app::find_plan(c, id);
    if (!plan) return plan.error();
    FormPage out;
    out.plan = *std::move(plan);
    out.communes = plan_communes(c, services, request, out.plan);
    out.trainings.emplace_back("", "–");
    for (auto const& record : db::programme::records(c, id, to_iso(vietnam_date(services.clock.now()))))
        if (record.kind == "training" && !record.withdrawn_at)
            out.trainings.emplace_back(record.id, record.happened_on + " – " + record.title);
    return out;
}

std::string kind_of(Request const& request)
{
    std::string kind{request.method == Method::post ? request.form.get("kind") : request.query_value("kind")};
    bool const known = std::ranges::find(programme::record_kinds, kind) != programme::record_kinds.end();
    return known ? kind : "support";
}

void add_organization_fields(FormView& form, FormPage const& shown)
{
    form.add({.name = "tax_code", .input_mode = "numeric", .chars_max = 14});
    form.add({.name = "org_name", .chars_max = 200});
    form.add({.name = "commune_code", .type = "select", .options = shown.communes});
}

http::Response form_page(Services& services, Request const& request, FormPage const& shown, Error const* error)
{
    auto const kind = kind_of(request);
    auto const say = words(services, request);
    json kinds = json::array();
    for (auto const each : programme::record_kinds)
        kinds.push_back({{"url", plan_url(shown.plan.id, "/records/new?kind=" + std::string{each})},
                         {"text", say("programme.kind." + std::string{each})},
                         {"current", each == kind}});
    json values = request.form.to_json();
    if (request.method != Method::post) values = {{"replaces", std::string{request.query_value("replaces")}}};
    FormView form{services, request, "programme.record", std::move(values), error};
    form.add({.name = "title", .required = true, .chars_max = 300});
    form.add({.name = "item", .type = "select", .options = item_options(shown.plan, false)});
    if (app::concerns_organization(kind)) add_organization_fields(form, shown);
    if (kind == "expert")
        form.add({.name = "person_name", .required = true, .seen_by = SeenBy::authority, .chars_max = 200});
    if (kind == "attendance") form.add({.name = "parent", .type = "select", .options = shown.trainings});
    form.add({.name = "happened_on", .type = "date", .required = true});
    if (app::is_lasting(kind)) form.add({.name = "valid_to", .type = "date"});
    if (app::has_amount(kind)) form.add({.name = "amount", .required = true, .input_mode = "decimal"});
    Options tasks{{"", "–"}};
    for (auto const& task : shown.plan.tasks) tasks.emplace_back(task.id, task.content);
    form.add({.name = "task", .type = "select", .options = std::move(tasks)});
    form.add({.name = "file", .type = "file", .accept = "application/pdf,image/jpeg,image/png,image/webp"});
    form.add({.name = "replaces", .type = "hidden"});
    json view{{"title", say("programme.record.new")},
              {"section", "programme"},
              {"plan_name", plan_name(services, request, shown.plan)},
              {"plan_url", plan_url(shown.plan.id)},
              {"action", plan_url(shown.plan.id, "/records/new")},
              {"kind", kind},
              {"kind_text", say("programme.kind." + kind)},
              {"file_again", error != nullptr && !request.form.files().empty()},
              {"kinds", std::move(kinds)}};
    form.put_into(view);
    return page(services, request, "province/programme_record_form", std::move(view),
                error == nullptr ? 200 : status_of(*error));
}

net::awaitable<http::Response> show_form(Services& services, Request const& request, Error const* error)
{
    auto work = [&services, &request, id = std::string{request.param("plan")}](db::Connection& c) {
        return read_form(c, services, request, id);
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return form_page(services, request, *shown, error);
}

struct RecordPage {
    programme::Plan plan = {};
    db::programme::Record record = {};
    std::vector<db::programme::File> files = {};
};

} // namespace

net::awaitable<http::Response> new_record(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "programme:write"); !allowed)
        co_return page_problem(services, request, allowed.error());
    co_return co_await show_form(services, request, nullptr);
}

net::awaitable<http::Response> save_record(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "programme:write"); !allowed)
        co_return page_problem(services, request, allowed.error());
    auto const input = console::read_form_as(request.form, &app::read_record);
    if (!input) co_return co_await show_form(services, request, &input.error());
    std::vector<app::NewFile> files;
    if (auto const* file = request.form.file("file"); file != nullptr && !file->bytes.empty())
        files.push_back({file->media_type, file->bytes});
    auto work = [actor = actor_of(services, request), id = std::string{request.param("plan")}, input = *input, files,
                 replaces = std::string{request.form.get("replaces")}](db::Connection& c) -> Result<std::string> {
        auto const plan = app::find_plan(c, id);
        if (!plan) return plan.error();
        return app::record_evidence(c, actor, *plan, input, files, replaces);
    };
    auto const saved = co_await services.database.write(std::move(work));
    if (!saved) co_return co_await show_form(services, request, &saved.error());
    co_return redirect(plan_url(request.param("plan"), "/records/" + *saved) + "?done=saved");
}

net::awaitable<http::Response> show_record(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "report:read"); !allowed)
        co_return page_problem(services, request, allowed.error());
    auto work = [id = std::string{request.param("plan")},
                 record = std::string{request.param("record")}](db::Connection& c) -> Result<RecordPage> {
        auto plan = app::find_plan(c, id);
        if (!plan) return plan.error();
        auto found = db::programme::find(c, id, record);
        if (!found) return found.error();
        return RecordPage{*std::move(plan), *std::move(found), db::programme::files_of(c, record)};
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const say = words(services, request);
    auto const& record = shown->record;
    json files = json::array();
    int number = 0;
    for (auto const& file : shown->files)
        files.push_back({{"url", plan_url(shown->plan.id, "/files/" + file.sha256)},
                         {"text", say("programme.file", {std::to_string(++number)})}});
    json view{{"title", record.title},
              {"section", "programme"},
              {"plan_name", plan_name(services, request, shown->plan)},
              {"plan_url", plan_url(shown->plan.id)},
              {"kind", say("programme.kind." + record.kind)},
              {"item", record.item.empty() ? "" : item_name(services, request, shown->plan, record.item)},
              {"organization", record.org_name},
              {"tax_code", record.tax_code},
              {"date", show_date(request, record.happened_on)},
              {"valid_to", show_date(request, record.valid_to)},
              {"recorded", show_moment(request, record.recorded_at)},
              {"withdrawn", record.withdrawn_at ? show_moment(request, *record.withdrawn_at) : ""},
              {"withdrawn_reason", record.withdrawn_reason == "programme.corrected" ? say("programme.cause.corrected")
                                                                                    : record.withdrawn_reason},
              {"may_withdraw", !record.withdrawn_at && request.who.may("programme:write")},
              {"correct_url", plan_url(shown->plan.id, "/records/new?kind=" + record.kind + "&replaces=" + record.id)},
              {"action", plan_url(shown->plan.id, "/records/" + record.id + "/withdraw")},
              {"files", std::move(files)}};
    co_return page(services, request, "province/programme_record", std::move(view));
}

net::awaitable<http::Response> withdraw_record(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "programme:write"); !allowed)
        co_return page_problem(services, request, allowed.error());
    constexpr std::size_t reason_chars_max = 300;
    auto const reason = clean_text(request.form.get("reason"), reason_chars_max);
    if (!reason) co_return page_problem(services, request, reason.error());
    auto work = [actor = actor_of(services, request), id = std::string{request.param("plan")},
                 record = std::string{request.param("record")}, reason = *reason](db::Connection& c) -> Status {
        auto const plan = app::find_plan(c, id);
        if (!plan) return plan.error();
        return app::withdraw_evidence(c, actor, *plan, record, reason);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return page_problem(services, request, done.error());
    co_return redirect(plan_url(request.param("plan"), "/records/" + std::string{request.param("record")}) +
                       "?done=saved");
}

net::awaitable<http::Response> show_programme_file(Services& services, Request const& request)
{
    if (auto const allowed = check_whole_province(request.who, "report:read"); !allowed)
        co_return page_problem(services, request, allowed.error());
    auto work = [id = std::string{request.param("plan")},
                 sha256 = std::string{request.param("sha256")}](db::Connection& c) -> Result<db::blobs::File> {
        for (auto const& [record, files] : db::programme::files(c, id))
            if (std::ranges::find(files, sha256, &db::programme::File::sha256) != files.end())
                return db::blobs::find_any(c, sha256);
        return not_found("file.unknown");
    };
    auto file = co_await services.database.read(std::move(work));
    if (!file) co_return page_problem(services, request, file.error());
    auto const type = file->media_type;
    auto const name = std::string{request.param("sha256").substr(0, 12)} + "." + type.substr(type.find('/') + 1);
    co_return file_response(std::move(file->bytes), type, name, type.starts_with("image/"));
}

} // namespace nguon::server::pages::province
