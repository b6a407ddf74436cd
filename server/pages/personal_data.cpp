#include "server/pages/personal_data.hpp"

#include "core/gs1/printed_code.hpp"
#include "core/limits/cases.hpp"
#include "server/app/personal_requests.hpp"
#include "server/auth/throttle.hpp"
#include "server/http/limit_hits.hpp"
#include "server/pages/console/desk.hpp"

namespace nguon::server::pages {
namespace {

using nlohmann::json;

http::Response form_page_of(Services& services, Request const& request, Error const* error)
{
    if (error != nullptr) count_limit(services, *error);
    json view{{"title", text(services, request, "personal.title")}};
    FormView form{services, request, "personal.field", request.form.to_json(), error};
    form.add({.name = "kind",
              .type = "select",
              .required = true,
              .options = console::options_of(services, request, "personal.kind", app::personal_request_kinds)});
    form.add(
        {.name = "name", .required = true, .seen_by = SeenBy::authority, .autocomplete = "name", .chars_max = 100});
    form.add({.name = "phone",
              .type = "tel",
              .required = true,
              .seen_by = SeenBy::authority,
              .autocomplete = "tel",
              .chars_max = 20});
    form.add({.name = "text",
              .type = "textarea",
              .required = true,
              .seen_by = SeenBy::authority,
              .chars_max = limits::case_text_chars_max});
    form.put_into(view);
    return page(services, request, "personal_data", std::move(view), error == nullptr ? 200 : status_of(*error));
}

net::awaitable<Status> count_sender(Services& services, Request const& request)
{
    auto const allowed = co_await count_try(services, "personal-data", request.peer.address);
    if (!allowed && allowed.error().key == "auth.too_many_tries")
        co_return Error{ErrorCode::rate_limited, "report.too_many_from_here", {}, {}, {}};
    co_return allowed;
}

} // namespace

net::awaitable<http::Response> show_personal_form(Services& services, Request const& request)
{
    co_return form_page_of(services, request, nullptr);
}

net::awaitable<http::Response> ask_about_personal_data(Services& services, Request const& request)
{
    auto const allowed = co_await count_sender(services, request);
    if (!allowed) co_return form_page_of(services, request, &allowed.error());
    auto const wanted = console::read_form_as(request.form, &app::read_personal_request);
    if (!wanted) co_return form_page_of(services, request, &wanted.error());
    app::Actor const actor{"consumer", {}, request.id, services.clock.now()};
    auto work = [actor, wanted = *wanted](db::Connection& c) { return app::ask_about_personal_data(c, actor, wanted); };
    auto const code = co_await services.database.write(std::move(work));
    if (!code) co_return form_page_of(services, request, &code.error());
    co_return redirect(make_url("/personal-data/" + *code, {{"fresh", "1"}, {"lang", request.query_value("lang")}}));
}

net::awaitable<http::Response> show_personal_request(Services& services, Request const& request)
{
    auto const code = gs1::read_printed_code(request.param("personal_request"));
    if (!code) co_return any_problem(services, request, code.error());
    auto work = [code = *code](db::Connection& c) { return db::requests::find_personal(c, code); };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return any_problem(services, request, found.error());
    json view{
        {"title", text(services, request, "personal.one")},
        {"noindex", true},
        {"fresh", !request.query_value("fresh").empty()},
        {"code", gs1::to_grouped_code(found->code)},
        {"kind", text(services, request, "personal.kind." + found->kind)},
        {"state", text(services, request, "personal.status." + found->status)},
        {"created", format_time(request.language, found->created_at)},
        {"due", found->answered_at ? std::string{} : format_deadline(services.locale, request.language, found->due_at)},
        {"answer", found->answer}};
    co_return page(services, request, "personal_request", std::move(view));
}

} // namespace nguon::server::pages
