#include "db/requests.hpp"

#include "core/bytes.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/limits/cases.hpp"
#include "core/office/archive_writer.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "db/batches.hpp"
#include "db/people.hpp"
#include "server/app/approvals.hpp"
#include "server/app/lot_file.hpp"
#include "server/app/personal_requests.hpp"
#include "server/pages/province/case_view.hpp"
#include "server/pages/province/list_page.hpp"

/// What the law lets people and authorities ask for, with its clocks.
namespace nguon::server::pages::province {
namespace {

constexpr std::array personal_columns{ListColumn{"report.case_code", "code"}, ListColumn{"personal.field.kind", "kind"},
                                      ListColumn{"report.received_at", "received"}, ListColumn{"report.state", "state"},
                                      ListColumn{"cases.due", "due.text"}};
constexpr std::array data_columns{
    ListColumn{"data_request.asked_by", "asked_by"}, ListColumn{"province.organizations.name", "organization"},
    ListColumn{"data_request.lot", "lot"},           ListColumn{"report.received_at", "received"},
    ListColumn{"data_request.made", "made"},         ListColumn{"cases.due", "due.text"}};

std::string code_of(Request const& request)
{
    return gs1::read_printed_code(request.param("personal_request")).value_or("");
}

struct PersonalPage {
    db::requests::PersonalRequest request = {};
    std::string text = {};
    db::people::Detail who = {};
    std::vector<db::requests::FoundPerson> found = {};
};

/// A person's data may lie anywhere, so these requests are for views without limits.
bool sees_personal(Principal const& who) { return who.may("person:read", OrganizationId{}); }

Result<PersonalPage> read_personal(db::Connection& c, app::Actor const& actor, Principal const& who,
                                   std::string const& code)
{
    if (!sees_personal(who)) return not_found("personal_request.unknown");
    auto request = db::requests::find_personal(c, code);
    if (!request) return request.error();
    PersonalPage out;
    out.text = db::requests::personal_text(c, code);
    if (auto const asker = db::people::find(c, request->person)) out.who = *asker;
    for (auto& person : db::requests::find_people(c, out.who.phone, out.who.name))
        if (person.person != request->person) out.found.push_back(std::move(person));
    out.request = *std::move(request);
    app::note_read(c, actor, {}, "personal_request", code);
    return out;
}

net::awaitable<http::Response> personal_page(Services& services, Request const& request, Error const* error)
{
    auto work = [actor = actor_of(services, request), who = request.who, code = code_of(request)](db::Connection& c) {
        return read_personal(c, actor, who, code);
    };
    auto const shown = co_await services.database.write(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const& found = shown->request;
    json view{{"title", text(services, request, "personal.desk.one", {gs1::to_grouped_code(found.code)})},
              {"section", "personal_requests"},
              {"code", found.code},
              {"kind", text(services, request, "personal.kind." + found.kind)},
              {"state", text(services, request, "personal.status." + found.status)},
              {"name", shown->who.name},
              {"phone", shown->who.phone},
              {"text", shown->text},
              {"received", show_moment(request, found.created_at)},
              {"due_at", format_deadline(services.locale, request.language, found.due_at)},
              {"answer", found.answer},
              {"answered", found.answered_at ? show_moment(request, *found.answered_at) : std::string{}},
              {"may_answer", !found.answered_at && request.who.may("approval:write")},
              {"people", json::array()}};
    if (!found.answered_at) view["due"] = due_chip(services, request, found.due_at, services.clock.now());
    Options people{{"", text(services, request, "personal.nobody")}};
    for (auto const& person : shown->found) {
        auto const kind = text(services, request, "personal.person." + person.kind);
        view["people"].push_back(
            {{"name", person.name}, {"phone", person.phone}, {"kind", kind}, {"organization", person.org_name}});
        people.emplace_back(person.person.text(), person.name + " · " + kind + " · " + person.org_name);
    }
    Options const outcomes{{"answered", text(services, request, "personal.status.answered")},
                           {"declined", text(services, request, "personal.status.declined")}};
    FormView form{services, request, "personal.desk.field", request.form.to_json(), error};
    form.add({.name = "outcome", .type = "select", .required = true, .options = outcomes});
    form.add({.name = "subject", .type = "select", .options = std::move(people)});
    form.add({.name = "answer", .type = "textarea", .required = true, .chars_max = limits::case_text_chars_max});
    form.put_into(view);
    co_return page(services, request, "province/personal_request", std::move(view),
                   error == nullptr ? 200 : status_of(*error));
}

json data_line(Services const& services, Request const& request, db::requests::DataRequest const& line)
{
    json out{{"file_url", "/province/data-requests/" + line.id + "/file"},
             {"asked_by", line.asked_by},
             {"organization", line.org_name},
             {"lot", line.lot},
             {"received", show_moment(request, line.received_at)},
             {"made", line.made_at ? show_moment(request, *line.made_at) : std::string{}},
             {"sha256", line.file_sha256}};
    if (!line.made_at) out["due"] = due_chip(services, request, line.due_at, services.clock.now());
    return out;
}

/// The lot, if `who` may look at its firm. Errors: "batch.unknown".
Result<db::batches::Head> batch_within(db::Connection& c, Principal const& who, BatchId const& id)
{
    auto batch = db::batches::find_any(c, id);
    if (!batch) return batch;
    if (!app::organization_within(c, who, "inspection:read", batch->org)) return not_found("batch.unknown");
    return batch;
}

net::awaitable<http::Response> data_page(Services& services, Request const& request, Error const* error)
{
    auto const window = list_window(request);
    struct Page {
        std::vector<db::requests::DataRequest> lines = {};
        std::string lot = {};
    };
    BatchId const wanted{
        std::string{request.method == Method::post ? request.form.get("batch") : request.query_value("batch")}};
    auto work = [who = request.who, window, wanted](db::Connection& c) -> Result<Page> {
        Page out;
        for (auto& line : db::requests::data(c, window.first, window.count))
            if (app::organization_within(c, who, "inspection:read", line.org)) out.lines.push_back(std::move(line));
        if (auto const batch = batch_within(c, who, wanted)) out.lot = batch->product_name + " · " + batch->lot;
        return out;
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    json rows = json::array();
    for (auto const& line : shown->lines) rows.push_back(data_line(services, request, line));
    json view{{"title", text(services, request, "data_request.title")},
              {"section", "data_requests"},
              {"lot", shown->lot},
              {"may_open", !shown->lot.empty() && request.who.may("complaint:write")}};
    auto values = request.form.to_json();
    values["batch"] = wanted.text();
    FormView form{services, request, "data_request.field", std::move(values), error};
    form.add({.name = "batch", .type = "hidden"});
    form.add({.name = "asked_by", .required = true, .chars_max = 300});
    form.put_into(view);
    auto response =
        co_await list_page(services, request, "province/data_requests", std::move(view), std::move(rows), data_columns);
    if (error != nullptr) response.status = status_of(*error);
    co_return response;
}

} // namespace

net::awaitable<http::Response> show_personal_requests(Services& services, Request const& request)
{
    auto const window = list_window(request);
    auto work = [window, who = request.who](db::Connection& c) -> Result<std::vector<db::requests::PersonalRequest>> {
        if (!sees_personal(who)) return std::vector<db::requests::PersonalRequest>{};
        return db::requests::personal(c, window.first, window.count);
    };
    auto const lines = co_await services.database.read(std::move(work));
    if (!lines) co_return page_problem(services, request, lines.error());
    json rows = json::array();
    for (auto const& line : *lines) {
        rows.push_back({{"url", "/province/personal-requests/" + line.code},
                        {"code", gs1::to_grouped_code(line.code)},
                        {"kind", text(services, request, "personal.kind." + line.kind)},
                        {"received", show_moment(request, line.created_at)},
                        {"state", text(services, request, "personal.status." + line.status)}});
        if (!line.answered_at) rows.back()["due"] = due_chip(services, request, line.due_at, services.clock.now());
    }
    json view{{"title", text(services, request, "personal.desk")}, {"section", "personal_requests"}};
    co_return co_await list_page(services, request, "province/personal_requests", std::move(view), std::move(rows),
                                 personal_columns);
}

net::awaitable<http::Response> show_desk_personal_request(Services& services, Request const& request)
{
    co_return co_await personal_page(services, request, nullptr);
}

net::awaitable<http::Response> answer_personal_request(Services& services, Request const& request)
{
    auto const answer = read_text(request, "answer", limits::case_text_chars_max);
    if (!answer) co_return co_await personal_page(services, request, &answer.error());
    auto work = [actor = actor_of(services, request), who = request.who, code = code_of(request), answer = *answer,
                 granted = request.form.get("outcome") == "answered",
                 subject = PersonId{std::string{request.form.get("subject")}}](db::Connection& c) -> Status {
        if (!sees_personal(who)) return not_found("personal_request.unknown");
        return app::answer_personal_request(c, actor, code, granted, answer, subject);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await personal_page(services, request, &done.error());
    co_return redirect("/province/personal-requests/" + code_of(request) + "?done=saved");
}

net::awaitable<http::Response> show_data_requests(Services& services, Request const& request)
{
    co_return co_await data_page(services, request, nullptr);
}

net::awaitable<http::Response> open_data_request(Services& services, Request const& request)
{
    auto const asked_by = read_text(request, "asked_by", limits::case_text_chars_max);
    if (!asked_by) co_return co_await data_page(services, request, &asked_by.error());
    auto work = [actor = actor_of(services, request), who = request.who, asked_by = *asked_by,
                 batch = BatchId{std::string{request.form.get("batch")}}](db::Connection& c) -> Result<std::string> {
        if (auto const found = batch_within(c, who, batch); !found) return found.error();
        return app::open_data_request(c, actor, batch, asked_by);
    };
    auto const id = co_await services.database.write(std::move(work));
    if (!id) co_return co_await data_page(services, request, &id.error());
    co_return redirect("/province/data-requests?done=data_request_opened");
}

net::awaitable<http::Response> download_lot_file(Services& services, Request const& request)
{
    struct Made {
        std::string lot = {};
        app::LotFile parts = {};
    };
    auto const id = std::string{request.param("data_request")};
    auto const actor = actor_of(services, request);
    auto work = [&services, actor, who = request.who, id](db::Connection& c) -> Result<Made> {
        auto const asked = db::requests::find_data(c, id);
        if (!asked) return asked.error();
        auto const batch = batch_within(c, who, asked->batch);
        if (!batch) return not_found("data_request.unknown");
        auto parts = app::lot_file(c, services.locale, actor, asked->batch);
        if (!parts) return parts.error();
        return Made{batch->lot, *std::move(parts)};
    };
    auto made = co_await services.database.write(std::move(work));
    if (!made) co_return page_problem(services, request, made.error());
    auto pack = [parts = std::move(made->parts)] { return Result<std::string>{office::write_archive(parts)}; };
    auto archive = co_await services.cpu_pool.run(std::move(pack));
    if (!archive) co_return page_problem(services, request, archive.error());
    auto note = [actor, id, digest = sha256_hex(*archive),
                 size = static_cast<std::int64_t>(archive->size())](db::Connection& c) -> Status {
        db::requests::note_made(c, id, actor.subject, digest, size, actor.at);
        return Done{};
    };
    auto const noted = co_await services.database.write(std::move(note));
    if (!noted) co_return page_problem(services, request, noted.error());
    co_return file_response(*std::move(archive), "application/zip", "ho-so-lo-" + made->lot + ".zip");
}

} // namespace nguon::server::pages::province
