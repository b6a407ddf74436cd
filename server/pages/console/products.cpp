#include "server/app/products.hpp"
#include "db/batches.hpp"
#include "db/deliveries.hpp"
#include "db/reference.hpp"
#include "db/search_words.hpp"
#include "server/http/static_files.hpp"
#include "server/pages/console/delivery_view.hpp"
#include "server/pages/console/desk.hpp"

#include <algorithm>

namespace nguon::server::pages::console {
namespace {

constexpr std::size_t name_chars_max = 120;
constexpr std::int64_t batches_shown = 20;

std::string name_of(Request const& request, db::reference::ProductGroup const& group)
{
    return request.language == "en" ? group.name_en : group.name;
}

/// What the form needs: the catalogue of groups, and the product as it is when there is one.
struct ProductForm {
    std::vector<db::reference::ProductGroup> groups = {};
    app::ProductView product = {};
};

Result<ProductForm> read_product_form(db::Connection& c, Request const& request)
{
    ProductForm form;
    form.groups = db::reference::product_groups(c);
    ProductId const id{std::string{request.param("id")}};
    if (id.empty()) return form;
    auto product = app::show_product(c, request.who.org, id);
    if (!product) return product.error();
    form.product = *std::move(product);
    return form;
}

net::awaitable<Result<ProductForm>> load(Services& services, Request const& request)
{
    auto work = [&request](db::Connection& c) { return read_product_form(c, request); };
    co_return co_await services.database.read(std::move(work));
}

json values_of(Product const& product)
{
    std::string standards;
    for (auto const& standard : product.applied_standards) standards += (standards.empty() ? "" : "\n") + standard;
    auto const number = [](int value) { return value == 0 ? std::string{} : std::to_string(value); };
    return {{"name", product.name},
            {"group_code", product.group_code},
            {"net_weight", typed_decimal(product.net_weight)},
            {"weight_unit", product.weight_unit},
            {"gtin", product.gtin},
            {"brand", product.brand},
            {"description", product.description},
            {"origin", product.origin},
            {"applied_standards", standards},
            {"shelf_life_days", number(product.shelf_life_days)},
            {"code", product.code},
            {"hs_code", product.hs_code},
            {"risk_level", product.risk_level},
            {"mandatory", product.mandatory ? "1" : ""},
            {"ocop_stars", number(product.ocop_stars)},
            {"ocop_decision", product.ocop_decision},
            {"ocop_valid_to", product.ocop_valid_to},
            {"target_market", product.target_market}};
}

/// Groups as pictures to tap.
json group_tiles(Services const& services, Request const& request, ProductForm const& shown, std::string_view chosen)
{
    json tiles = json::array();
    for (auto const& group : shown.groups)
        tiles.push_back({{"code", group.code},
                         {"name", name_of(request, group)},
                         {"icon", services.static_files.url("groups.svg") + "#" + group.code},
                         {"checked", group.code == chosen}});
    return tiles;
}

void add_fields(Services const& services, Request const& request, FormView& form, bool known)
{
    Options units{{"", "–"}};
    for (auto& unit : options_of(services, request, "console.product.weight_unit", weight_units))
        units.push_back(std::move(unit));
    form.add({.name = "name", .required = true, .seen_by = SeenBy::everyone, .chars_max = name_chars_max});
    form.add({.name = "photo", .type = "file", .seen_by = SeenBy::everyone, .accept = picture_types});
    form.add({.name = "net_weight", .seen_by = SeenBy::everyone, .input_mode = "decimal", .chars_max = 20});
    form.add({.name = "weight_unit", .type = "select", .options = std::move(units)});
    form.add({.name = "gtin", .seen_by = SeenBy::everyone, .input_mode = "numeric", .chars_max = 20});
    form.add({.name = "shelf_life_days", .input_mode = "numeric", .chars_max = 5});
    form.add({.name = "origin", .seen_by = SeenBy::everyone, .chars_max = name_chars_max});
    form.add({.name = "applied_standards", .type = "textarea", .seen_by = SeenBy::everyone, .chars_max = 2000});
    form.add({.name = "brand", .seen_by = SeenBy::everyone, .chars_max = 80});
    form.add({.name = "description", .type = "textarea", .seen_by = SeenBy::everyone, .chars_max = 1000});
    form.add({.name = "ocop_stars",
              .type = "select",
              .seen_by = SeenBy::everyone,
              .options = {{"", "–"}, {"3", "3 ★"}, {"4", "4 ★"}, {"5", "5 ★"}}});
    form.add({.name = "ocop_decision", .chars_max = 60});
    form.add({.name = "ocop_valid_to", .type = "date"});
    form.add({.name = "hs_code", .seen_by = SeenBy::authority, .input_mode = "numeric", .chars_max = 14});
    form.add({.name = "risk_level",
              .type = "select",
              .seen_by = SeenBy::authority,
              .options = options_of(services, request, "console.product.risk_level", risk_levels)});
    form.add({.name = "mandatory", .type = "checkbox", .seen_by = SeenBy::authority});
    form.add({.name = "code", .seen_by = SeenBy::authority, .chars_max = 20});
    if (known) form.add({.name = "reason", .required = true, .seen_by = SeenBy::authority, .chars_max = 300});
}

http::Response product_page(Services& services, Request const& request, ProductForm const& shown, Error const* error)
{
    bool const posted = request.method == Method::post;
    auto const& head = shown.product.head;
    bool const known = !head.id.empty();
    json view{{"title", known ? head.name : text(services, request, "console.product.new")},
              {"section", "products"},
              {"known", known},
              {"action", known ? "/console/products/" + head.id.text() + "/edit" : "/console/products/new"},
              {"back", known ? "/console/products/" + head.id.text() : "/console/products"}};
    auto const values = posted ? request.form.to_json() : values_of(shown.product.latest);
    FormView form{services, request, "console.product", values, error};
    add_fields(services, request, form, known);
    form.put_into(view);
    view["groups"] = group_tiles(services, request, shown, values.value("group_code", ""));
    if (error != nullptr) {
        auto const& faults = view["errors"]["by_field"];
        view["group_error"] = faults.value("group_code", "");
        view["photo_again"] = !request.form.files().empty();
    }
    view["gtin_open"] = !values.value("gtin", "").empty();
    view["more_open"] = known || error != nullptr;
    view["photo"] = shown.product.latest.thumbnails.empty() ? "" : file_url(shown.product.latest.thumbnails.front());
    return console_page(services, request, "console/product_form", std::move(view), error);
}

Error at_its_field(Error error)
{
    return placed(std::move(error), {{"product.code_taken", "code"},
                                     {"gtin.disputed", "gtin"},
                                     {"gtin.locked", "gtin"},
                                     {"identifier.taken", "gtin"}});
}

struct List {
    std::vector<db::products::Head> products = {};
    std::vector<std::string> thumbnails = {}; // of each, or ""
};

Result<List> read_list(db::Connection& c, OrganizationId const& org, std::string const& query, std::int64_t page)
{
    List out;
    if (query.empty()) {
        out.products = db::products::list(c, org, (page - 1) * page_rows, page_rows + 1);
    } else {
        for (auto const& hit : db::search_words::find(c, org, "product", query, page_rows))
            if (auto head = db::products::find(c, org, ProductId{hit.entity_id}); head)
                out.products.push_back(*std::move(head));
    }
    for (auto const& head : out.products) {
        auto const fields = db::products::fields(c, head.id, head.latest_version);
        out.thumbnails.push_back(fields && !fields->thumbnails.empty() ? fields->thumbnails.front() : std::string{});
    }
    return out;
}

struct Shown {
    app::ProductView product = {};
    std::string group = {};
    std::vector<db::batches::Head> batches = {};
    std::vector<db::deliveries::View> deliveries = {};
    std::vector<db::versions::Version> history = {};
};

Result<Shown> read_shown(db::Connection& c, Request const& request)
{
    auto const& org = request.who.org;
    ProductId const id{std::string{request.param("id")}};
    auto product = app::show_product(c, org, id);
    if (!product) return product.error();
    Shown out;
    out.product = *std::move(product);
    if (auto const group = db::reference::find_product_group(c, out.product.latest.group_code))
        out.group = name_of(request, *group);
    out.batches = db::batches::list_of_product(c, org, id, batches_shown);
    out.deliveries = db::deliveries::of_record(c, org, "product", id.text());
    out.history = db::versions::history(c, id.text());
    return out;
}

json facts_of(Services const& services, Request const& request, Shown const& shown)
{
    auto const& latest = shown.product.latest;
    json facts = json::array();
    auto const add = [&](std::string_view key, std::string value) {
        facts.push_back(
            {{"label", text(services, request, "console.product." + std::string{key})}, {"value", std::move(value)}});
    };
    add("group", shown.group);
    auto const unit = latest.weight_unit.empty()
                          ? std::string{}
                          : " " + text(services, request, "console.product.weight_unit." + latest.weight_unit);
    add("net_weight", latest.net_weight.empty() ? "" : show_decimal(request, latest.net_weight) + unit);
    add("gtin", latest.gtin);
    add("origin", latest.origin);
    std::string standards;
    for (auto const& standard : latest.applied_standards) standards += (standards.empty() ? "" : ", ") + standard;
    add("applied_standards", standards);
    add("shelf_life_days", latest.shelf_life_days == 0 ? "" : std::to_string(latest.shelf_life_days));
    if (latest.ocop_stars > 0) add("ocop_stars", std::to_string(latest.ocop_stars) + " ★");
    if (!latest.brand.empty()) add("brand", latest.brand);
    if (!latest.description.empty()) add("description", latest.description);
    add("code", latest.code);
    return facts;
}

json batch_rows(Services const& services, Request const& request, std::vector<db::batches::Head> const& batches)
{
    json rows = json::array();
    for (auto const& batch : batches)
        rows.push_back({{"lot", batch.lot},
                        {"url", "/console/batches/" + batch.id.text()},
                        {"made_on", show_date(request, batch.made_on)},
                        {"expires_on", show_date(request, batch.expires_on)},
                        {"printed", batch.printed_at.has_value()},
                        {"chip", chip(services, request, "console.batch.status", batch.status)}});
    return rows;
}

} // namespace

net::awaitable<http::Response> show_products(Services& services, Request const& request)
{
    std::string const query{request.query_value("query")};
    auto work = [org = request.who.org, query, page = page_number(request)](db::Connection& c) {
        return read_list(c, org, query, page);
    };
    auto list = co_await services.database.read(std::move(work));
    if (!list) co_return page_problem(services, request, list.error());
    json view{{"title", text(services, request, "nav.products")},
              {"section", "products"},
              {"query", query},
              {"search_url", "/console/products"},
              {"search_hint", text(services, request, "console.product.search_hint")},
              {"may_write", request.who.may("product:write")},
              {"rows", json::array()}};
    add_pages(view, request, "/console/products", list->products.size());
    auto const count = std::min(list->products.size(), static_cast<std::size_t>(page_rows));
    for (std::size_t i = 0; i < count; ++i) {
        auto const& head = list->products[i];
        view["rows"].push_back({{"name", head.name},
                                {"url", "/console/products/" + head.id.text()},
                                {"code", head.gtin.empty() ? head.code : head.gtin},
                                {"photo", file_url(list->thumbnails[i])},
                                {"chip", chip(services, request, "console.product.status", head.status)}});
    }
    co_return console_page(services, request, "console/products", std::move(view));
}

net::awaitable<http::Response> show_product(Services& services, Request const& request)
{
    auto work = [&request](db::Connection& c) { return read_shown(c, request); };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const& head = shown->product.head;
    auto const& latest = shown->product.latest;
    json view{{"title", latest.name},
              {"section", "products"},
              {"id", head.id.text()},
              {"status", chip(services, request, "console.product.status", head.status)},
              {"status_text", text(services, request, "console.product.status." + head.status + ".text")},
              {"status_reason", head.status == "published" ? "" : head.status_reason},
              {"photo", latest.images.empty() ? "" : file_url(latest.images.front())},
              {"facts", facts_of(services, request, *shown)},
              {"may_write", request.who.may("product:write")},
              {"may_make", request.who.may("batch:write")},
              {"make_url", make_url("/console/batches/new", {{"product", head.id.text()}})},
              {"missing", json::array()},
              {"batches", batch_rows(services, request, shown->batches)},
              {"has_batches", !shown->batches.empty()},
              {"deliveries", record_deliveries(services, request, shown->deliveries)},
              {"history", json::array()}};
    for (auto const& name : shown->product.missing)
        view["missing"].push_back({{"text", text(services, request, "console.product.missing." + name)}});
    view["has_missing"] = !shown->product.missing.empty();
    for (auto const& version : shown->history)
        view["history"].push_back({{"time", show_moment(request, version.recorded_at)}, {"reason", version.reason}});
    co_return console_page(services, request, "console/product", std::move(view));
}

net::awaitable<http::Response> new_product(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return product_page(services, request, *shown, nullptr);
}

net::awaitable<http::Response> edit_product(Services& services, Request const& request)
{
    co_return co_await new_product(services, request);
}

net::awaitable<http::Response> save_product(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const product = read_form_as(request.form, &read_product);
    if (!product) co_return product_page(services, request, *shown, &product.error());
    auto const photos = co_await read_photos(services, request, "photo");
    if (!photos) co_return product_page(services, request, *shown, &photos.error());
    auto work = [actor = actor_of(services, request), product = *product,
                 photos = *photos](db::Connection& c) -> Result<std::string> {
        auto const id = app::register_product(c, actor, product, photos);
        if (!id) return id.error();
        return make_url("/console/batches/new", {{"product", id->text()}, {"done", "product_saved"}});
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    auto const error = at_its_field(saved.error());
    co_return product_page(services, request, *shown, &error);
}

net::awaitable<http::Response> change_product(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const product = read_form_as(request.form, &read_product);
    if (!product) co_return product_page(services, request, *shown, &product.error());
    auto const reason = read_reason(request.form);
    if (!reason) co_return product_page(services, request, *shown, &reason.error());
    auto const photos = co_await read_photos(services, request, "photo");
    if (!photos) co_return product_page(services, request, *shown, &photos.error());
    auto work = [actor = actor_of(services, request), id = shown->product.head.id, product = *product, photos = *photos,
                 reason = *reason](db::Connection& c) -> Result<std::string> {
        if (auto changed = app::change_product(c, actor, id, product, photos, reason); !changed)
            return std::move(changed).error();
        return "/console/products/" + id.text() + "?done=saved";
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    auto const error = at_its_field(saved.error());
    co_return product_page(services, request, *shown, &error);
}

} // namespace nguon::server::pages::console
