#include "core/runtime/cpu_pool.hpp"
#include "server/app/label_printers.hpp"
#include "server/http/limit_hits.hpp"
#include "server/pages/console/label_view.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace nguon::server::pages::console {
namespace {

using db::label_printers::Printer;

constexpr auto* list_url = "/console/printers";
constexpr double percent = 100;
constexpr double seen_with_ruler = 0.05; // mm
constexpr double shift_max = 500;        // mm; nothing is wider than that

std::string printer_url(std::string_view id) { return std::string{list_url} + "/" + std::string{id}; }

std::string_view format_name(Printer const& printer)
{
    return printer.language.empty() ? std::string_view{"pdf"} : printer.language;
}

/// "sang phải 1,5 mm, lên 0,8 mm"; nothing where a ruler shows no difference.
std::string shift_text(Services const& services, Request const& request, double right, double down)
{
    std::string out;
    auto const add = [&](double mm, char const* key) {
        if (std::abs(mm) < seen_with_ruler) return;
        if (!out.empty()) out += ", ";
        out += text(services, request, key, {show_decimal(request, fmt::format("{:.1f}", std::abs(mm)))});
    };
    add(right, right > 0 ? "console.printer.shift.right" : "console.printer.shift.left");
    add(down, down > 0 ? "console.printer.shift.down" : "console.printer.shift.up");
    return out;
}

/// What is done to everything that this printer prints.
std::string set_text(Services const& services, Request const& request, Printer const& printer)
{
    auto const shift = shift_text(services, request, printer.offset_x, printer.offset_y);
    auto out = shift.empty() ? text(services, request, "console.printer.as_is")
                             : text(services, request, "console.printer.moves", {shift});
    auto const x = show_mm(request, printer.scale_x * percent);
    auto const y = show_mm(request, printer.scale_y * percent);
    if (x != "100" || y != "100") out += " " + text(services, request, "console.printer.scales", {x, y});
    return out;
}

/// "50 × 30 mm": of one label.
std::string size_text(Request const& request, db::label_printers::OwnStock const& own)
{
    auto const grid = app::to_stock(own);
    auto const mm = [&](double length) { return show_mm(request, length); };
    return mm(grid.label_width) + " × " + mm(grid.label_height) + " mm";
}

/// "Tên sản phẩm, Số lô, Hạn sử dụng"
std::string lines_text(Services const& services, Request const& request, db::label_designs::Design const& own)
{
    std::string out;
    for (auto const& line : app::design_from(json::parse(own.design)).lines) { // of our own making
        if (!out.empty()) out += ", ";
        auto const field = scanner::label_field_names[static_cast<std::size_t>(line.field)];
        out += text(services, request, "console.design.field." + std::string{field});
    }
    return out;
}

json values_of(Printer const& printer)
{
    return {{"name", printer.name},
            {"format", format_name(printer)},
            {"dpi", std::to_string(printer.dpi)},
            {"darkness", printer.darkness ? std::to_string(*printer.darkness) : std::string{}},
            {"speed", printer.speed ? std::to_string(*printer.speed) : std::string{}},
            {"offset_x", typed_mm(printer.offset_x)},
            {"offset_y", typed_mm(printer.offset_y)},
            {"scale_x_percent", typed_mm(printer.scale_x * percent)},
            {"scale_y_percent", typed_mm(printer.scale_y * percent)}};
}

FormView printer_form(Services& services, Request const& request, json const& values, Error const* error)
{
    static constexpr std::array<std::string_view, 4> formats{"pdf", "zpl", "tspl", "epl"};
    FormView form{services, request, "console.printer", values, error};
    form.add({.name = "name", .required = true, .chars_max = 80});
    form.add({.name = "format",
              .type = "select",
              .required = true,
              .options = options_of(services, request, "console.printer.format", formats)});
    Options resolutions{{"", text(services, request, "console.printer.dpi.usual")}};
    for (auto const dpi : scanner::printer_resolutions())
        resolutions.emplace_back(std::to_string(dpi), std::to_string(dpi) + " dpi");
    form.add({.name = "dpi", .type = "select", .options = std::move(resolutions)});
    for (auto const* name : {"darkness", "speed"}) form.add({.name = name, .input_mode = "numeric", .chars_max = 2});
    for (auto const* name : {"offset_x", "offset_y", "scale_x_percent", "scale_y_percent"})
        form.add({.name = name, .input_mode = "decimal", .chars_max = 8});
    return form;
}

/// A printer, and a stock of which a sheet is measured.
struct Shown {
    Printer printer = {};
    std::vector<scanner::Stock> stocks = {}; // what it can be loaded with; the organization's own first
    scanner::Stock stock = {};
};

Result<Shown> read_shown(db::Connection& c, OrganizationId const& org, std::string const& id, std::string const& stock)
{
    auto printer = db::label_printers::find(c, org, id);
    if (!printer) return printer.error();
    Shown out{*std::move(printer), {}, {}};
    bool const rolls_only = !out.printer.language.empty();
    for (auto const& own : db::label_printers::stocks(c, org)) out.stocks.push_back(app::to_stock(own));
    for (auto const& shipped : scanner::stocks()) out.stocks.push_back(shipped);
    std::erase_if(out.stocks, [&](scanner::Stock const& one) { return rolls_only && !one.is_roll(); });
    auto const chosen = stock.empty() ? out.stocks.begin() : std::ranges::find(out.stocks, stock, &scanner::Stock::id);
    if (chosen == out.stocks.end()) return invalid("label.stock_unknown", {stock});
    out.stock = *chosen;
    return out;
}

net::awaitable<Result<Shown>> load(Services& services, Request const& request, std::string_view stock)
{
    auto work = [org = request.who.org, id = std::string{request.param("id")},
                 stock = std::string{stock}](db::Connection& c) { return read_shown(c, org, id, stock); };
    co_return co_await services.database.read(std::move(work));
}

/// Where the cross belongs, and what was read of the sheet.
json calibration_view(Services& services, Request const& request, Shown const& shown, json const& typed,
                      Error const* error)
{
    auto const marks = scanner::calibration_marks(shown.stock);
    auto const mm = [&](double length) { return show_mm(request, length); };
    auto const url = printer_url(shown.printer.id);
    json stocks = json::array();
    for (auto const& stock : shown.stocks)
        stocks.push_back(
            {{"id", stock.id}, {"name", stock_name(request, stock)}, {"selected", stock.id == shown.stock.id}});
    json view{{"action", url + "/calibration"},
              {"choose_url", url},
              {"sheet_url", make_url(url + "/sheet", {{"stock", shown.stock.id}})},
              {"stock", shown.stock.id},
              {"seen_version", shown.printer.version},
              {"stocks", std::move(stocks)},
              {"right_place",
               text(services, request,
                    shown.stock.is_roll() ? "console.calibration.right_place.roll" : "console.calibration.right_place",
                    {mm(marks.cross_x), mm(marks.cross_y)})},
              {"right_lengths",
               text(services, request, "console.calibration.right_lengths", {mm(marks.ruler_x), mm(marks.ruler_y)})},
              {"rulers_open", !text_at(typed, "ruler_x").empty() || !text_at(typed, "ruler_y").empty()}};
    FormView form{services, request, "console.calibration", typed, error};
    for (auto const* name : {"x", "y", "ruler_x", "ruler_y"})
        form.add(
            {.name = name, .required = std::string_view{name}.size() == 1, .input_mode = "decimal", .chars_max = 8});
    form.put_into(view);
    return view;
}

/// What `calibrate_printer` wrote into the address; 0 for anything else.
double read_shift(std::string_view text)
{
    double mm = 0;
    std::from_chars(text.data(), text.data() + text.size(), mm);
    return std::abs(mm) <= shift_max ? mm : 0;
}

/// "Đã dịch sang phải 1,5 mm": what the calibration did that led here.
std::string shifted_text(Services const& services, Request const& request)
{
    auto const right = request.query_value("right");
    auto const down = request.query_value("down");
    if (right.empty() || down.empty()) return {};
    auto const shift = shift_text(services, request, read_shift(right), read_shift(down));
    return shift.empty() ? text(services, request, "console.calibration.was_right")
                         : text(services, request, "console.calibration.shifted", {shift});
}

http::Response printer_page(Services& services, Request const& request, Shown const& shown, Error const* error,
                            Error const* calibration_error = nullptr)
{
    auto const url = printer_url(shown.printer.id);
    bool const calibrates = request.path.ends_with("/calibration");
    bool const posted = request.method == Method::post;
    json const typed = request.form.to_json();
    json view{{"title", shown.printer.name},
              {"section", "batches"},
              {"action", url},
              {"set", set_text(services, request, shown.printer)},
              {"shifted", shifted_text(services, request)},
              {"is_kept", true},
              {"details_open", error != nullptr}};
    printer_form(services, request, posted && !calibrates ? typed : values_of(shown.printer), error).put_into(view);
    auto calibration =
        calibration_view(services, request, shown, calibrates ? typed : json::object(), calibration_error);
    if (calibration.contains("errors")) view["errors"] = std::move(calibration["errors"]);
    calibration.erase("errors");
    view["calibration"] = std::move(calibration);
    return console_page(services, request, "console/printer", std::move(view),
                        error != nullptr ? error : calibration_error);
}

http::Response new_page(Services& services, Request const& request, Error const* error)
{
    bool const posted = request.method == Method::post;
    json view{{"title", text(services, request, "console.printer.new")},
              {"section", "batches"},
              {"action", printer_url("new")},
              {"is_kept", false},
              {"details_open", error != nullptr}};
    json const values = posted ? request.form.to_json() : json{{"format", "pdf"}};
    printer_form(services, request, values, error).put_into(view);
    return console_page(services, request, "console/printer", std::move(view), error);
}

} // namespace

net::awaitable<http::Response> show_printers(Services& services, Request const& request)
{
    struct Owned {
        std::vector<Printer> printers = {};
        std::vector<db::label_printers::OwnStock> stocks = {};
        std::vector<db::label_designs::Design> designs = {};
    };
    auto work = [org = request.who.org](db::Connection& c) -> Result<Owned> {
        return Owned{db::label_printers::list(c, org), db::label_printers::stocks(c, org),
                     db::label_designs::list(c, org)};
    };
    auto const owned = co_await services.database.read(std::move(work));
    if (!owned) co_return page_problem(services, request, owned.error());
    json printers = json::array();
    for (auto const& printer : owned->printers)
        printers.push_back(
            {{"name", printer.name},
             {"url", printer_url(printer.id)},
             {"kind", text(services, request, "console.printer.format." + std::string{format_name(printer)})},
             {"set", set_text(services, request, printer)}});
    json stocks = json::array();
    for (auto const& own : owned->stocks)
        stocks.push_back({{"name", own.name}, {"size", size_text(request, own)}, {"url", "/console/stocks/" + own.id}});
    json designs = json::array();
    for (auto const& own : owned->designs)
        designs.push_back(
            {{"name", own.name}, {"lines", lines_text(services, request, own)}, {"url", "/console/designs/" + own.id}});
    json view{{"title", text(services, request, "console.printer.title")},
              {"section", "batches"},
              {"has_printers", !printers.empty()},
              {"printers", std::move(printers)},
              {"has_stocks", !stocks.empty()},
              {"stocks", std::move(stocks)},
              {"has_designs", !designs.empty()},
              {"designs", std::move(designs)}};
    co_return console_page(services, request, "console/printers", std::move(view));
}

net::awaitable<http::Response> new_printer(Services& services, Request const& request)
{
    co_return new_page(services, request, nullptr);
}

net::awaitable<http::Response> save_printer(Services& services, Request const& request)
{
    auto const printer = read_form_as<Printer>(request.form, &app::read_printer);
    if (!printer) co_return new_page(services, request, &printer.error());
    auto work = [actor = actor_of(services, request), printer = *printer](db::Connection& c) -> Result<std::string> {
        auto const id = app::add_printer(c, actor, printer);
        if (!id) return id.error();
        return printer_url(*id) + "?done=saved";
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    count_limit(services, saved.error());
    co_return new_page(services, request, &saved.error());
}

net::awaitable<http::Response> edit_printer(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request, request.query_value("stock"));
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return printer_page(services, request, *shown, nullptr);
}

net::awaitable<http::Response> change_printer(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request, request.query_value("stock"));
    if (!shown) co_return page_problem(services, request, shown.error());
    bool const removes = request.form.get("action") == "remove";
    auto const printer = removes ? Result<Printer>{Printer{}} : read_form_as<Printer>(request.form, &app::read_printer);
    if (!printer) co_return printer_page(services, request, *shown, &printer.error());
    auto work = [actor = actor_of(services, request), id = shown->printer.id, printer = *printer,
                 removes](db::Connection& c) -> Result<std::string> {
        auto const done = removes ? app::remove_printer(c, actor, id) : app::change_printer(c, actor, id, printer);
        if (!done) return done.error();
        return removes ? std::string{list_url} + "?done=printer_removed" : printer_url(id) + "?done=saved";
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    co_return printer_page(services, request, *shown, &saved.error());
}

net::awaitable<http::Response> download_calibration(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request, request.query_value("stock"));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const output = app::to_output(shown->printer);
    auto draw = [stock = shown->stock, output, now = services.clock.now()] {
        return scanner::draw_calibration(stock, output, now);
    };
    auto sheet = co_await services.cpu_pool.run(std::move(draw));
    if (!sheet) co_return page_problem(services, request, sheet.error());
    bool const pdf = output.format == scanner::LabelFormat::pdf;
    auto const name = fmt::format("to-thu-{}.{}", shown->stock.id, scanner::to_name(output.format));
    co_return file_response(*std::move(sheet), pdf ? "application/pdf" : "application/octet-stream", name);
}

net::awaitable<http::Response> calibrate_printer(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request, request.form.get("stock"));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const reading = read_form_as<scanner::CalibrationReading>(request.form, &app::read_calibration);
    if (!reading) co_return printer_page(services, request, *shown, nullptr, &reading.error());
    auto work = [actor = actor_of(services, request), id = shown->printer.id, stock = shown->stock,
                 version = read_number(request.form.get("seen_version")),
                 reading = *reading](db::Connection& c) -> Result<std::string> {
        auto const shift = app::calibrate_printer(c, actor, id, version, stock, reading);
        if (!shift) return shift.error();
        return make_url(printer_url(id), {{"stock", stock.id},
                                          {"right", fmt::format("{:.1f}", shift->right)},
                                          {"down", fmt::format("{:.1f}", shift->down)}});
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    co_return printer_page(services, request, *shown, nullptr, &saved.error());
}

} // namespace nguon::server::pages::console
