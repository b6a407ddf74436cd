#include "core/fold.hpp"
#include "db/batches.hpp"
#include "db/people.hpp"
#include "db/places.hpp"
#include "db/products.hpp"
#include "db/reference.hpp"
#include "server/app/events.hpp"
#include "server/pages/console/desk.hpp"
#include "server/pages/console/step_form.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

namespace nguon::server::pages::console {
namespace {

constexpr std::int64_t batches_offered = 30;
constexpr std::array<std::string_view, 3> plain_grades{"1", "2", "3"};

struct OfferedBatch {
    db::batches::Head head = {};
    std::string template_group = {};
};

/// What the screen needs: the lots, the plots of all members, and the latest day.
struct Ledger {
    std::vector<OfferedBatch> batches = {};
    std::vector<db::places::Head> places = {};
    std::vector<db::people::Plot> plots = {};
    std::map<std::string, app::LedgerRow, std::less<>> latest = {}; // by plot
};

std::string template_key_of(OfferedBatch const& batch) { return batch.template_group + ".receiving"; }

Result<Ledger> read_ledger(db::Connection& c, OrganizationId const& org, std::string const& chosen)
{
    Ledger out;
    auto heads = db::batches::list(c, org, 0, batches_offered);
    if (auto named = db::batches::find(c, org, BatchId{chosen}); named) {
        std::erase_if(heads, [&](auto const& head) { return head.id == named->id; });
        heads.insert(heads.begin(), *std::move(named));
    }
    for (auto& head : heads) {
        auto const product = db::products::find(c, org, head.product);
        auto const group = product ? db::reference::find_product_group(c, product->group_code) : std::nullopt;
        out.batches.push_back({std::move(head), group ? group->template_group : "general"});
    }
    out.places = db::places::list(c, org);
    out.plots = db::people::plots(c, org);
    if (!out.batches.empty())
        for (auto& row : app::latest_ledger(c, org, template_key_of(out.batches.front()))) {
            auto const plot = row.plot;
            out.latest.emplace(plot, std::move(row));
        }
    return out;
}

net::awaitable<Result<Ledger>> load(Services& services, Request const& request)
{
    auto const asked = request.method == Method::post ? request.form.get("batch") : request.query_value("batch");
    auto work = [org = request.who.org, chosen = std::string{asked}](db::Connection& c) {
        return read_ledger(c, org, chosen);
    };
    co_return co_await services.database.read(std::move(work));
}

/// The grades that the group's harvest form offers, else three plain ones.
std::vector<std::string> grades_of(Services const& services, Request const& request, std::string const& group)
{
    std::vector<std::string> out;
    if (auto const* harvest = epcis::find_template(group + ".harvest"); harvest != nullptr)
        for (auto const& field : harvest->own_fields)
            if (field.name == "grade")
                for (auto const& choice : field.choices) out.emplace_back(choice.label.vi);
    if (out.empty())
        for (auto const grade : plain_grades)
            out.push_back(text(services, request, "console.ledger.grade." + std::string{grade}));
    return out;
}

/// Thousandths of a kilogram, for sums without rounding; nothing for what is no weight.
std::optional<std::int64_t> grams_of(std::string_view typed)
{
    auto const read = read_decimal(typed, {.digits_max = 9, .decimals_max = 3}, Spelling::form);
    if (!read) return std::nullopt;
    auto const point = read->find('.');
    std::string digits = read->substr(0, point);
    std::string decimals = point == std::string::npos ? std::string{} : read->substr(point + 1);
    decimals.resize(3, '0');
    return std::stoll(digits + decimals);
}

std::string kilograms_of(std::int64_t grams)
{
    auto text = fmt::format("{}.{:03}", grams / 1000, grams % 1000);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text;
}

/// The rows as typed, in the order of the screen.
std::vector<app::LedgerRow> typed_rows(Form const& form)
{
    auto const plots = form.all("plot");
    auto const weights = form.all("kilograms");
    auto const grades = form.all("grade");
    std::vector<app::LedgerRow> rows;
    for (std::size_t i = 0; i < plots.size(); ++i)
        rows.push_back(
            {plots[i], i < weights.size() ? weights[i] : std::string{}, i < grades.size() ? grades[i] : std::string{}});
    for (auto& row : rows)
        if (row.kilograms.find_first_not_of(" \t") == std::string::npos) row.kilograms.clear();
    return rows;
}

std::vector<app::LedgerRow> first_rows(Request const& request, Ledger const& ledger)
{
    bool const like_yesterday = request.query_value("like") == "yesterday";
    std::vector<app::LedgerRow> rows;
    for (auto const& plot : ledger.plots) {
        auto const known = ledger.latest.find(plot.id);
        app::LedgerRow row{plot.id, {}, {}};
        if (known != ledger.latest.end()) {
            row.grade = known->second.grade; // the grade rarely changes from day to day
            if (like_yesterday) row.kilograms = typed_decimal(known->second.kilograms);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

json row_views(Services const& services, Request const& request, Ledger const& ledger,
               std::vector<app::LedgerRow> const& rows, json const& errors)
{
    auto const grades =
        grades_of(services, request, ledger.batches.empty() ? "general" : ledger.batches.front().template_group);
    std::map<std::string, db::people::Plot const*, std::less<>> plots;
    for (auto const& plot : ledger.plots) plots.emplace(plot.id, &plot);
    json out = json::array();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const& row = rows[i];
        auto const plot = plots.find(row.plot);
        auto const place = fmt::format("rows/{}/", i);
        auto const error_of = [&](std::string const& name) {
            return errors.is_object() ? errors["by_field"].value(place + name, "") : std::string{};
        };
        json options = json::array();
        options.push_back({{"value", ""}, {"text", "–"}, {"selected", row.grade.empty()}});
        bool known = row.grade.empty();
        for (auto const& grade : grades) {
            options.push_back({{"value", grade}, {"text", grade}, {"selected", grade == row.grade}});
            known = known || grade == row.grade;
        }
        if (!known) options.push_back({{"value", row.grade}, {"text", row.grade}, {"selected", true}});
        auto error = error_of("kilograms");
        if (error.empty()) error = error_of("grade");
        if (error.empty()) error = error_of("plot");
        out.push_back({{"number", i + 1},
                       {"plot", row.plot},
                       {"person", plot == plots.end() ? "" : plot->second->person_name},
                       {"plot_name", plot == plots.end() ? "" : plot->second->name},
                       {"kilograms", row.kilograms},
                       {"grades", std::move(options)},
                       {"error", error}});
    }
    return out;
}

void add_sums(json& view, Request const& request, std::vector<app::LedgerRow> const& rows)
{
    std::int64_t grams = 0;
    std::int64_t count = 0;
    std::map<std::string, std::int64_t> by_grade;
    for (auto const& row : rows) {
        auto const weight = row.kilograms.empty() ? std::nullopt : grams_of(row.kilograms);
        if (!weight || *weight == 0) continue;
        grams += *weight;
        ++count;
        by_grade[row.grade.empty() ? "–" : row.grade] += *weight;
    }
    view["sum"] = show_decimal(request, kilograms_of(grams));
    view["sum_rows"] = show_count(request, count);
    view["has_sum"] = count > 0;
    view["sums"] = json::array();
    if (by_grade.size() < 2) return;
    for (auto const& [grade, sum] : by_grade)
        view["sums"].push_back({{"grade", grade}, {"kilograms", show_decimal(request, kilograms_of(sum))}});
}

http::Response ledger_page(Services& services, Request const& request, Ledger const& ledger, Error const* error)
{
    bool const posted = request.method == Method::post;
    json view{{"title", text(services, request, "console.ledger.title")},
              {"section", "ledger"},
              {"has_batches", !ledger.batches.empty()},
              {"has_plots", !ledger.plots.empty()},
              {"has_latest", !ledger.latest.empty()},
              {"yesterday_url",
               make_url("/console/ledger", {{"like", "yesterday"}, {"batch", request.query_value("batch")}})}};
    json values = request.form.to_json();
    if (!posted) {
        values["time"] = typed_moment(services.clock.now());
        if (!ledger.batches.empty()) values["batch"] = ledger.batches.front().head.id.text();
        if (!ledger.places.empty()) values["place"] = ledger.places.front().id.text();
        for (auto const& place : ledger.places)
            if (place.kind == "collection") values["place"] = place.id.text();
    }
    Options batches;
    for (auto const& batch : ledger.batches)
        batches.emplace_back(batch.head.id.text(), batch.head.lot + " · " + batch.head.product_name);
    Options places;
    for (auto const& place : ledger.places) places.emplace_back(place.id.text(), place.name);
    FormView form{services, request, "console.ledger", values, error};
    form.add({.name = "batch", .type = "select", .required = true, .options = std::move(batches)});
    form.add({.name = "time", .type = "datetime-local", .required = true});
    form.add({.name = "place", .type = "select", .required = true, .options = std::move(places)});
    form.put_into(view);
    auto const rows = posted ? typed_rows(request.form) : first_rows(request, ledger);
    view["rows"] = row_views(services, request, ledger, rows, view.value("errors", json{}));
    if (view.contains("errors"))
        for (auto& item : view["errors"]["list"]) { // "rows/3/kilograms" leads to line 4
            auto const field = item["field"].get<std::string>();
            if (!field.starts_with("rows/")) continue;
            auto const index = std::stoul(field.substr(5));
            item["id"] = fmt::format("f-row-{}", index + 1);
            item["label"] = text(services, request, "console.ledger.line", {std::to_string(index + 1)});
        }
    add_sums(view, request, rows);
    return console_page(services, request, "console/ledger", std::move(view), error);
}

} // namespace

net::awaitable<http::Response> show_ledger(Services& services, Request const& request)
{
    auto const ledger = co_await load(services, request);
    if (!ledger) co_return page_problem(services, request, ledger.error());
    co_return ledger_page(services, request, *ledger, nullptr);
}

net::awaitable<http::Response> save_ledger(Services& services, Request const& request)
{
    auto const ledger = co_await load(services, request);
    if (!ledger) co_return page_problem(services, request, ledger.error());
    if (request.form.has("sum")) co_return ledger_page(services, request, *ledger, nullptr);
    app::LedgerDay day;
    day.batch = BatchId{std::string{request.form.get("batch")}};
    day.time = request.form.get("time");
    day.place = request.form.get("place");
    day.rows = typed_rows(request.form);
    if (!ledger->batches.empty()) day.template_key = template_key_of(ledger->batches.front());
    auto work = [actor = actor_of(services, request), day](db::Connection& c) -> Result<std::string> {
        if (auto recorded = app::record_ledger(c, actor, day); !recorded) return std::move(recorded).error();
        return "/console/batches/" + day.batch.text() + "?done=ledger_saved";
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    auto const error = placed(saved.error(), {{"batch.unknown", "batch"}});
    co_return ledger_page(services, request, *ledger, &error);
}

} // namespace nguon::server::pages::console
