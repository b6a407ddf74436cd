#include "server/app/labels.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "server/app/label_printers.hpp"
#include "server/app/naming.hpp"
#include "server/http/limit_hits.hpp"
#include "server/label_file.hpp"
#include "server/pages/console/label_view.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace nguon::server::pages::console {
namespace {

/// What one stock would give for this batch.
struct Preview {
    scanner::Stock stock = {};
    scanner::Preflight preflight = {};
};

/// The batch as its labels would show it, with the outcome on every stock.
struct Choice {
    app::LabelPrint draft = {};
    std::vector<scanner::Stock> stocks = {}; // the organization's own first
    Options printers = {};
    std::vector<Preview> previews = {};
};

Result<Choice> read_choice(db::Connection& c, OrganizationId const& org, app::LabelRequest const& wanted,
                           app::PrintAddress const& address)
{
    auto draft = app::draft_label_job(c, org, wanted, address);
    if (!draft) return draft.error();
    Choice out{*std::move(draft), {}, {}, {}};
    for (auto const& own : db::label_printers::stocks(c, org)) out.stocks.push_back(app::to_stock(own));
    for (auto const& shipped : scanner::stocks()) out.stocks.push_back(shipped);
    for (auto const& printer : db::label_printers::list(c, org)) out.printers.emplace_back(printer.id, printer.name);
    return out;
}

app::LabelRequest draft_request(Request const& request)
{
    app::LabelRequest wanted;
    wanted.batch = BatchId{std::string{request.param("id")}};
    wanted.kind = request.form.get("kind") == "unit" ? "unit" : "batch";
    wanted.stock = usual_stock;
    wanted.count = 1;
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

/// The sheet in small: one rectangle a label.
json drawing_of(scanner::Stock const& stock)
{
    json labels = json::array();
    for (int row = 0; row < stock.rows; ++row)
        for (int column = 0; column < stock.columns; ++column)
            labels.push_back({{"x", fmt::format("{:.1f}", stock.margin_left + stock.pitch_x * column)},
                              {"y", fmt::format("{:.1f}", stock.margin_top + stock.pitch_y * row)}});
    return {{"page_width", stock.page_width},
            {"page_height", stock.page_height},
            {"width", fmt::format("{:.1f}", stock.label_width)},
            {"height", fmt::format("{:.1f}", stock.label_height)},
            {"labels", std::move(labels)}};
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

http::Response choice_page(Services& services, Request const& request, Choice const& choice, Error const* error,
                           json trial = {})
{
    bool const posted = request.method == Method::post;
    auto const& draft = choice.draft.job;
    std::string const batch{request.param("id")};
    json view{{"title", text(services, request, "console.label.title")},
              {"section", "batches"},
              {"action", "/console/batches/" + batch + "/labels"},
              {"batch_url", "/console/batches/" + batch},
              {"product_name", draft.product_name},
              {"lot", draft.lot},
              {"made_on", draft.made_on ? show_date(request, to_iso(*draft.made_on)) : ""},
              {"use_by", draft.use_by ? show_date(request, to_iso(*draft.use_by)) : ""},
              {"specimen", draft.specimen},
              {"public_url", services.settings.public_url},
              {"stocks", json::array()}};
    if (!trial.is_null()) view["trial"] = std::move(trial);
    json values = request.form.to_json();
    if (!posted)
        values = {
            {"stock", usual_stock}, {"kind", "batch"}, {"count", "65"}, {"first_position", "1"}, {"test_first", "1"}};
    auto const stock = values.value("stock", "");
    for (auto const& preview : choice.previews) view["stocks"].push_back(stock_view(services, request, preview, stock));
    view["kind_batch"] = values.value("kind", "") != "unit";
    view["kind_unit"] = values.value("kind", "") == "unit";
    view["begun_open"] = values.value("first_position", "1") != "1";
    FormView form{services, request, "console.label", values, error};
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
    return console_page(services, request, "console/labels", std::move(view), error);
}

Result<app::LabelRequest> read_wish(Request const& request)
{
    auto const values = request.form.first();
    std::vector<FieldError> faults;
    JsonReader in{values, faults};
    app::LabelRequest wanted = draft_request(request);
    wanted.stock = in.text("stock", 40);
    wanted.printer = in.optional_text("printer", 40).value_or("");
    wanted.count = in.integer("count", 1, static_cast<std::int64_t>(limits::labels_per_job_max));
    wanted.first_position = in.optional_integer("first_position", 1, 1000).value_or(1);
    wanted.test_first = in.flag("test_first");
    wanted.keyed = in.flag("keyed");
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return wanted;
}

/// What is known of a wish before the lot is locked and codes are given out.
net::awaitable<Result<Preview>> preview_wish(Services& services, Request const& request, app::LabelRequest wanted)
{
    auto read = [org = request.who.org, wanted, address = address_of(services)](db::Connection& c) {
        return app::draft_label_job(c, org, wanted, address);
    };
    auto draft = co_await services.database.read(std::move(read));
    if (!draft) co_return std::move(draft).error();
    auto check = [print = *std::move(draft)] { return Preview{print.job.stock, preflight_of(print)}; };
    co_return co_await services.cpu_pool.run(std::move(check));
}

/// Refuses what cannot be drawn. A fault of the drawing belongs to the choice of the stock.
Status check_drawable(Preview const& preview)
{
    if (preview.preflight.ok()) return Done{};
    auto faults = preview.preflight.faults;
    for (auto& fault : faults) fault.pointer = "/stock";
    return invalid_fields(std::move(faults));
}

/// One label of the wish as a picture, and what is to be said about it.
json trial_view(Services const& services, Request const& request, app::LabelRequest const& wanted,
                Preview const& preview)
{
    constexpr double dots_per_mm = 8; // larger than on paper, so that small letters can be read
    constexpr double width_max = 560;
    auto const& stock = preview.stock;
    auto const name = stock_name(request, stock);
    auto const scale = std::min(dots_per_mm, width_max / stock.label_width);
    auto const url = make_url("/console/batches/" + wanted.batch.text() + "/labels/preview",
                              {{"stock", wanted.stock}, {"kind", wanted.kind}, {"printer", wanted.printer}});
    return {{"fits", preview.preflight.ok()},
            {"url", url},
            {"stock", name},
            {"alt", text(services, request, "console.label.trial.alt", {name})},
            {"width", std::lround(stock.label_width * scale)},
            {"height", std::lround(stock.label_height * scale)},
            {"symbol", symbol_size(services, request, preview.preflight)},
            {"faults", findings(services, request, preview.preflight.faults)},
            {"warnings", findings(services, request, preview.preflight.warnings)}};
}

} // namespace

net::awaitable<http::Response> choose_labels(Services& services, Request const& request)
{
    auto const choice = co_await load_choice(services, request);
    if (!choice) co_return page_problem(services, request, choice.error());
    co_return choice_page(services, request, *choice, nullptr);
}

net::awaitable<http::Response> create_labels(Services& services, Request const& request)
{
    auto const choice = co_await load_choice(services, request);
    if (!choice) co_return page_problem(services, request, choice.error());
    auto const wanted = read_wish(request);
    if (!wanted) co_return choice_page(services, request, *choice, &wanted.error());
    auto const preview = co_await preview_wish(services, request, *wanted);
    if (!preview) co_return choice_page(services, request, *choice, &preview.error());
    if (request.form.get("action") == "preview")
        co_return choice_page(services, request, *choice, nullptr, trial_view(services, request, *wanted, *preview));
    auto const drawable = check_drawable(*preview);
    if (!drawable) co_return choice_page(services, request, *choice, &drawable.error());
    auto work = [actor = actor_of(services, request), wanted = *wanted,
                 address = address_of(services)](db::Connection& c) -> Result<std::string> {
        auto const job = app::create_label_job(c, actor, wanted, address);
        if (!job) return job.error();
        return label_job_url(*job);
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (!saved) {
        count_limit(services, saved.error());
        co_return choice_page(services, request, *choice, &saved.error());
    }
    wake_label_worker(services);
    co_await wait_for_label_job(services, request.who.org, saved->substr(label_job_url("").size()),
                                limits::label_wait_time);
    co_return redirect(*saved);
}

} // namespace nguon::server::pages::console
