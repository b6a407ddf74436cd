#include "server/app/sanctions.hpp"
#include "core/http/uri.hpp"
#include "core/limits/cases.hpp"
#include "server/pages/province/case_view.hpp"

/// What the authority took from display, and the firm's explanation.
namespace nguon::server::pages::console {
namespace {

net::awaitable<http::Response> sanction_page(Services& services, Request const& request, Error const* error)
{
    auto work = [org = request.who.org, id = std::string{request.param("sanction")}](db::Connection& c) {
        return db::sanctions::find(c, org, id);
    };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return page_problem(services, request, found.error());
    json view{{"title", text(services, request, "sanction.kind." + found->kind) + ": " + found->subject_name},
              {"section", "complaints"},
              {"id", found->id},
              {"reason", found->reason},
              {"imposed", show_moment(request, found->imposed_at)},
              {"explanation", found->explanation},
              {"explained", found->explained_at ? show_moment(request, *found->explained_at) : std::string{}},
              {"lifted", found->lifted_at ? show_moment(request, *found->lifted_at) : std::string{}},
              {"lift_reason", found->lift_reason},
              {"may_explain", !found->lifted_at},
              {"next", text(services, request, "sanction.next." + found->kind)}};
    if (!found->lifted_at && !found->explained_at)
        view["due"] = province::due_chip(services, request, found->explain_due_at, services.clock.now());
    auto values = request.form.to_json();
    if (request.method != Method::post) values["text"] = found->explanation;
    FormView form{services, request, "cases.explain", std::move(values), error};
    form.add({.name = "text",
              .type = "textarea",
              .required = true,
              .seen_by = SeenBy::authority,
              .chars_max = limits::case_text_chars_max});
    form.put_into(view);
    co_return console_page(services, request, "console/sanction", std::move(view), error);
}

} // namespace

net::awaitable<http::Response> show_sanction(Services& services, Request const& request)
{
    co_return co_await sanction_page(services, request, nullptr);
}

net::awaitable<http::Response> explain_sanction(Services& services, Request const& request)
{
    auto const typed = province::read_text(request, "text", limits::case_text_chars_max);
    if (!typed) co_return co_await sanction_page(services, request, &typed.error());
    auto work = [actor = actor_of(services, request), id = std::string{request.param("sanction")},
                 typed = *typed](db::Connection& c) { return app::explain_sanction(c, actor, id, typed); };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await sanction_page(services, request, &done.error());
    co_return redirect("/console/sanctions/" + http::percent_encode(request.param("sanction")) + "?done=explained");
}

} // namespace nguon::server::pages::console
