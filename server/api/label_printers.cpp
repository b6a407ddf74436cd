#include "server/app/label_printers.hpp"
#include "server/api/records.hpp"
#include "server/app/label_designs.hpp"

namespace nguon::server::api {
namespace {

using db::label_printers::OwnStock;
using db::label_printers::Printer;

constexpr double percent = 100;

json to_record(Printer const& printer)
{
    json fields{{"name", printer.name},
                {"format", printer.language.empty() ? "pdf" : printer.language},
                {"dpi", printer.dpi},
                {"offset_x", number_text(printer.offset_x)},
                {"offset_y", number_text(printer.offset_y)},
                {"scale_x_percent", number_text(printer.scale_x * percent)},
                {"scale_y_percent", number_text(printer.scale_y * percent)}};
    if (printer.darkness) fields["darkness"] = *printer.darkness;
    if (printer.speed) fields["speed"] = *printer.speed;
    return {{"id", printer.id},
            {"version", printer.version},
            {"created_at", to_iso(OffsetTime{printer.created_at, vietnam_offset})},
            {"fields", std::move(fields)}};
}

json to_record(OwnStock const& stock)
{
    auto const grid = app::to_stock(stock);
    json fields{{"name", stock.name},
                {"roll", grid.is_roll()},
                {"columns", grid.columns},
                {"label_width", number_text(grid.label_width)},
                {"label_height", number_text(grid.label_height)},
                {"margin_left", number_text(grid.margin_left)},
                {"pitch_x", number_text(grid.pitch_x)},
                {"pitch_y", number_text(grid.pitch_y)},
                {"page_width", number_text(grid.page_width)}};
    if (!grid.is_roll()) {
        fields["rows"] = grid.rows;
        fields["margin_top"] = number_text(grid.margin_top);
        fields["page_height"] = number_text(grid.page_height);
    }
    return {{"id", stock.id},
            {"version", stock.version},
            {"created_at", to_iso(OffsetTime{stock.created_at, vietnam_offset})},
            {"fields", std::move(fields)}};
}

json to_record(db::label_designs::Design const& design)
{
    auto fields = json::parse(design.design); // of our own making
    fields["name"] = design.name;
    return {{"id", design.id},
            {"version", design.version},
            {"created_at", to_iso(OffsetTime{design.created_at, vietnam_offset})},
            {"fields", without_blanks(std::move(fields))}};
}

Result<json> printer_record(db::Connection& c, OrganizationId const& org, std::string const& id)
{
    auto const printer = db::label_printers::find(c, org, id);
    if (!printer) return printer.error();
    return to_record(*printer);
}

Result<json> stock_record(db::Connection& c, OrganizationId const& org, std::string const& id)
{
    auto const stock = db::label_printers::find_stock(c, org, id);
    if (!stock) return stock.error();
    return to_record(*stock);
}

Result<json> design_record(db::Connection& c, OrganizationId const& org, std::string const& id)
{
    auto const design = db::label_designs::find(c, org, id);
    if (!design) return design.error();
    return to_record(*design);
}

using Record = Result<json> (*)(db::Connection& c, OrganizationId const& org, std::string const& id);

std::string printer_of(Request const& request) { return std::string{request.param("printer")}; }
std::string stock_of(Request const& request) { return std::string{request.param("stock")}; }
std::string design_of(Request const& request) { return std::string{request.param("design")}; }

net::awaitable<http::Response> show_one(Services& services, Request const& request, std::string id, Record record)
{
    auto work = [org = request.who.org, id = std::move(id), record](db::Connection& c) { return record(c, org, id); };
    co_return co_await show(services, request, std::move(work));
}

/// A new thing: `add` (Connection&, Actor const&, Input const& -> Result<std::string>) gives its id.
template <typename Input, typename Add>
net::awaitable<http::Response> add_one(Services& services, Request const& request, Input input, std::string url,
                                       Record record, Add add)
{
    auto work = [input = std::move(input), url = std::move(url), record, add,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const id = add(c, actor, input);
        if (!id) return id.error();
        auto shown = record(c, actor.org, *id);
        if (!shown) return shown.error();
        return Created{url + *id, *std::move(shown)};
    };
    co_return co_await create(services, request, std::move(work));
}

template <typename Input, typename Change>
net::awaitable<http::Response> change_one(Services& services, Request const& request, std::string id, Input input,
                                          Record record, Change change)
{
    auto const version = read_if_match(request);
    if (!version) co_return problem(services, request, version.error());
    auto work = [id = std::move(id), input = std::move(input), version = *version, record, change,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<json> {
        auto const before = record(c, actor.org, id);
        if (!before) return before.error();
        auto const latest = before->at("version").get<std::int64_t>();
        if (auto same = check_version(latest, version); !same) return same.error();
        if (auto changed = change(c, actor, id, input); !changed) return changed.error();
        return record(c, actor.org, id);
    };
    co_return co_await replace(services, request, std::move(work));
}

using Remove = Status (*)(db::Connection& c, app::Actor const& actor, std::string const& id);

net::awaitable<http::Response> remove_one(Services& services, Request const& request, std::string id, Remove remove)
{
    auto work = [id = std::move(id), remove,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        if (auto removed = remove(c, actor, id); !removed) return removed.error();
        return Created{{}, {}, 204};
    };
    co_return co_await create(services, request, std::move(work));
}

} // namespace

/// GET /api/v1/label-printers
net::awaitable<http::Response> list_printers(Services& services, Request const& request)
{
    auto rows = [org = request.who.org](db::Connection& c, Paging const& paging) -> Rows {
        return rows_of(slice(db::label_printers::list(c, org), paging),
                       [](Printer const& one) { return to_record(one); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// POST /api/v1/label-printers
net::awaitable<http::Response> create_printer(Services& services, Request const& request)
{
    auto const input = read_body(request, &app::read_printer);
    if (!input) co_return problem(services, request, input.error());
    co_return co_await add_one(services, request, *input, "/api/v1/label-printers/", &printer_record,
                               &app::add_printer);
}

/// GET /api/v1/label-printers/{printer}
net::awaitable<http::Response> show_printer(Services& services, Request const& request)
{
    co_return co_await show_one(services, request, printer_of(request), &printer_record);
}

/// PUT /api/v1/label-printers/{printer}
net::awaitable<http::Response> change_printer(Services& services, Request const& request)
{
    auto const input = read_body(request, &app::read_printer);
    if (!input) co_return problem(services, request, input.error());
    co_return co_await change_one(services, request, printer_of(request), *input, &printer_record,
                                  &app::change_printer);
}

/// DELETE /api/v1/label-printers/{printer}
net::awaitable<http::Response> remove_printer(Services& services, Request const& request)
{
    co_return co_await remove_one(services, request, printer_of(request), &app::remove_printer);
}

/// GET /api/v1/label-stocks: those that the organization measured.
net::awaitable<http::Response> list_stocks(Services& services, Request const& request)
{
    auto rows = [org = request.who.org](db::Connection& c, Paging const& paging) -> Rows {
        return rows_of(slice(db::label_printers::stocks(c, org), paging),
                       [](OwnStock const& one) { return to_record(one); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// POST /api/v1/label-stocks
net::awaitable<http::Response> create_stock(Services& services, Request const& request)
{
    auto const input = read_body(request, &app::read_stock);
    if (!input) co_return problem(services, request, input.error());
    co_return co_await add_one(services, request, *input, "/api/v1/label-stocks/", &stock_record, &app::add_stock);
}

/// GET /api/v1/label-stocks/{stock}
net::awaitable<http::Response> show_stock(Services& services, Request const& request)
{
    co_return co_await show_one(services, request, stock_of(request), &stock_record);
}

/// PUT /api/v1/label-stocks/{stock}
net::awaitable<http::Response> change_stock(Services& services, Request const& request)
{
    auto const input = read_body(request, &app::read_stock);
    if (!input) co_return problem(services, request, input.error());
    co_return co_await change_one(services, request, stock_of(request), *input, &stock_record, &app::change_stock);
}

/// DELETE /api/v1/label-stocks/{stock}
net::awaitable<http::Response> remove_stock(Services& services, Request const& request)
{
    co_return co_await remove_one(services, request, stock_of(request), &app::remove_stock);
}

/// GET /api/v1/label-designs: those that the organization drew up.
net::awaitable<http::Response> list_designs(Services& services, Request const& request)
{
    auto rows = [org = request.who.org](db::Connection& c, Paging const& paging) -> Rows {
        return rows_of(slice(db::label_designs::list(c, org), paging),
                       [](db::label_designs::Design const& one) { return to_record(one); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// POST /api/v1/label-designs
net::awaitable<http::Response> create_design(Services& services, Request const& request)
{
    auto const input = read_body(request, &app::read_design);
    if (!input) co_return problem(services, request, input.error());
    co_return co_await add_one(services, request, *input, "/api/v1/label-designs/", &design_record, &app::add_design);
}

/// GET /api/v1/label-designs/{design}
net::awaitable<http::Response> show_design(Services& services, Request const& request)
{
    co_return co_await show_one(services, request, design_of(request), &design_record);
}

/// PUT /api/v1/label-designs/{design}
net::awaitable<http::Response> change_design(Services& services, Request const& request)
{
    auto const input = read_body(request, &app::read_design);
    if (!input) co_return problem(services, request, input.error());
    co_return co_await change_one(services, request, design_of(request), *input, &design_record, &app::change_design);
}

/// DELETE /api/v1/label-designs/{design}
net::awaitable<http::Response> remove_design(Services& services, Request const& request)
{
    co_return co_await remove_one(services, request, design_of(request), &app::remove_design);
}

} // namespace nguon::server::api
