#include "server/pages/check.hpp"

#include "core/gs1/digital_link.hpp"
#include "core/gs1/printed_code.hpp"
#include "db/database.hpp"
#include "scanner/decode.hpp"
#include "scanner/picture_workers.hpp"
#include "server/app/complaints.hpp"
#include "server/app/look_up.hpp"
#include "server/app/origin.hpp"
#include "server/auth/throttle.hpp"
#include "server/http/finish.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/static_files.hpp"
#include "server/http/url.hpp"
#include "server/pages/origin_view.hpp"
#include "server/services.hpp"
#include "server/web/form_view.hpp"
#include "server/web/locale.hpp"
#include "server/web/page.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace nguon::server::pages {
namespace {

using nlohmann::json;

constexpr std::size_t code_chars_max = 400;

std::string keep_language(Request const& request, std::string path)
{
    auto const language = request.query_value("lang");
    if (language.empty()) return path;
    return path + (path.find('?') == std::string::npos ? "?lang=" : "&lang=") + std::string{language};
}

http::Response check_page(Services& services, Request const& request, Error const* error, json choices = json::array())
{
    json view{{"title", text(services, request, "check.title")},
              {"description", text(services, request, "check.lead")},
              {"choices", choices},
              {"script_url", services.static_files.url("scan.js")},
              {"reader_url", services.static_files.url("zxing_reader.js")},
              {"wasm_url", services.static_files.url("zxing_reader.wasm")},
              {"has_choices", !choices.empty()}};
    FormView form{services, request, "check.field", request.form.to_json(), error};
    form.add({.name = "code", .required = true, .autocomplete = "off", .chars_max = code_chars_max});
    form.add({.name = "photo", .type = "file", .required = true, .accept = "image/*"});
    form.put_into(view);
    auto response = page(services, request, "check", std::move(view), error == nullptr ? 200 : status_of(*error));
    response.header("Content-Security-Policy", scan_policy(services.static_files.public_css_hash()));
    return response;
}

Error at_field(Error error, std::string_view field)
{
    error.fields = {{"/" + std::string{field}, error.key, error.values}};
    return error;
}

net::awaitable<http::Response> check_photo(Services& services, Request const& request, std::string bytes)
{
    if (services.pictures == nullptr) {
        auto const error = unavailable("worker.unavailable");
        co_return check_page(services, request, &error);
    }
    auto const codes = co_await services.pictures->decode(std::move(bytes));
    if (!codes) {
        auto const error = at_field(codes.error(), "photo");
        co_return check_page(services, request, &error);
    }
    json choices = json::array();
    Error last = invalid("picture.no_code");
    for (auto const& code : *codes) {
        auto const path = app::path_of_code(code.identifier + code.text);
        if (!path) {
            last = path.error();
            continue;
        }
        json choice{{"url", keep_language(request, *path)}, {"text", code.text}};
        // A sheet of labels shows the same code many times.
        if (std::find(choices.begin(), choices.end(), choice) == choices.end()) choices.push_back(std::move(choice));
    }
    if (choices.size() == 1) co_return redirect(choices.front()["url"].get<std::string>());
    if (choices.empty()) {
        auto const error = at_field(std::move(last), "photo");
        co_return check_page(services, request, &error);
    }
    co_return check_page(services, request, nullptr, std::move(choices));
}

http::Response report_page(Services& services, Request const& request, std::string const& subject, Error const* error)
{
    json view{{"title", text(services, request, "report.title")},
              {"subject", words_of_address(services, request, subject)},
              {"noindex", true}};
    auto values = request.form.to_json();
    values["subject"] = subject;
    FormView form{services, request, "report.field", std::move(values), error};
    std::vector<std::pair<std::string, std::string>> topics;
    for (auto const topic : app::complaint_topics)
        topics.emplace_back(topic, text(services, request, "report.topic." + std::string{topic}));
    form.add({.name = "subject", .type = "hidden"});
    form.add({.name = "topic", .type = "select", .required = true, .options = std::move(topics)});
    form.add({.name = "text", .type = "textarea", .required = true, .seen_by = SeenBy::authority, .chars_max = 2000});
    form.add({.name = "phone", .type = "tel", .seen_by = SeenBy::authority, .autocomplete = "tel", .chars_max = 20});
    form.put_into(view);
    return page(services, request, "report", std::move(view), error == nullptr ? 200 : status_of(*error));
}

/// What the reported path names, so that the case stands with its firm.
app::Subject subject_of(db::Connection& c, std::string const& path, Date today)
{
    constexpr std::string_view short_path = "/t/";
    if (path.starts_with(short_path)) {
        auto const code = gs1::read_printed_code(path.substr(short_path.size()));
        return code ? app::find_subject(c, *code, today) : app::Subject{};
    }
    auto const reading = gs1::read_digital_link_path(path);
    return reading.valid() ? app::find_subject(c, reading.link.elements, today) : app::Subject{};
}

} // namespace

net::awaitable<http::Response> show_check(Services& services, Request const& request)
{
    auto const code = request.query_value("code");
    if (code.empty()) co_return check_page(services, request, nullptr);
    auto const path = app::path_of_code(code);
    if (path) co_return redirect(keep_language(request, *path));
    auto const error = at_field(path.error(), "code");
    co_return check_page(services, request, &error);
}

net::awaitable<http::Response> check(Services& services, Request const& request)
{
    if (auto const* photo = request.form.file("photo"); photo != nullptr && !photo->bytes.empty())
        co_return co_await check_photo(services, request, photo->bytes);
    auto const code = request.form.get("code");
    auto const path = code.empty() ? Result<std::string>{invalid("code.empty")} : app::path_of_code(code);
    if (path) co_return redirect(keep_language(request, *path));
    auto const error = at_field(path.error(), request.form.has("photo") ? "photo" : "code");
    co_return check_page(services, request, &error);
}

net::awaitable<http::Response> show_report(Services& services, Request const& request)
{
    std::string const subject{request.query_value("subject")};
    co_return report_page(services, request, subject, nullptr);
}

net::awaitable<http::Response> report(Services& services, Request const& request)
{
    std::string const subject{request.form.get("subject")};
    auto const allowed = co_await count_try(services, "report", request.peer.address);
    if (!allowed) co_return report_page(services, request, subject, &allowed.error());
    std::vector<FieldError> faults;
    auto const values = request.form.first();
    JsonReader reader{values, faults};
    auto const typed = app::read_report(reader);
    if (!faults.empty()) {
        auto const error = invalid_fields(std::move(faults));
        co_return report_page(services, request, subject, &error);
    }
    app::Actor const actor{"consumer", {}, request.id, services.clock.now()};
    auto work = [actor, typed](db::Connection& c) -> Result<std::string> {
        auto const about = subject_of(c, typed.subject, vietnam_date(actor.at));
        return app::report_wrong_data(c, actor, typed, about.product ? about.product->org : OrganizationId{},
                                      about.product ? about.product->id : ProductId{},
                                      about.batch ? about.batch->id : BatchId{});
    };
    auto const code = co_await services.database.write(std::move(work));
    if (!code) co_return report_page(services, request, subject, &code.error());
    co_return redirect(make_url("/case/" + *code, {{"fresh", "1"}, {"lang", request.query_value("lang")}}));
}

net::awaitable<http::Response> show_case(Services& services, Request const& request)
{
    auto const code = gs1::read_printed_code(request.param("code"));
    if (!code) co_return any_problem(services, request, code.error());
    auto work = [code = *code](db::Connection& c) { return db::complaints::find(c, code); };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return any_problem(services, request, found.error());
    json view{{"title", text(services, request, "report.case_title")},
              {"noindex", true},
              {"fresh", !request.query_value("fresh").empty()},
              {"code", gs1::to_grouped_code(found->code)},
              {"state", text(services, request, "report.status." + found->status)},
              {"created", format_time(request.language, found->created_at)},
              {"changed", format_time(request.language, found->changed_at)},
              {"answer", found->answer}};
    co_return page(services, request, "report_case", std::move(view));
}

} // namespace nguon::server::pages
