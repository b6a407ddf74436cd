#include "server/pages/report.hpp"

#include "core/gs1/printed_code.hpp"
#include "core/limits/cases.hpp"
#include "server/app/complaints.hpp"
#include "server/app/origin.hpp"
#include "server/auth/throttle.hpp"
#include "server/http/limit_hits.hpp"
#include "server/pages/console/desk.hpp"
#include "server/pages/origin_view.hpp"

namespace nguon::server::pages {
namespace {

using nlohmann::json;

http::Response report_page(Services& services, Request const& request, std::string const& subject, Error const* error)
{
    if (error != nullptr) count_limit(services, *error);
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
    form.add({.name = "text",
              .type = "textarea",
              .required = true,
              .seen_by = SeenBy::authority,
              .chars_max = limits::case_text_chars_max});
    form.add({.name = "photo", .type = "file", .seen_by = SeenBy::authority, .accept = console::picture_types});
    form.add({.name = "phone", .type = "tel", .seen_by = SeenBy::authority, .autocomplete = "tel", .chars_max = 20});
    form.put_into(view);
    return page(services, request, "report", std::move(view), error == nullptr ? 200 : status_of(*error));
}

/// One telephone company gives many people one address, so this is no small number of reports.
net::awaitable<Status> count_sender(Services& services, Request const& request)
{
    auto const allowed = co_await count_try(services, "report", request.peer.address);
    if (!allowed && allowed.error().key == "auth.too_many_tries")
        co_return Error{ErrorCode::rate_limited, "report.too_many_from_here", {}, {}, {}};
    co_return allowed;
}

Result<app::Report> read_typed(Request const& request)
{
    std::vector<FieldError> faults;
    auto const values = request.form.first();
    JsonReader reader{values, faults};
    auto typed = app::read_report(reader);
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return typed;
}

/// The steps that everybody may know, oldest first.
json steps_of(Services const& services, Request const& request, std::vector<db::complaints::Step> const& steps)
{
    json out = json::array();
    for (auto const& step : steps) {
        if (step.seen_by == "office") continue;
        out.push_back({{"text", text(services, request, "report.step." + step.step)},
                       {"time", format_time(request.language, step.at)}});
    }
    return out;
}

struct CasePage {
    db::complaints::Case entry = {};
    std::vector<db::complaints::Step> steps = {};
};

} // namespace

net::awaitable<http::Response> show_report(Services& services, Request const& request)
{
    std::string const subject{request.query_value("subject")};
    co_return report_page(services, request, subject, nullptr);
}

net::awaitable<http::Response> report(Services& services, Request const& request)
{
    std::string const subject{request.form.get("subject")};
    auto const allowed = co_await count_sender(services, request);
    if (!allowed) co_return report_page(services, request, subject, &allowed.error());
    auto typed = read_typed(request);
    if (!typed) co_return report_page(services, request, subject, &typed.error());
    auto const photos = co_await console::read_photos(services, request, "photo");
    if (!photos) co_return report_page(services, request, subject, &photos.error());
    for (auto const& photo : *photos) typed->photos.push_back(photo.jpeg.bytes);

    app::Actor const actor{"consumer", {}, request.id, services.clock.now()};
    auto work = [actor, typed = *typed](db::Connection& c) -> Result<std::string> {
        auto const about = app::find_subject_of_page(c, typed.subject, vietnam_date(actor.at));
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
    auto work = [code = *code](db::Connection& c) -> Result<CasePage> {
        auto entry = db::complaints::find(c, code);
        if (!entry) return entry.error();
        return CasePage{*std::move(entry), db::complaints::steps(c, code)};
    };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return any_problem(services, request, found.error());
    auto const& entry = found->entry;
    json view{{"title", text(services, request, "report.case_title")},
              {"noindex", true},
              {"fresh", !request.query_value("fresh").empty()},
              {"code", gs1::to_grouped_code(entry.code)},
              {"state", text(services, request, "report.status." + entry.status)},
              {"created", format_time(request.language, entry.created_at)},
              {"changed", format_time(request.language, entry.changed_at)},
              {"due", entry.is_open() ? format_deadline(services.locale, request.language, entry.settle_due_at)
                                      : std::string{}},
              {"outcome", entry.outcome.empty() ? "" : text(services, request, "report.outcome." + entry.outcome)},
              {"steps", steps_of(services, request, found->steps)},
              {"answer", entry.is_open() ? std::string{} : entry.answer}};
    co_return page(services, request, "report_case", std::move(view));
}

} // namespace nguon::server::pages
