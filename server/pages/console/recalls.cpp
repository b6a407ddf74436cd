#include "server/app/recall_cases.hpp"
#include "server/app/recall_forms.hpp"
#include "server/pages/console/desk.hpp"
#include "server/pages/trace_page.hpp"

/// What the province asks an enterprise in a recall or drill.
namespace nguon::server::pages::console {
namespace {

constexpr std::int64_t cases_shown = 100;
constexpr std::int64_t lots_shown = 500;
constexpr std::size_t unit_chars_max = 20;

struct Task {
    db::recalls::Line line = {};
    std::vector<db::recalls::Lot> lots = {};
};

Result<Task> read_task(db::Connection& c, OrganizationId const& org, std::string const& id)
{
    for (auto& line : db::recalls::of_organization(c, org, cases_shown)) {
        if (line.id != id) continue;
        Task task{std::move(line), {}};
        for (auto& lot : db::recalls::lots(c, id, {}, org, 0, lots_shown))
            if (lot.included) task.lots.push_back(std::move(lot));
        return task;
    }
    return not_found("recall.unknown");
}

std::string typed(std::optional<double> const& figure) { return app::figure_text("vi", figure); }

/// Each lot has its own form; the one that was sent wrongly shows what was typed.
json lot_view(Services& services, Request const& request, Task const& task, db::recalls::Lot const& lot,
              Error const* error)
{
    bool const sent = request.method == Method::post && request.form.get("lot") == lot.batch.text();
    auto const& figures = lot.figures;
    json values{{"made", typed(figures.made)},
                {"sold", typed(figures.sold)},
                {"in_stock", typed(figures.in_stock)},
                {"returned", typed(figures.returned)},
                {"destroyed", typed(figures.destroyed)},
                {"unit", app::unit_text(services.locale, request.language, lot.unit)},
                {"note", lot.note}};
    if (sent) values = request.form.to_json();
    FormView form{services, request, "recalls.figure", std::move(values), sent ? error : nullptr};
    for (auto const* name : {"made", "sold", "in_stock", "returned", "destroyed"})
        form.add({.name = name, .required = true, .seen_by = SeenBy::authority, .input_mode = "decimal"});
    form.add({.name = "unit", .chars_max = unit_chars_max});
    form.add({.name = "note", .seen_by = SeenBy::authority, .chars_max = limits::recall_reason_chars_max});
    json view{{"id", lot.batch.text()},
              {"lot", lot.lot},
              {"product", lot.product},
              {"url", "/console/batches/" + lot.batch.text()},
              {"open", task.line.state == "published"},
              {"said", lot.acknowledged_at ? show_moment(request, *lot.acknowledged_at) : std::string{}},
              {"difference", app::figure_text(request.language, figures.difference())},
              {"ended", lot.ended_at ? lot.ended_reason : std::string{}}};
    form.put_into(view);
    // Several forms stand on one page: a field's id names its lot.
    for (auto& field : view["fields"]) field["id"] = field["id"].get<std::string>() + "-" + lot.batch.text();
    return view;
}

net::awaitable<http::Response> task_page(Services& services, Request const& request, Error const* error)
{
    auto work = [org = request.who.org, id = std::string{request.param("recall")}](db::Connection& c) {
        return read_task(c, org, id);
    };
    auto const task = co_await services.database.read(std::move(work));
    if (!task) co_return page_problem(services, request, task.error());
    auto const& line = task->line;
    json lots = json::array();
    for (auto const& lot : task->lots) lots.push_back(lot_view(services, request, *task, lot, error));
    json view{{"title", text(services, request, line.is_drill() ? "recalls.drill_of" : "recalls.recall_of",
                             {line.number, line.title})},
              {"section", "recalls"},
              {"id_of_case", line.id}, // beside the lots' own ids
              {"is_drill", line.is_drill()},
              {"chip", chip(services, request, "recalls.state", line.state)},
              {"reason", line.reason},
              {"notice_text", line.notice},
              {"may_write", request.who.may("batch:write", request.who.org)},
              {"lots", std::move(lots)}};
    co_return console_page(services, request, "console/recall", std::move(view), error);
}

} // namespace

net::awaitable<http::Response> show_trace(Services& services, Request const& request)
{
    return trace_page(services, request, "console/trace");
}

net::awaitable<http::Response> show_recalls(Services& services, Request const& request)
{
    auto work = [org = request.who.org](db::Connection& c) -> Result<std::vector<db::recalls::Line>> {
        return db::recalls::of_organization(c, org, cases_shown);
    };
    auto const lines = co_await services.database.read(std::move(work));
    if (!lines) co_return page_problem(services, request, lines.error());
    json rows = json::array();
    for (auto const& line : *lines)
        rows.push_back({{"url", "/console/recalls/" + line.id},
                        {"number", line.number},
                        {"name", line.title},
                        {"reason", line.reason},
                        {"is_drill", line.is_drill()},
                        {"waits", line.state == "published" && line.acknowledged < line.lots},
                        {"lots", show_count(request, line.lots)},
                        {"acknowledged", show_count(request, line.acknowledged)},
                        {"chip", chip(services, request, "recalls.state", line.state)}});
    json view{{"title", text(services, request, "recalls.own_title")},
              {"section", "recalls"},
              {"has_rows", !rows.empty()},
              {"rows", std::move(rows)}};
    co_return page(services, request, "console/recalls", std::move(view));
}

net::awaitable<http::Response> show_recall(Services& services, Request const& request)
{
    co_return co_await task_page(services, request, nullptr);
}

net::awaitable<http::Response> acknowledge_recall(Services& services, Request const& request)
{
    auto const said = read_form_as(request.form, &app::read_acknowledgement);
    if (!said) co_return co_await task_page(services, request, &said.error());
    std::string const id{request.param("recall")};
    auto work = [actor = actor_of(services, request), id, said = *said,
                 batch = BatchId{std::string{request.form.get("lot")}}](db::Connection& c) -> Status {
        return app::acknowledge_recall(c, actor, id, batch, said);
    };
    auto const done = co_await services.database.write_unseen(std::move(work));
    if (!done && done.error().code == ErrorCode::not_found) co_return page_problem(services, request, done.error());
    if (!done) co_return co_await task_page(services, request, &done.error());
    co_return redirect("/console/recalls/" + id + "?done=recall_said");
}

} // namespace nguon::server::pages::console
