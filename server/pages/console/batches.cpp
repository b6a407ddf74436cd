#include "server/app/batches.hpp"
#include "db/deliveries.hpp"
#include "db/events.hpp"
#include "db/products.hpp"
#include "db/reference.hpp"
#include "db/search_words.hpp"
#include "server/pages/console/delivery_view.hpp"
#include "server/pages/console/desk.hpp"
#include "server/pages/console/event_view.hpp"
#include "server/pages/console/label_view.hpp"

#include <array>

namespace nguon::server::pages::console {
namespace {

constexpr std::int64_t products_offered = 200;
constexpr std::size_t events_shown = 200;
constexpr std::array<std::string_view, 8> units{"kg", "tan", "goi", "hop", "tui", "chai", "lit", "cai"};

/// What the form needs: the product, or all to choose from; and the batch as it is when there is one.
struct BatchForm {
    std::vector<db::products::Head> products = {};
    db::products::Head product = {};
    int shelf_life_days = 0;
    std::string lot = {}; // proposed
    db::batches::Head head = {};
    Batch batch = {};
};

Result<BatchForm> read_new(db::Connection& c, OrganizationId const& org, ProductId const& product, Date today)
{
    BatchForm form;
    if (product.empty()) {
        form.products = db::products::list(c, org, 0, products_offered);
        if (form.products.size() != 1) return form;
        form.product = form.products.front();
    } else {
        auto found = db::products::find(c, org, product);
        if (!found) return found.error();
        form.product = *std::move(found);
    }
    if (auto const fields = db::products::fields(c, form.product.id, form.product.latest_version))
        form.shelf_life_days = fields->shelf_life_days;
    form.lot = app::propose_lot(c, org, form.product.id, today);
    return form;
}

Result<BatchForm> read_known(db::Connection& c, OrganizationId const& org, BatchId const& id)
{
    auto batch = app::show_batch(c, org, id);
    if (!batch) return batch.error();
    BatchForm form;
    form.head = std::move(batch->head);
    form.batch = std::move(batch->latest);
    return form;
}

net::awaitable<Result<BatchForm>> load(Services& services, Request const& request)
{
    auto const asked = request.method == Method::post ? request.form.get("product") : request.query_value("product");
    auto work = [org = request.who.org, id = BatchId{std::string{request.param("id")}},
                 product = ProductId{std::string{asked}},
                 today = vietnam_date(services.clock.now())](db::Connection& c) {
        return id.empty() ? read_new(c, org, product, today) : read_known(c, org, id);
    };
    co_return co_await services.database.read(std::move(work));
}

json first_values(BatchForm const& form, Date today)
{
    if (!form.head.id.empty())
        return {{"lot", form.batch.lot},
                {"made_on", form.batch.made_on},
                {"expires_on", form.batch.expires_on},
                {"quantity", typed_decimal(form.batch.quantity)},
                {"unit", form.batch.unit},
                {"note", form.batch.note}};
    json values{{"lot", form.lot}, {"made_on", to_iso(today)}, {"unit", "kg"}, {"product", form.product.id.text()}};
    if (form.shelf_life_days > 0)
        values["expires_on"] = to_iso(Date{std::chrono::sys_days{today} + std::chrono::days{form.shelf_life_days}});
    return values;
}

Options unit_options(Services const& services, Request const& request, std::string_view present)
{
    auto options = options_of(services, request, "console.unit", units);
    bool const known = present.empty() || std::ranges::find(units, present) != units.end();
    if (!known) options.emplace_back(present, present); // came by another way
    return options;
}

http::Response batch_page(Services& services, Request const& request, BatchForm const& shown, Error const* error)
{
    bool const posted = request.method == Method::post;
    bool const known = !shown.head.id.empty();
    bool const chosen = !shown.product.id.empty();
    json view{{"title", text(services, request, known ? "console.batch.edit" : "console.batch.new")},
              {"section", "batches"},
              {"known", known},
              {"product_name", known ? shown.head.product_name : shown.product.name},
              {"choose", !known && !chosen},
              {"none", !known && !chosen && shown.products.empty()},
              {"printed", known && shown.head.printed_at.has_value()},
              {"action", known ? "/console/batches/" + shown.head.id.text() + "/edit" : "/console/batches/new"},
              {"back", known ? "/console/batches/" + shown.head.id.text() : "/console/batches"}};
    auto const values = posted ? request.form.to_json() : first_values(shown, vietnam_date(services.clock.now()));
    FormView form{services, request, "console.batch", values, error};
    if (!known && !chosen) {
        Options products{{"", text(services, request, "console.choose")}};
        for (auto const& product : shown.products) products.emplace_back(product.id.text(), product.name);
        form.add({.name = "product", .type = "select", .required = true, .options = std::move(products)});
    } else {
        form.add({.name = "product", .type = "hidden"});
    }
    form.add({.name = "lot", .required = true, .seen_by = SeenBy::everyone, .chars_max = 20});
    form.add({.name = "made_on", .type = "date", .seen_by = SeenBy::everyone});
    form.add({.name = "expires_on", .type = "date", .seen_by = SeenBy::everyone});
    form.add({.name = "quantity", .seen_by = SeenBy::authority, .input_mode = "decimal", .chars_max = 20});
    form.add({.name = "unit", .type = "select", .options = unit_options(services, request, values.value("unit", ""))});
    form.add({.name = "note", .type = "textarea", .seen_by = SeenBy::authority, .chars_max = 500});
    if (known) form.add({.name = "reason", .required = true, .seen_by = SeenBy::authority, .chars_max = 300});
    form.put_into(view);
    view["note_open"] = !values.value("note", "").empty();
    return console_page(services, request, "console/batch_form", std::move(view), error);
}

Error at_its_field(Error error)
{
    return placed(std::move(error), {{"batch.exists", "lot"}, {"batch.lot_locked", "lot"}});
}

Result<std::vector<db::batches::Head>> read_list(db::Connection& c, OrganizationId const& org, std::string const& query,
                                                 std::int64_t page)
{
    if (query.empty()) return db::batches::list(c, org, (page - 1) * page_rows, page_rows + 1);
    std::vector<db::batches::Head> out;
    for (auto const& hit : db::search_words::find(c, org, "batch", query, page_rows))
        if (auto head = db::batches::find(c, org, BatchId{hit.entity_id}); head) out.push_back(*std::move(head));
    if (!out.empty()) return out;
    // Nobody remembers lot numbers: the name of the product finds its batches.
    for (auto const& hit : db::search_words::find(c, org, "product", query, page_rows))
        for (auto& head : db::batches::list_of_product(c, org, ProductId{hit.entity_id}, page_rows))
            if (out.size() < static_cast<std::size_t>(page_rows)) out.push_back(std::move(head));
    return out;
}

struct Shown {
    app::BatchView batch = {};
    std::vector<EventRow> events = {};
    std::vector<db::label_jobs::Job> jobs = {};
    std::vector<db::deliveries::View> deliveries = {};
    std::vector<db::versions::Version> history = {};
};

Result<Shown> read_shown(db::Connection& c, OrganizationId const& org, BatchId const& id)
{
    auto batch = app::show_batch(c, org, id);
    if (!batch) return batch.error();
    Shown out;
    out.batch = *std::move(batch);
    auto stored = db::events::of_batch(c, org, id, events_shown);
    std::reverse(stored.begin(), stored.end()); // as it happened
    out.events = describe_events(c, org, stored);
    out.jobs = db::label_jobs::of_batch(c, org, id);
    out.deliveries = db::deliveries::of_record(c, org, "batch", id.text());
    out.history = db::versions::history(c, id.text());
    return out;
}

json facts_of(Services const& services, Request const& request, app::BatchView const& view)
{
    auto const& latest = view.latest;
    json facts = json::array();
    auto const add = [&](std::string_view key, std::string value) {
        facts.push_back(
            {{"label", text(services, request, "console.batch." + std::string{key})}, {"value", std::move(value)}});
    };
    add("made_on", show_date(request, latest.made_on));
    add("expires_on", show_date(request, latest.expires_on));
    auto const* unit = services.locale.find(request.language, "console.unit." + latest.unit);
    add("quantity", latest.quantity.empty()
                        ? std::string{}
                        : show_decimal(request, latest.quantity) + " " + (unit == nullptr ? latest.unit : *unit));
    if (!latest.note.empty()) add("note", latest.note);
    add("code", view.head.code);
    return facts;
}

json jobs_of(Services const& services, Request const& request, std::vector<db::label_jobs::Job> const& jobs)
{
    json out = json::array();
    for (auto const& job : jobs) out.push_back(label_job_line(services, request, job));
    return out;
}

} // namespace

net::awaitable<http::Response> show_batches(Services& services, Request const& request)
{
    std::string const query{request.query_value("query")};
    auto work = [org = request.who.org, query, page = page_number(request)](db::Connection& c) {
        return read_list(c, org, query, page);
    };
    auto const list = co_await services.database.read(std::move(work));
    if (!list) co_return page_problem(services, request, list.error());
    json view{{"title", text(services, request, "nav.batches")},
              {"section", "batches"},
              {"query", query},
              {"search_url", "/console/batches"},
              {"search_hint", text(services, request, "console.batch.search_hint")},
              {"may_write", request.who.may("batch:write")},
              {"may_print", request.who.may("label:print")},
              {"rows", json::array()},
              {"has_rows", !list->empty()}};
    add_pages(view, request, "/console/batches", list->size());
    for (auto const& head : *list) {
        if (view["rows"].size() == static_cast<std::size_t>(page_rows)) break;
        view["rows"].push_back({{"lot", head.lot},
                                {"product", head.product_name},
                                {"url", "/console/batches/" + head.id.text()},
                                {"made_on", show_date(request, head.made_on)},
                                {"expires_on", show_date(request, head.expires_on)},
                                {"printed", head.printed_at.has_value()},
                                {"chip", chip(services, request, "console.batch.status", head.status)}});
    }
    co_return console_page(services, request, "console/batches", std::move(view));
}

net::awaitable<http::Response> show_batch(Services& services, Request const& request)
{
    auto work = [org = request.who.org, id = BatchId{std::string{request.param("id")}}](db::Connection& c) {
        return read_shown(c, org, id);
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const& head = shown->batch.head;
    json view{{"title", text(services, request, "console.batch.lot_title", {head.lot})},
              {"section", "batches"},
              {"id", head.id.text()},
              {"product_name", head.product_name},
              {"product_url", "/console/products/" + head.product.text()},
              {"public_url", "/t/" + head.code},
              {"trace_url", request.who.may("event:read") ? "/console/trace?code=" + head.code : std::string{}},
              {"status", chip(services, request, "console.batch.status", head.status)},
              {"status_reason", head.status == "active" ? "" : head.status_reason},
              {"facts", facts_of(services, request, shown->batch)},
              {"events", json::array()},
              {"has_events", !shown->events.empty()},
              {"jobs", jobs_of(services, request, shown->jobs)},
              {"has_jobs", !shown->jobs.empty()},
              {"deliveries", record_deliveries(services, request, shown->deliveries)},
              {"history", json::array()},
              {"may_write", request.who.may("batch:write")},
              {"may_print", request.who.may("label:print")},
              {"may_record", request.who.may("event:write")}};
    for (auto const& row : shown->events) view["events"].push_back(event_view(services, request, row));
    for (auto const& version : shown->history)
        view["history"].push_back({{"time", show_moment(request, version.recorded_at)}, {"reason", version.reason}});
    co_return console_page(services, request, "console/batch", std::move(view));
}

net::awaitable<http::Response> new_batch(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return batch_page(services, request, *shown, nullptr);
}

net::awaitable<http::Response> edit_batch(Services& services, Request const& request)
{
    co_return co_await new_batch(services, request);
}

net::awaitable<http::Response> save_batch(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const batch = read_form_as(request.form, &read_batch);
    if (!batch) co_return batch_page(services, request, *shown, &batch.error());
    if (shown->product.id.empty()) {
        auto const error = invalid_fields({{"product", "field.required", {}}});
        co_return batch_page(services, request, *shown, &error);
    }
    auto work = [actor = actor_of(services, request), product = shown->product.id,
                 batch = *batch](db::Connection& c) -> Result<std::string> {
        auto const id = app::register_batch(c, actor, product, batch);
        if (!id) return id.error();
        return "/console/batches/" + id->text() + "/events/new?done=batch_saved";
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    auto const error = at_its_field(saved.error());
    co_return batch_page(services, request, *shown, &error);
}

net::awaitable<http::Response> change_batch(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const batch = read_form_as(request.form, &read_batch);
    if (!batch) co_return batch_page(services, request, *shown, &batch.error());
    auto const reason = read_reason(request.form);
    if (!reason) co_return batch_page(services, request, *shown, &reason.error());
    auto work = [actor = actor_of(services, request), id = shown->head.id, batch = *batch,
                 reason = *reason](db::Connection& c) -> Result<std::string> {
        if (auto changed = app::change_batch(c, actor, id, batch, reason); !changed) return std::move(changed).error();
        return "/console/batches/" + id.text() + "?done=batch_changed";
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    auto const error = at_its_field(saved.error());
    co_return batch_page(services, request, *shown, &error);
}

} // namespace nguon::server::pages::console
