#include "core/runtime/cpu_pool.hpp"
#include "db/label_printers.hpp"
#include "server/app/label_printers.hpp"
#include "server/app/naming.hpp"
#include "server/http/finish.hpp"
#include "server/http/limit_hits.hpp"
#include "server/http/static_files.hpp"
#include "server/label_file.hpp"
#include "server/pages/console/label_preview.hpp"

#include <algorithm>

namespace nguon::server::pages::console {
namespace {

/// What one stock would give for this batch.
struct Preview {
    scanner::Stock stock = {};
    scanner::Preflight preflight = {};
};

constexpr auto* form_prefix = "console.label"; // of its sentences
constexpr std::size_t recent_stocks_max = 3;
constexpr std::int64_t recent_jobs_max = 20; // among which those stocks are looked for
constexpr double small_roll_width = 50;      // mm; labels below are of a small roll

/// The batch as its labels would show it, with the outcome on every stock.
struct Choice {
    app::LabelPrint draft = {};
    std::vector<scanner::Stock> stocks = {}; // the organization's own first
    Options printers = {};
    std::vector<db::label_designs::Design> designs = {};
    std::vector<std::string> recent = {}; // stocks, the last one first
    std::string last_design = "qr";
    std::vector<Preview> previews = {};
};

/// What the last jobs were printed on, and how, as far as it is still there.
void add_recent(db::Connection& c, OrganizationId const& org, Choice& choice)
{
    auto const jobs = db::label_jobs::list(c, org, 0, recent_jobs_max);
    for (auto const& job : jobs) {
        bool const there = std::ranges::find(choice.stocks, job.stock, &scanner::Stock::id) != choice.stocks.end();
        bool const known = std::ranges::find(choice.recent, job.stock) != choice.recent.end();
        if (there && !known && choice.recent.size() < recent_stocks_max) choice.recent.push_back(job.stock);
    }
    if (jobs.empty()) return;
    auto last = app::design_of(jobs.front()).id;
    if (app::find_any_design(c, org, last)) choice.last_design = std::move(last);
}

/// `wanted` without a design, or with an unknown one, means that of the last job.
Result<Choice> read_choice(db::Connection& c, OrganizationId const& org, app::LabelRequest wanted,
                           app::PrintAddress const& address)
{
    Choice out;
    for (auto const& own : db::label_printers::stocks(c, org)) out.stocks.push_back(app::to_stock(own));
    for (auto const& shipped : scanner::stocks()) out.stocks.push_back(shipped);
    for (auto const& printer : db::label_printers::list(c, org)) out.printers.emplace_back(printer.id, printer.name);
    out.designs = db::label_designs::list(c, org);
    add_recent(c, org, out);
    if (!app::find_any_design(c, org, wanted.design)) wanted.design = out.last_design;
    auto draft = app::draft_label_job(c, org, wanted, address);
    if (!draft) return draft.error();
    out.draft = *std::move(draft);
    return out;
}

/// A wish as far as it says how a label looks.
app::LabelRequest look_of(Request const& request, Form const& form)
{
    app::LabelRequest wanted;
    auto const or_usual = [&form](std::string_view name, std::string_view usual) {
        auto const value = form.get(name);
        return std::string{value.empty() ? usual : value};
    };
    wanted.batch = BatchId{std::string{request.param("id")}};
    wanted.kind = form.get("kind") == "unit" ? "unit" : "batch";
    wanted.stock = or_usual("stock", usual_stock);
    wanted.design = or_usual("design", wanted.design);
    wanted.printer = form.get("printer");
    wanted.keyed = form.get("keyed") == "1";
    wanted.count = 1;
    return wanted;
}

/// For the pictures of all stocks: what is wrong with the chosen stock or printer is said elsewhere.
app::LabelRequest draft_request(Request const& request)
{
    auto wanted = look_of(request, request.form);
    wanted.stock = usual_stock;
    wanted.design = request.form.get("design");
    wanted.printer.clear();
    return wanted;
}

net::awaitable<Result<Choice>> load_choice(Services& services, Request const& request)
{
    auto read = [org = request.who.org, wanted = draft_request(request),
                 address = address_of(services)](db::Connection& c) { return read_choice(c, org, wanted, address); };
    auto choice = co_await services.database.read(std::move(read));
    if (!choice) co_return std::move(choice).error();
    auto check = [print = choice->draft, stocks = choice->stocks, public_url = services.settings.public_url] {
        std::vector<Preview> previews;
        for (auto const& stock : stocks) {
            auto on_stock = print;
            on_stock.job.stock = stock;
            auto& code = on_stock.codes.front();
            if (stock.wants_short_link()) code.url = app::label_url(public_url, {}, {}, {}, code.printed_code);
            previews.push_back({stock, preflight_of(on_stock)});
        }
        return previews;
    };
    auto previews = co_await services.cpu_pool.run(std::move(check));
    if (!previews) co_return std::move(previews).error();
    choice->previews = *std::move(previews);
    co_return choice;
}

json stock_view(Services const& services, Request const& request, Preview const& preview, std::string_view chosen)
{
    auto const& stock = preview.stock;
    auto const& preflight = preview.preflight;
    return {{"id", stock.id},
            {"name", stock_name(request, stock)},
            {"drawing", drawing_of(stock)},
            {"checked", stock.id == chosen},
            {"fits", preflight.ok()},
            {"symbol", symbol_size(services, request, preflight)},
            {"faults", findings(services, request, preflight.faults)},
            {"warnings", findings(services, request, preflight.warnings)}};
}

/// The word of the group in which a stock stands.
std::string_view group_of(Choice const& choice, scanner::Stock const& stock)
{
    if (std::ranges::find(choice.recent, stock.id) != choice.recent.end()) return "recent";
    if (choice.recent.empty() && stock.id == usual_stock) return "usual";
    if (scanner::find_stock(stock.id) == nullptr) return "own";
    if (!stock.is_roll()) return "sheet";
    return stock.label_width < small_roll_width ? "small" : "large";
}

/// The stocks of a group; those used lately in that order.
std::vector<Preview const*> in_group(Choice const& choice, std::string_view word)
{
    std::vector<Preview const*> out;
    for (auto const& preview : choice.previews)
        if (group_of(choice, preview.stock) == word) out.push_back(&preview);
    auto const age = [&](Preview const* one) { return std::ranges::find(choice.recent, one->stock.id); };
    if (word == "recent") std::ranges::sort(out, {}, age);
    return out;
}

/// Eighteen stocks and more are a long way on a telephone: what was used last stands open, the others by kind.
json stock_groups(Services const& services, Request const& request, Choice const& choice, std::string_view chosen)
{
    json groups = json::array();
    for (std::string_view const word : {"recent", "usual", "own", "sheet", "small", "large"}) {
        json stocks = json::array();
        bool open = false;
        for (auto const* const preview : in_group(choice, word)) {
            open = open || preview->stock.id == chosen;
            stocks.push_back(stock_view(services, request, *preview, chosen));
        }
        if (stocks.empty()) continue;
        groups.push_back({{"title", text(services, request, "console.label.stocks." + std::string{word})},
                          {"count", stocks.size()},
                          {"open", open || groups.empty()},
                          {"stocks", std::move(stocks)}});
    }
    return groups;
}

void add_form(Services& services, Request const& request, Choice const& choice, json const& values, Error const* error,
              json& view)
{
    view["kind_batch"] = values.value("kind", "") != "unit";
    view["kind_unit"] = values.value("kind", "") == "unit";
    view["begun_open"] = values.value("first_position", "1") != "1";
    FormView form{services, request, form_prefix, values, error};
    form.add(
        {.name = "design", .type = "select", .required = true, .options = design_options(request, choice.designs)});
    form.add({.name = "count", .required = true, .input_mode = "numeric", .chars_max = 6});
    form.add({.name = "first_position", .input_mode = "numeric", .chars_max = 3});
    form.add({.name = "test_first", .type = "checkbox"});
    form.add({.name = "keyed", .type = "checkbox"});
    if (!choice.printers.empty()) {
        Options printers{{"", text(services, request, "console.label.printer.office")}};
        printers.insert(printers.end(), choice.printers.begin(), choice.printers.end());
        form.add({.name = "printer", .type = "select", .options = std::move(printers)});
    }
    form.put_into(view);
    if (error != nullptr) view["stock_error"] = view["errors"]["by_field"].value("stock", "");
}

/// What the form shows before anybody typed.
json first_values(Choice const& choice)
{
    return {{"stock", choice.recent.empty() ? std::string{usual_stock} : choice.recent.front()},
            {"design", choice.last_design},
            {"kind", "batch"},
            {"count", "65"},
            {"first_position", "1"},
            {"test_first", "1"}};
}

http::Response choice_page(Services& services, Request const& request, Choice const& choice, json const& values,
                           json trial, Error const* error)
{
    auto const& draft = choice.draft.job;
    auto const batch_url = "/console/batches/" + std::string{request.param("id")};
    json view{{"title", text(services, request, "console.label.title")},
              {"section", "batches"},
              {"action", batch_url + "/labels"},
              {"batch_url", batch_url},
              {"product_name", draft.product_name},
              {"lot", draft.lot},
              {"made_on", draft.made_on ? show_date(request, to_iso(*draft.made_on)) : ""},
              {"use_by", draft.use_by ? show_date(request, to_iso(*draft.use_by)) : ""},
              {"specimen", draft.specimen},
              {"public_url", services.settings.public_url},
              {"groups", stock_groups(services, request, choice, values.value("stock", ""))},
              {"trial", std::move(trial)},
              {"script_url", services.static_files.url("label_preview.js")}};
    add_form(services, request, choice, values, error, view);
    auto response = console_page(services, request, "console/labels", std::move(view), error);
    response.header("Content-Security-Policy", live_policy(services.static_files.public_css_hash()));
    return response;
}

Result<app::LabelRequest> read_wish(Request const& request, Form const& form)
{
    auto const values = form.first();
    std::vector<FieldError> faults;
    JsonReader in{values, faults};
    auto wanted = look_of(request, form);
    wanted.stock = in.text("stock", 40);
    wanted.count = in.integer("count", 1, static_cast<std::int64_t>(limits::labels_per_job_max));
    wanted.first_position = in.optional_integer("first_position", 1, 1000).value_or(1);
    wanted.test_first = in.flag("test_first");
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return wanted;
}

net::awaitable<Result<app::LabelPrint>> draft(Services& services, Request const& request, app::LabelRequest wanted)
{
    auto read = [org = request.who.org, wanted = std::move(wanted), address = address_of(services)](db::Connection& c) {
        return app::draft_label_job(c, org, wanted, address);
    };
    co_return co_await services.database.read(std::move(read));
}

/// What is known of a wish before the lot is locked and codes are given out.
net::awaitable<Result<Trial>> try_wish(Services& services, Request const& request, app::LabelRequest const& wanted)
{
    auto print = co_await draft(services, request, wanted);
    if (!print) co_return std::move(print).error();
    co_return co_await check_trial(services, *std::move(print));
}

/// The wish's label, or what is wrong with the wish.
json view_of(Services& services, Request const& request, app::LabelRequest const& wanted, Result<Trial> const& trial)
{
    if (!trial) return trial_view(services, request, trial.error(), form_prefix);
    auto const url =
        make_url("/console/batches/" + wanted.batch.text() + "/labels/preview", {{"stock", wanted.stock},
                                                                                 {"kind", wanted.kind},
                                                                                 {"design", wanted.design},
                                                                                 {"printer", wanted.printer},
                                                                                 {"keyed", wanted.keyed ? "1" : ""}});
    return trial_view(services, request, *trial, url);
}

/// Refuses what cannot be drawn. A fault of the drawing belongs to the choice of the stock.
Status check_drawable(scanner::Preflight const& preflight)
{
    if (preflight.ok()) return Done{};
    auto faults = preflight.faults;
    for (auto& fault : faults) fault.pointer = "/stock";
    return invalid_fields(std::move(faults));
}

} // namespace

net::awaitable<http::Response> choose_labels(Services& services, Request const& request)
{
    auto const choice = co_await load_choice(services, request);
    if (!choice) co_return page_problem(services, request, choice.error());
    auto const values = first_values(*choice);
    auto wanted = look_of(request, request.form);
    wanted.stock = values["stock"];
    wanted.design = values["design"];
    auto const trial = co_await try_wish(services, request, wanted);
    co_return choice_page(services, request, *choice, values, view_of(services, request, wanted, trial), nullptr);
}

net::awaitable<http::Response> create_labels(Services& services, Request const& request)
{
    auto const choice = co_await load_choice(services, request);
    if (!choice) co_return page_problem(services, request, choice.error());
    auto const again = [&](json trial, Error const* error) {
        return choice_page(services, request, *choice, request.form.to_json(), std::move(trial), error);
    };
    auto const wanted = read_wish(request, request.form);
    if (!wanted) co_return again(trial_view(services, request, wanted.error(), form_prefix), &wanted.error());
    auto const trial = co_await try_wish(services, request, *wanted);
    auto const shown = view_of(services, request, *wanted, trial);
    if (!trial) co_return again(shown, &trial.error());
    if (request.form.get("action") == "preview") co_return again(shown, nullptr);
    auto const drawable = check_drawable(trial->preflight);
    if (!drawable) co_return again(shown, &drawable.error());
    auto work = [actor = actor_of(services, request), wanted = *wanted,
                 address = address_of(services)](db::Connection& c) -> Result<std::string> {
        auto const job = app::create_label_job(c, actor, wanted, address);
        if (!job) return job.error();
        return label_job_url(*job);
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (!saved) {
        count_limit(services, saved.error());
        co_return again(shown, &saved.error());
    }
    wake_label_worker(services);
    co_await wait_for_label_job(services, request.who.org, saved->substr(label_job_url("").size()),
                                limits::label_wait_time);
    co_return redirect(*saved);
}

net::awaitable<http::Response> show_label_trial(Services& services, Request const& request)
{
    auto const wish = read_wish(request, request.parameters);
    // A form that cannot be read says what is wrong, but about one's own batches only.
    auto const wanted = wish ? *wish : look_of(request, request.parameters);
    auto const trial = co_await try_wish(services, request, wanted);
    if (!trial && trial.error().fields.empty()) co_return page_problem(services, request, trial.error());
    if (!wish) co_return trial_part(services, request, trial_view(services, request, wish.error(), form_prefix));
    co_return trial_part(services, request, view_of(services, request, wanted, trial));
}

net::awaitable<http::Response> show_label_preview(Services& services, Request const& request)
{
    auto print = co_await draft(services, request, look_of(request, request.parameters));
    if (!print) co_return page_problem(services, request, print.error());
    co_return co_await trial_picture(services, request, *std::move(print));
}

} // namespace nguon::server::pages::console
