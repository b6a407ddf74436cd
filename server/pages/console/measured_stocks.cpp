#include "server/app/label_printers.hpp"
#include "server/http/limit_hits.hpp"
#include "server/pages/console/label_view.hpp"

namespace nguon::server::pages::console {
namespace {

using db::label_printers::OwnStock;

constexpr auto* list_url = "/console/printers";

std::string stock_url(std::string_view id) { return "/console/stocks/" + std::string{id}; }

json values_of(OwnStock const& own)
{
    auto const grid = app::to_stock(own);
    return {{"name", own.name},
            {"columns", std::to_string(grid.columns)},
            {"rows", std::to_string(grid.rows)},
            {"label_width", typed_mm(grid.label_width)},
            {"label_height", typed_mm(grid.label_height)},
            {"margin_left", typed_mm(grid.margin_left)},
            {"margin_top", typed_mm(grid.margin_top)},
            {"pitch_x", typed_mm(grid.pitch_x)},
            {"pitch_y", typed_mm(grid.pitch_y)},
            {"page_width", typed_mm(grid.page_width)},
            {"page_height", typed_mm(grid.page_height)}};
}

/// The letters in the sentences are those of the drawing.
http::Response stock_page(Services& services, Request const& request, std::string_view id, bool roll, json values,
                          Error const* error)
{
    if (request.method == Method::post) values = request.form.to_json();
    bool const kept = id != "new";
    json view{{"title", kept ? text_at(values, "name")
                             : text(services, request, roll ? "console.stock.new_roll" : "console.stock.new_sheet")},
              {"section", "batches"},
              {"action", stock_url(id)},
              {"is_kept", kept},
              {"roll", roll}};
    FormView form{services, request, "console.stock", values, error};
    auto const length = [&](std::string_view name, bool required) {
        form.add({.name = name, .required = required, .input_mode = "decimal", .chars_max = 8});
    };
    auto const count = [&](std::string_view name) {
        form.add({.name = name, .required = true, .input_mode = "numeric", .chars_max = 2});
    };
    form.add({.name = "name", .required = true, .chars_max = 80});
    length("label_width", true);
    length("label_height", true);
    count("columns");
    if (!roll) count("rows");
    length("margin_left", !roll);
    length("pitch_x", false);
    length("pitch_y", roll);
    length("page_width", !roll);
    if (!roll) {
        length("page_height", true);
        length("margin_top", true);
    }
    form.put_into(view);
    return console_page(services, request, "console/stock", std::move(view), error);
}

/// A form says with "roll" which of the two it is.
bool says_roll(Request const& request) { return request.form.get("roll") == "1"; }

net::awaitable<Result<OwnStock>> load(Services& services, Request const& request)
{
    auto work = [org = request.who.org, id = std::string{request.param("id")}](db::Connection& c) {
        return db::label_printers::find_stock(c, org, id);
    };
    co_return co_await services.database.read(std::move(work));
}

} // namespace

net::awaitable<http::Response> new_stock(Services& services, Request const& request)
{
    bool const roll = request.query_value("roll") == "1";
    json values{{"columns", "1"}};
    if (!roll) values = {{"page_width", "210"}, {"page_height", "297"}};
    co_return stock_page(services, request, "new", roll, std::move(values), nullptr);
}

net::awaitable<http::Response> save_stock(Services& services, Request const& request)
{
    bool const roll = says_roll(request);
    auto const stock = read_form_as<app::StockInput>(request.form, &app::read_stock);
    if (!stock) co_return stock_page(services, request, "new", roll, {}, &stock.error());
    auto work = [actor = actor_of(services, request), stock = *stock](db::Connection& c) -> Result<std::string> {
        auto const id = app::add_stock(c, actor, stock);
        if (!id) return id.error();
        return std::string{list_url} + "?done=saved";
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    count_limit(services, saved.error());
    co_return stock_page(services, request, "new", roll, {}, &saved.error());
}

net::awaitable<http::Response> edit_stock(Services& services, Request const& request)
{
    auto const own = co_await load(services, request);
    if (!own) co_return page_problem(services, request, own.error());
    co_return stock_page(services, request, own->id, app::to_stock(*own).is_roll(), values_of(*own), nullptr);
}

net::awaitable<http::Response> change_stock(Services& services, Request const& request)
{
    auto const own = co_await load(services, request);
    if (!own) co_return page_problem(services, request, own.error());
    bool const removes = request.form.get("action") == "remove";
    auto const stock = removes ? Result<app::StockInput>{app::StockInput{}}
                               : read_form_as<app::StockInput>(request.form, &app::read_stock);
    if (!stock) co_return stock_page(services, request, own->id, says_roll(request), {}, &stock.error());
    auto work = [actor = actor_of(services, request), id = own->id, stock = *stock,
                 removes](db::Connection& c) -> Result<std::string> {
        auto const done = removes ? app::remove_stock(c, actor, id) : app::change_stock(c, actor, id, stock);
        if (!done) return done.error();
        return std::string{list_url} + (removes ? "?done=stock_removed" : "?done=saved");
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    co_return stock_page(services, request, own->id, says_roll(request), {}, &saved.error());
}

} // namespace nguon::server::pages::console
