#include "server/app/label_designs.hpp"
#include "core/limits/labels.hpp"
#include "server/app/label_printers.hpp"
#include "server/http/finish.hpp"
#include "server/http/limit_hits.hpp"
#include "server/http/static_files.hpp"
#include "server/pages/console/label_preview.hpp"

#include <charconv>

namespace nguon::server::pages::console {
namespace {

using db::label_designs::Design;

constexpr auto* list_url = "/console/printers";
constexpr std::string_view prefix = "console.design";
constexpr std::string_view first_stock = "a4-24"; // a label of middling size

std::string design_url(std::string_view id) { return "/console/designs/" + std::string{id}; }

/// A design as its form shows it.
json values_of(std::string const& name, scanner::OwnDesign const& design)
{
    auto const stored = app::to_json(design);
    json values{{"name", name}, {"symbols", stored["symbols"]}, {"text", stored["text"]}, {"stock", first_stock}};
    for (std::size_t line = 1; line <= scanner::label_lines_max; ++line) {
        values[app::size_field(line)] = scanner::line_size_names[static_cast<std::size_t>(scanner::LineSize::normal)];
        if (line > design.lines.size()) continue;
        values[app::line_field(line)] = stored["lines"][line - 1]["field"];
        values[app::size_field(line)] = stored["lines"][line - 1]["size"];
    }
    return values;
}

/// What the usual labels show, to begin with.
json first_values()
{
    using scanner::LabelField;
    using scanner::LineSize;
    scanner::OwnDesign usual;
    for (auto const field :
         {LabelField::name, LabelField::lot, LabelField::made_on, LabelField::use_by, LabelField::organization})
        usual.lines.push_back({field, LineSize::normal});
    return values_of({}, usual);
}

/// Faults of lines at the fields of the form, where lines may be left empty.
Error at_form_fields(Error error, Form const& form)
{
    constexpr std::string_view lines = "/lines/";
    std::vector<std::size_t> given;
    for (std::size_t line = 1; line <= scanner::label_lines_max; ++line)
        if (!form.get(app::line_field(line)).empty()) given.push_back(line);
    for (auto& fault : error.fields) {
        if (fault.pointer == "/lines") fault.pointer = app::line_field(1);
        if (!fault.pointer.starts_with(lines)) continue;
        std::size_t place = 0;
        auto const number = std::string_view{fault.pointer}.substr(lines.size());
        std::from_chars(number.data(), number.data() + number.size(), place);
        if (place < given.size()) fault.pointer = app::line_field(given[place]);
    }
    return error;
}

Options stock_options(Request const& request, std::vector<scanner::Stock> const& own)
{
    Options out;
    for (auto const& stock : own) out.emplace_back(stock.id, stock_name(request, stock));
    for (auto const& stock : scanner::stocks()) out.emplace_back(stock.id, stock_name(request, stock));
    return out;
}

void add_form(Services& services, Request const& request, json const& values, Error const* error, json& view)
{
    FormView form{services, request, std::string{prefix}, values, error};
    form.add({.name = "name", .required = true, .chars_max = 80});
    form.add({.name = "symbols", .type = "select", .required = true, .options = design_options(request, {})});
    Options fields{{"", text(services, request, "console.design.field.none")}};
    for (auto const& [word, shown] : options_of(services, request, "console.design.field", scanner::label_field_names))
        fields.emplace_back(word, shown);
    auto const sizes = options_of(services, request, "console.design.size", scanner::line_size_names);
    for (std::size_t line = 1; line <= scanner::label_lines_max; ++line) {
        auto const field = app::line_field(line);
        auto const size = app::size_field(line);
        form.add({.name = field, .type = "select", .options = fields});
        form.add({.name = size, .type = "select", .required = true, .options = sizes});
    }
    form.add({.name = "text", .chars_max = limits::label_text_chars_max});
    form.put_into(view);
    json lines = json::array();
    for (std::size_t line = 1; line <= scanner::label_lines_max; ++line)
        lines.push_back(
            {{"field", view["field"][app::line_field(line)]}, {"size", view["field"][app::size_field(line)]}});
    view["lines"] = std::move(lines);
}

/// What a page of a design needs beside its form.
struct Around {
    std::optional<Design> kept = {};
    std::vector<scanner::Stock> stocks = {}; // that the organization measured
};

net::awaitable<Result<Around>> load(Services& services, Request const& request)
{
    auto work = [org = request.who.org, id = std::string{request.param("id")}](db::Connection& c) -> Result<Around> {
        Around out;
        for (auto const& own : db::label_printers::stocks(c, org)) out.stocks.push_back(app::to_stock(own));
        if (id.empty()) return out;
        auto kept = db::label_designs::find(c, org, id);
        if (!kept) return kept.error();
        out.kept = *std::move(kept);
        return out;
    };
    co_return co_await services.database.read(std::move(work));
}

/// What stands in a form or in a query with the same fields; a design without a name yet has one here.
Result<app::DesignInput> read_input(Form const& form, bool tries)
{
    auto values = form.first();
    if (tries && values["name"].empty()) values["name"] = "-";
    std::vector<FieldError> faults;
    JsonReader in{values, faults};
    auto input = app::read_design_form(in);
    if (faults.empty()) faults = scanner::design_faults(input.design);
    if (!faults.empty()) return at_form_fields(invalid_fields(std::move(faults)), form);
    return input;
}

std::string stock_of(Form const& form)
{
    auto const stock = form.get("stock");
    return std::string{stock.empty() ? first_stock : stock};
}

net::awaitable<Result<app::LabelPrint>> draft(Services& services, Request const& request, Form const& form)
{
    auto const input = read_input(form, true);
    if (!input) co_return input.error();
    auto read = [org = request.who.org, design = input->design, stock = stock_of(form), address = address_of(services)](
                    db::Connection& c) { return app::draft_of_design(c, org, design, stock, address); };
    co_return co_await services.database.read(std::move(read));
}

/// One label of the design in `form`, or what is wrong with it.
net::awaitable<json> try_design(Services& services, Request const& request, Form const& form)
{
    auto print = co_await draft(services, request, form);
    if (!print) co_return trial_view(services, request, print.error(), std::string{prefix});
    auto const trial = co_await check_trial(services, *std::move(print));
    if (!trial) co_return trial_view(services, request, trial.error(), std::string{prefix});
    auto url = make_url(design_url("preview"), {{"stock", stock_of(form)}});
    for (auto const& [name, value] : form.fields())
        if (name.starts_with("line") || name.starts_with("size") || name == "symbols" || name == "text")
            url = make_url(url, {{name, value}});
    co_return trial_view(services, request, *trial, url);
}

Form form_of(json const& values)
{
    Form form;
    for (auto const& [name, value] : values.items()) form.add(name, value.get<std::string>());
    return form;
}

net::awaitable<http::Response> design_page(Services& services, Request const& request, Around const& around,
                                           json const& values, Error const* error = nullptr)
{
    auto const& kept = around.kept;
    auto const stock = text_at(values, "stock");
    json stocks = json::array();
    for (auto const& [id, name] : stock_options(request, around.stocks))
        stocks.push_back({{"id", id}, {"name", name}, {"selected", id == stock}});
    auto const form = form_of(values);
    auto trial = co_await try_design(services, request, form);
    json view{{"title", kept ? kept->name : text(services, request, "console.design.new")},
              {"section", "batches"},
              {"action", design_url(kept ? kept->id : "new")},
              {"is_kept", kept.has_value()},
              {"stocks", std::move(stocks)},
              {"trial", std::move(trial)},
              {"script_url", services.static_files.url("label_preview.js")}};
    add_form(services, request, values, error, view);
    auto response = console_page(services, request, "console/label_design", std::move(view), error);
    response.header("Content-Security-Policy", live_policy(services.static_files.public_css_hash()));
    co_return response;
}

/// What was sent, as texts: a field that came twice counts once.
json typed(Form const& form)
{
    json values = json::object();
    for (auto const& [name, value] : form.first()) values[name] = value;
    return values;
}

using Write = std::function<Result<std::string>(db::Connection& c, app::Actor const& actor)>;

/// Writes what the form says, or shows the page again.
net::awaitable<http::Response> save(Services& services, Request const& request, Around const& around,
                                    Write const& write)
{
    auto work = [actor = actor_of(services, request), write](db::Connection& c) { return write(c, actor); };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    count_limit(services, saved.error());
    auto const values = typed(request.form);
    co_return co_await design_page(services, request, around, values, &saved.error());
}

} // namespace

net::awaitable<http::Response> new_design(Services& services, Request const& request)
{
    auto const around = co_await load(services, request);
    if (!around) co_return page_problem(services, request, around.error());
    auto const values = first_values();
    co_return co_await design_page(services, request, *around, values);
}

net::awaitable<http::Response> save_design(Services& services, Request const& request)
{
    auto const around = co_await load(services, request);
    if (!around) co_return page_problem(services, request, around.error());
    auto const values = typed(request.form);
    if (request.form.get("action") == "preview") co_return co_await design_page(services, request, *around, values);
    auto const input = read_input(request.form, false);
    if (!input) co_return co_await design_page(services, request, *around, values, &input.error());
    Write write = [input = *input](db::Connection& c, app::Actor const& actor) -> Result<std::string> {
        auto const id = app::add_design(c, actor, input);
        if (!id) return id.error();
        return std::string{list_url} + "?done=saved";
    };
    co_return co_await save(services, request, *around, write);
}

net::awaitable<http::Response> edit_design(Services& services, Request const& request)
{
    auto const around = co_await load(services, request);
    if (!around) co_return page_problem(services, request, around.error());
    auto const design = app::design_from(json::parse(around->kept->design)); // of our own making
    auto const values = values_of(around->kept->name, design);
    co_return co_await design_page(services, request, *around, values);
}

net::awaitable<http::Response> change_design(Services& services, Request const& request)
{
    auto const around = co_await load(services, request);
    if (!around) co_return page_problem(services, request, around.error());
    auto const id = around->kept->id;
    auto const action = request.form.get("action");
    auto const values = typed(request.form);
    if (action == "preview") co_return co_await design_page(services, request, *around, values);
    Write write;
    if (action == "remove") {
        write = [id](db::Connection& c, app::Actor const& actor) -> Result<std::string> {
            if (auto removed = app::remove_design(c, actor, id); !removed) return removed.error();
            return std::string{list_url} + "?done=design_removed";
        };
    } else {
        auto const input = read_input(request.form, false);
        if (!input) co_return co_await design_page(services, request, *around, values, &input.error());
        write = [id, input = *input](db::Connection& c, app::Actor const& actor) -> Result<std::string> {
            if (auto changed = app::change_design(c, actor, id, input); !changed) return changed.error();
            return std::string{list_url} + "?done=saved";
        };
    }
    co_return co_await save(services, request, *around, write);
}

net::awaitable<http::Response> show_design_trial(Services& services, Request const& request)
{
    auto const trial = co_await try_design(services, request, request.parameters);
    co_return trial_part(services, request, trial);
}

net::awaitable<http::Response> show_design_preview(Services& services, Request const& request)
{
    auto print = co_await draft(services, request, request.parameters);
    if (!print) co_return page_problem(services, request, print.error());
    co_return co_await trial_picture(services, request, *std::move(print));
}

} // namespace nguon::server::pages::console
