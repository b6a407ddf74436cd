#include "server/app/links.hpp"

#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"
#include "db/batches.hpp"
#include "db/products.hpp"
#include "server/app/link_types.hpp"
#include "server/http/limit_hits.hpp"
#include "server/pages/console/desk.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace nguon::server::pages::console {
namespace {

constexpr std::int64_t lots_offered = 100;
constexpr std::int64_t links_shown = 1000; // of one product

/// The kinds that producers ask for, the most usual first; programs may use every type of the vocabulary.
constexpr std::array<std::string_view, 20> offered_types{
    "instructions", "pip",          "certificationInfo",  "relatedVideo",
    "faqs",         "recipeInfo",   "ingredientsInfo",    "nutritionalInfo",
    "allergenInfo", "safetyInfo",   "sustainabilityInfo", "homepage",
    "socialMedia",  "hasRetailers", "promotion",          "support",
    "review",       "recallStatus", "locationInfo",       "epcis"};

/// A page about links: of one product, of all other codes, or one link.
struct Shown {
    db::products::Head product = {}; // empty: other codes
    std::vector<std::string> lots = {};
    std::vector<db::links::Link> links = {};
};

Result<Shown> read_shown(db::Connection& c, OrganizationId const& org, ProductId const& id, std::int64_t page)
{
    Shown out;
    if (id.empty()) {
        out.links = db::links::list_of_other_keys(c, org, (page - 1) * page_rows, page_rows + 1);
        return out;
    }
    auto product = db::products::find(c, org, id);
    if (!product) return product.error();
    out.product = *std::move(product);
    for (auto const& batch : db::batches::list_of_product(c, org, id, lots_offered)) out.lots.push_back(batch.lot);
    std::vector<gs1::AiValue> const key{{"01", out.product.gtin}};
    if (!out.product.gtin.empty()) out.links = db::links::list(c, org, app::anchor_of(key).key, 0, links_shown);
    return out;
}

net::awaitable<Result<Shown>> load(Services& services, Request const& request)
{
    auto work = [org = request.who.org, id = ProductId{std::string{request.param("id")}},
                 page = page_number(request)](db::Connection& c) { return read_shown(c, org, id, page); };
    co_return co_await services.database.read(std::move(work));
}

std::string kind_text(Services const& services, Request const& request, std::string_view type)
{
    return text(services, request, "link.type." + std::string{type});
}

Options kind_options(Services const& services, Request const& request, std::string_view chosen)
{
    Options out;
    for (auto const type : offered_types) out.emplace_back(std::string{type}, kind_text(services, request, type));
    bool const offered = chosen.empty() || std::ranges::find(offered_types, chosen) != offered_types.end();
    if (!offered && app::find_link_type(chosen) != nullptr)
        out.emplace_back(std::string{chosen}, kind_text(services, request, chosen));
    return out;
}

Options language_options(Services const& services, Request const& request, std::string_view chosen)
{
    Options out{{"", text(services, request, "console.link.language.any")}};
    for (auto const* word : {"vi", "en", "zh", "ja", "ko", "fr"})
        out.emplace_back(word, text(services, request, std::string{"console.link.language."} + word));
    if (std::ranges::find(out, chosen, &Options::value_type::first) == out.end())
        out.emplace_back(std::string{chosen}, std::string{chosen});
    return out;
}

/// What the code names, for people: "lô L1", "mọi lô", "(414)8938505974002".
std::string place_text(Services const& services, Request const& request, db::links::Link const& link)
{
    auto const elements = gs1::read_digital_link_path(link.anchor).link.elements;
    if (!app::has_page_here(link.key)) return gs1::to_bracketed(elements);
    if (elements.size() == 1) return text(services, request, "console.link.whole_product");
    if (elements.size() == 2 && elements.back().ai == "10")
        return text(services, request, "console.link.of_lot", {elements.back().value});
    return gs1::to_bracketed(std::span{elements}.subspan(1));
}

json values_of(db::links::Link const& link)
{
    return {{"type", link.type},
            {"href", link.href},
            {"title", link.title},
            {"language", link.language},
            {"is_default", link.is_default ? "1" : ""}};
}

/// The fields that all forms have.
void add_fields(Services const& services, Request const& request, FormView& form, json const& values, bool has_page)
{
    form.add({.name = "type",
              .type = "select",
              .required = true,
              .options = kind_options(services, request, values.value("type", ""))});
    form.add({.name = "href", .required = true, .seen_by = SeenBy::everyone, .input_mode = "url", .chars_max = 2000});
    form.add({.name = "title", .seen_by = SeenBy::everyone, .chars_max = 120});
    form.add({.name = "language",
              .type = "select",
              .options = language_options(services, request, values.value("language", ""))});
    if (!has_page) form.add({.name = "is_default", .type = "checkbox"});
}

json rows_of(Services const& services, Request const& request, std::vector<db::links::Link> const& links)
{
    json rows = json::array();
    bool const may_write = request.who.may("product:write");
    for (auto const& link : links)
        rows.push_back({{"kind", kind_text(services, request, link.type)},
                        {"title", link.title},
                        {"href", link.href},
                        {"place", place_text(services, request, link)},
                        {"language", link.language.empty() ? std::string{} : link.language},
                        {"is_default", link.is_default},
                        {"url", may_write ? "/console/links/" + link.id.text() : std::string{}}});
    return rows;
}

http::Response links_page(Services& services, Request const& request, Shown const& shown, Error const* error)
{
    bool const of_product = !shown.product.id.empty();
    auto const product_url = "/console/products/" + shown.product.id.text();
    json const values = request.method == Method::post ? request.form.to_json() : json::object();
    json view{{"title", text(services, request, of_product ? "console.link.page_title" : "console.link.other_title")},
              {"section", "products"},
              {"of_product", of_product},
              {"product_name", shown.product.name},
              {"product_url", product_url},
              {"action", of_product ? product_url + "/links" : std::string{"/console/links"}},
              {"no_barcode", of_product && shown.product.gtin.empty()},
              {"may_add", request.who.may("product:write") && (!of_product || !shown.product.gtin.empty())},
              {"form_open", error != nullptr || shown.links.empty()},
              {"rows", json::array()}};
    auto links = shown.links;
    if (!of_product) {
        add_pages(view, request, "/console/links", links.size());
        links.resize(std::min(links.size(), static_cast<std::size_t>(page_rows)));
    }
    view["rows"] = rows_of(services, request, links);
    view["has_rows"] = !links.empty();
    FormView form{services, request, "console.link", values, error};
    if (of_product) {
        Options lots{{"", text(services, request, "console.link.whole_product")}};
        for (auto const& lot : shown.lots)
            lots.emplace_back(lot, text(services, request, "console.link.of_lot", {lot}));
        form.add({.name = "lot", .type = "select", .options = std::move(lots)});
    } else {
        form.add({.name = "code", .required = true, .chars_max = 300});
    }
    add_fields(services, request, form, values, of_product);
    form.put_into(view);
    return console_page(services, request, "console/links", std::move(view), error);
}

/// An address as people type it: without "https://", with letters that an address writes as %XX.
std::string whole_address(std::string_view typed)
{
    std::string out = typed.empty() || typed.find("://") != std::string_view::npos ? "" : "https://";
    for (auto const c : typed) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            out += c;
        else
            out += fmt::format("%{:02X}", byte);
    }
    return out;
}

Result<app::LinkInput> read_fields(Form const& form)
{
    auto values = form.first();
    if (auto const href = values.find("href"); href != values.end()) href->second = whole_address(href->second);
    std::vector<FieldError> faults;
    JsonReader reader{values, faults};
    auto input = app::read_link_input(reader);
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return input;
}

Error at_its_field(Error error, std::string_view anchor_field)
{
    return placed(std::move(error), {{"link.key_taken", anchor_field},
                                     {"link.product_needed", anchor_field},
                                     {"link.approval_needed", anchor_field},
                                     {"link.no_key", anchor_field},
                                     {"code.other_link", anchor_field}});
}

net::awaitable<Result<std::string>> save(Services& services, Request const& request, app::Anchor anchor,
                                         std::string location)
{
    auto const input = read_fields(request.form);
    if (!input) co_return input.error();
    auto work = [actor = actor_of(services, request), anchor = std::move(anchor), input = *input,
                 public_url = services.settings.public_url,
                 location = std::move(location)](db::Connection& c) -> Result<std::string> {
        if (auto saved = app::register_link(c, actor, anchor, input, public_url); !saved)
            return std::move(saved).error();
        return location + "?done=saved";
    };
    auto saved = co_await save_once(services, request, std::move(work));
    if (!saved) count_limit(services, saved.error());
    co_return saved;
}

net::awaitable<Result<db::links::Link>> load_link(Services& services, Request const& request)
{
    auto work = [org = request.who.org, id = db::links::LinkId{std::string{request.param("id")}}](db::Connection& c) {
        return db::links::find(c, org, id);
    };
    co_return co_await services.database.read(std::move(work));
}

http::Response link_page(Services& services, Request const& request, db::links::Link const& link, Error const* error)
{
    auto const url = "/console/links/" + link.id.text();
    auto const values = request.method == Method::post ? request.form.to_json() : values_of(link);
    json view{{"title", kind_text(services, request, link.type)},
              {"section", "products"},
              {"action", url},
              {"place", place_text(services, request, link)}};
    FormView form{services, request, "console.link", values, error};
    add_fields(services, request, form, values, app::has_page_here(link.key));
    form.put_into(view);
    return console_page(services, request, "console/link_form", std::move(view), error);
}

/// The list on which a link stands.
std::string list_url(db::Connection& c, db::links::Link const& link)
{
    auto const elements = gs1::read_digital_link_path(link.key).link.elements;
    auto const product = app::has_page_here(link.key) ? db::products::find_by_gtin(c, elements.front().value)
                                                      : not_found("product.unknown");
    return product && product->org == link.org ? "/console/products/" + product->id.text() + "/links"
                                               : std::string{"/console/links"};
}

} // namespace

net::awaitable<http::Response> show_product_links(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return links_page(services, request, *shown, nullptr);
}

net::awaitable<http::Response> show_links(Services& services, Request const& request)
{
    co_return co_await show_product_links(services, request);
}

net::awaitable<http::Response> save_product_link(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    std::vector<gs1::AiValue> elements{{"01", shown->product.gtin}};
    if (auto const lot = request.form.get("lot"); !lot.empty()) elements.push_back({"10", std::string{lot}});
    auto const url = "/console/products/" + shown->product.id.text() + "/links";
    auto anchor = app::anchor_of(elements);
    if (anchor.key.empty()) {
        auto const error = invalid_fields({{"lot", "link.no_key", {}}});
        co_return links_page(services, request, *shown, &error);
    }
    auto const saved = co_await save(services, request, std::move(anchor), url);
    if (saved) co_return redirect(*saved);
    auto const error = at_its_field(saved.error(), "lot");
    co_return links_page(services, request, *shown, &error);
}

net::awaitable<http::Response> save_link(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto anchor = app::read_anchor(request.form.get("code"));
    if (!anchor) {
        auto const error = invalid_fields({{"code", anchor.error().key, anchor.error().values}});
        co_return links_page(services, request, *shown, &error);
    }
    auto const saved = co_await save(services, request, *std::move(anchor), "/console/links");
    if (saved) co_return redirect(*saved);
    auto const error = at_its_field(saved.error(), "code");
    co_return links_page(services, request, *shown, &error);
}

net::awaitable<http::Response> edit_link(Services& services, Request const& request)
{
    auto const link = co_await load_link(services, request);
    if (!link) co_return page_problem(services, request, link.error());
    co_return link_page(services, request, *link, nullptr);
}

net::awaitable<http::Response> change_link(Services& services, Request const& request)
{
    auto const link = co_await load_link(services, request);
    if (!link) co_return page_problem(services, request, link.error());
    bool const removes = request.form.get("action") == "remove";
    auto input = removes ? Result<app::LinkInput>{app::LinkInput{}} : read_fields(request.form);
    if (!input) co_return link_page(services, request, *link, &input.error());
    // What only programs set stays as it is.
    input->media_type = link->media_type;
    input->context = link->context;
    input->fwqs = link->fwqs;
    auto work = [actor = actor_of(services, request), link = *link, input = *input, removes,
                 public_url = services.settings.public_url](db::Connection& c) -> Result<std::string> {
        auto const url = list_url(c, link);
        auto done =
            removes ? app::remove_link(c, actor, link.id) : app::change_link(c, actor, link.id, input, public_url);
        if (!done) return std::move(done).error();
        return url + (removes ? "?done=link_removed" : "?done=saved");
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    co_return link_page(services, request, *link, &saved.error());
}

} // namespace nguon::server::pages::console
