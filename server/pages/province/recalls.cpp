#include "core/json.hpp"
#include "server/app/recall_cases.hpp"
#include "server/http/limit_hits.hpp"
#include "server/pages/province/desk.hpp"
#include "server/pages/trace_page.hpp"

namespace nguon::server::pages::province {
namespace {

constexpr std::size_t subject_chars_max = 300;

json state_chip(Services const& services, Request const& request, db::recalls::Case const& entry)
{
    return chip(services, request, "recalls.state", entry.state);
}

json line_view(Services const& services, Request const& request, db::recalls::Line const& line)
{
    return {{"url", "/province/recalls/" + line.id},
            {"number", line.number},
            {"name", line.title},
            {"reason", line.reason},
            {"is_drill", line.is_drill()},
            {"created", show_moment(request, line.created_at)},
            {"lots", show_count(request, line.lots)},
            {"acknowledged", show_count(request, line.acknowledged)},
            {"has_score", line.automatic},
            {"score", std::to_string(line.score)},
            {"chip", state_chip(services, request, line)}};
}

http::Response recall_form(Services& services, Request const& request, Error const* error)
{
    if (error != nullptr) count_limit(services, *error);
    auto const say = words(services, request);
    json values{{"kind", "real"},
                {"scope", std::string{request.query_value("scope")}},
                {"subject", std::string{request.query_value("subject")}},
                {"notice", say("recalls.notice_default")}};
    if (request.query_value("kind") == "drill") values["kind"] = "drill";
    if (request.method == Method::post) values = request.form.to_json();
    FormView form{services, request, "recalls.field", std::move(values), error};
    form.add({.name = "kind",
              .type = "select",
              .required = true,
              .options = console::options_of(services, request, "recalls.kind", std::array{"real", "drill"})});
    form.add({.name = "scope",
              .type = "select",
              .required = true,
              .options = console::options_of(services, request, "recalls.scope", app::recall_scopes)});
    form.add({.name = "subject", .required = true, .chars_max = subject_chars_max});
    form.add({.name = "from", .type = "date"});
    form.add({.name = "to", .type = "date"});
    form.add({.name = "reason",
              .required = true,
              .seen_by = SeenBy::everyone,
              .chars_max = limits::recall_reason_chars_max});
    form.add({.name = "notice",
              .type = "textarea",
              .required = true,
              .seen_by = SeenBy::everyone,
              .chars_max = limits::recall_text_chars_max});
    json view{{"title", say("recalls.new")}, {"section", "recalls"}};
    form.put_into(view);
    return page(services, request, "province/recall_new", std::move(view), error == nullptr ? 200 : status_of(*error));
}

} // namespace

net::awaitable<http::Response> show_trace(Services& services, Request const& request)
{
    return trace_page(services, request, "province/trace");
}

net::awaitable<http::Response> show_recalls(Services& services, Request const& request)
{
    std::string const kind{request.query_value("kind")};
    auto const first = (page_number(request) - 1) * page_rows;
    auto work = [areas = request.who.areas("trace:read"), kind,
                 first](db::Connection& c) -> Result<std::vector<db::recalls::Line>> {
        return db::recalls::list(c, areas, kind, "", first, page_rows + 1);
    };
    auto const lines = co_await services.database.read(std::move(work));
    if (!lines) co_return page_problem(services, request, lines.error());
    json rows = json::array();
    for (auto const& line : *lines) rows.push_back(line_view(services, request, line));
    json view{{"title", text(services, request, "recalls.title")},
              {"section", "recalls"},
              {"may_recall", app::may_recall(request.who).ok()},
              {"tabs", filter_tabs(services, request, "kind", "recalls.tab", {"", "real", "drill"})}};
    add_pages(view, request, rows);
    view["rows"] = std::move(rows);
    co_return page(services, request, "province/recalls", std::move(view));
}

net::awaitable<http::Response> new_recall(Services& services, Request const& request)
{
    if (auto const may = app::may_recall(request.who); !may) co_return page_problem(services, request, may.error());
    co_return recall_form(services, request, nullptr);
}

net::awaitable<http::Response> open_recall(Services& services, Request const& request)
{
    if (auto const may = app::may_recall(request.who); !may) co_return page_problem(services, request, may.error());
    auto const wish = console::read_form_as(request.form, &app::read_recall_wish);
    if (!wish) co_return recall_form(services, request, &wish.error());
    auto look = [scope = wish->scope](db::Connection& c) { return app::trace_recall(c, scope); };
    auto const tracing = co_await services.database.read(std::move(look));
    if (!tracing) co_return recall_form(services, request, &tracing.error());
    auto work = [actor = actor_of(services, request), texts = wish->texts, tracing = *tracing](db::Connection& c) {
        return app::open_recall(c, actor, texts, tracing);
    };
    auto const id = co_await services.database.write(std::move(work));
    if (!id) co_return recall_form(services, request, &id.error());
    co_return redirect("/province/recalls/" + *id + "?done=recall_opened");
}

} // namespace nguon::server::pages::province
