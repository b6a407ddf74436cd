#include "server/app/approvals.hpp"
#include "core/fold.hpp"
#include "core/gs1/check_digit.hpp"
#include "core/http/uri.hpp"
#include "core/limits/cases.hpp"
#include "db/reference.hpp"
#include "server/pages/province/risk_order.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace nguon::server::pages::province {
namespace {

constexpr std::size_t reason_chars_max = 1000;

/// Sentences that an officer ticks: "province.reason." + word. The firm reads them in Vietnamese.
constexpr std::array<std::string_view, 5> organization_reasons{"name", "tax_code", "address", "phone", "licence"};
constexpr std::array<std::string_view, 5> product_reasons{"photo", "weight", "barcode", "description", "standards"};

/// Names behind the codes of records.
struct Names {
    CommuneNames communes = {};
    std::map<std::string, std::string> groups = {};
};

Names read_names(db::Connection& c, Services const& services, Request const& request)
{
    Names names{commune_names(c, services), {}};
    for (auto const& group : db::reference::product_groups(c))
        names.groups[group.code] = request.language == "en" ? group.name_en : group.name;
    return names;
}

/// A value of a record in plain words.
std::string plain(Services const& services, Request const& request, Names const& names, std::string_view field,
                  json const& value)
{
    auto const say = words(services, request);
    if (value.is_null()) return {};
    if (value.is_boolean()) return say(value.get<bool>() ? "province.yes" : "province.no");
    if (value.is_number_integer()) return value == 0 ? std::string{} : show_count(request, value.get<std::int64_t>());
    if (value.is_array()) {
        if (field == "images") return value.empty() ? "" : say("province.images", {std::to_string(value.size())});
        std::string all;
        for (auto const& item : value) all += (all.empty() ? "" : ", ") + item.get<std::string>();
        return all;
    }
    auto const word = value.is_string() ? value.get<std::string>() : value.dump();
    if (word.empty()) return {};
    if (field == "kind") return say("province.organization_kind." + word);
    if (field == "risk_level") return say("province.risk_level." + word);
    if (field == "weight_unit") return say("province.weight_unit." + word);
    if (field == "net_weight") return format_decimal(request.language, word);
    if (field == "address.commune_code") return name_of(names.communes, word);
    if (field == "gtin") return std::string{gs1::short_gtin(word)};
    if (field == "group_code") return names.groups.contains(word) ? names.groups.at(word) : word;
    if (field.ends_with("valid_to") || field.ends_with("_date")) return show_date(request, word);
    return word;
}

/// The rows of the comparison: what is empty on both sides is left out.
json compared(Services const& services, Request const& request, Names const& names, std::string_view kind,
              app::Review const& review)
{
    json out = json::array();
    for (auto const& field : review.fields) {
        auto before = plain(services, request, names, field.name, field.before);
        auto after = plain(services, request, names, field.name, field.after);
        if (before.empty() && after.empty()) continue;
        out.push_back({{"label", text(services, request, fmt::format("province.field.{}.{}", kind, field.name))},
                       {"before", std::move(before)},
                       {"after", std::move(after)},
                       {"changed", review.was_public && field.changed()}});
    }
    return out;
}

json history_of(Services const& services, Request const& request, app::Review const& review)
{
    auto const say = words(services, request);
    json out = json::array();
    for (auto const& version : review.history) {
        out.push_back({{"number", version.version},
                       {"time", show_moment(request, version.recorded_at)},
                       {"who", version.who.empty() ? say("province.somebody") : version.who},
                       {"reason", version.reason},
                       {"published", version.published_at ? show_moment(request, *version.published_at) : ""},
                       {"is_public", version.is_public}});
    }
    return out;
}

json reasons_of(Services const& services, Request const& request, std::string_view kind)
{
    json out = json::array();
    auto const ticked = request.form.all("ready");
    for (auto const word : kind == "organization" ? organization_reasons : product_reasons) {
        auto const key = fmt::format("province.reason.{}.{}", kind, word);
        out.push_back({{"word", word},
                       {"text", text(services, request, key)},
                       {"ticked", std::ranges::find(ticked, word) != ticked.end()}});
    }
    return out;
}

/// The part of both pages that takes the decision.
void add_review(json& view, Services& services, Request const& request, std::string_view kind, Names const& names,
                app::Review const& review, std::int64_t version, Error const* error)
{
    view["compared"] = compared(services, request, names, kind, review);
    view["history"] = history_of(services, request, review);
    view["was_public"] = review.was_public;
    view["has_changes"] = review.was_public && review.has_changes;
    view["seen_version"] = version; // "version" is the program's
    view["reasons"] = reasons_of(services, request, kind);
    view["reason"] = request.form.get("reason");
    view["may_decide"] = !review.decisions.empty();
    for (auto const* word : {"approve", "publish", "return", "suspend", "pause"})
        view[std::string{"may_"} + word] = std::ranges::find(review.decisions, word) != review.decisions.end();
    auto const decided = request.form.get("decision");
    view["open_return"] = decided == "return";
    view["open_stop"] = decided == "suspend" || decided == "pause";
    view["reason_fault"] = "";
    if (error == nullptr) return;
    auto errors = form_errors(services, request, *error);
    if (errors["by_field"].contains("reason")) view["reason_fault"] = errors["by_field"]["reason"];
    view["errors"] = std::move(errors);
}

/// The decision as the form says it: ready sentences, always in Vietnamese, then what was typed.
Result<app::Decision> read_decision(Services const& services, Request const& request, std::string_view kind)
{
    auto typed = clean_text(request.form.get("reason"), reason_chars_max, Lines::many);
    if (!typed) return invalid_fields({{"/reason", typed.error().key, typed.error().values}});
    app::Decision decision;
    decision.word = request.form.get("decision");
    decision.version = read_number(request.form.get("version"));
    for (auto const& word : request.form.all("ready")) {
        auto const* sentence = services.locale.find("vi", fmt::format("province.reason.{}.{}", kind, word));
        if (sentence != nullptr) decision.reason += (decision.reason.empty() ? "" : " ") + *sentence;
    }
    if (!typed->empty()) decision.reason += (decision.reason.empty() ? "" : " ") + *typed;
    return decision;
}

struct OrganizationPage {
    app::OrganizationReview review = {};
    Names names = {};
};

net::awaitable<http::Response> organization_page(Services& services, Request const& request, Error const* error)
{
    auto const actor = actor_of(services, request);
    auto work = [&services, &request, actor, who = request.who,
                 id = OrganizationId{std::string{request.param("id")}}](db::Connection& c) -> Result<OrganizationPage> {
        auto review = app::review_organization(c, actor, who, id);
        if (!review) return review.error();
        return OrganizationPage{*std::move(review), read_names(c, services, request)};
    };
    auto const shown = co_await services.database.write(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());

    auto const& organization = shown->review.organization;
    auto const& head = organization.head;
    json products = json::array();
    for (auto const& product : shown->review.products) {
        products.push_back({{"url", "/province/products/" + product.id.text()},
                            {"name", product.name},
                            {"code", product.gtin.empty() ? product.code : std::string{gs1::short_gtin(product.gtin)}},
                            {"chip", chip(services, request, "province.product_status", product.status)}});
    }
    bool const sees_people = request.who.may("person:read");
    json view{{"title", head.name},
              {"section", "approvals"},
              {"id", head.id.text()},
              {"status", chip(services, request, "province.organization_status", head.status)},
              {"status_reason", head.status == "approved" ? "" : head.status_reason},
              {"commune", organization.commune_name},
              {"phone", sees_people ? organization.phone : ""},
              {"masked_identity", organization.masked_identity},
              {"submitted", show_moment(request, head.submitted_at)},
              {"age", show_duration(services, request, services.clock.now() - head.submitted_at)},
              {"waits", head.status == "pending"},
              {"products", std::move(products)},
              {"has_slips", request.who.may("slip:write")},
              {"slips_url", make_url("/province/slips", {{"org", head.id.text()}})},
              {"accounts_url", make_url("/province/accounts", {{"org", head.id.text()}})},
              {"sync_url", make_url("/province/sync/records", {{"org", head.id.text()}})},
              {"has_sync", request.who.may("sync:read")}};
    add_review(view, services, request, "organization", shown->names, shown->review, head.latest_version, error);
    co_return page(services, request, "province/organization", std::move(view),
                   error == nullptr ? 200 : status_of(*error));
}

json photos_of(std::vector<std::string> const& thumbnails, std::vector<std::string> const& images)
{
    json out = json::array();
    for (std::size_t i = 0; i < images.size(); ++i)
        out.push_back(
            {{"url", "/f/" + images[i]}, {"small", "/f/" + (i < thumbnails.size() ? thumbnails : images)[i]}});
    return out;
}

struct ProductPage {
    app::ProductReview review = {};
    Names names = {};
};

net::awaitable<http::Response> product_page(Services& services, Request const& request, Error const* error)
{
    auto const actor = actor_of(services, request);
    auto work = [&services, &request, actor, who = request.who,
                 id = ProductId{std::string{request.param("id")}}](db::Connection& c) -> Result<ProductPage> {
        auto review = app::review_product(c, actor, who, id);
        if (!review) return review.error();
        return ProductPage{*std::move(review), read_names(c, services, request)};
    };
    auto const shown = co_await services.database.write(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());

    auto const say = words(services, request);
    auto const& review = shown->review;
    auto const& head = review.product.head;
    json missing = json::array();
    for (auto const& field : review.missing) missing.push_back({{"text", say("delivery.missing." + field)}});
    json view{{"title", head.name},
              {"section", "approvals"},
              {"id", head.id.text()},
              {"status", chip(services, request, "province.product_status", head.status)},
              {"status_reason", head.status == "published" ? "" : head.status_reason},
              {"organization", review.product.owner.name},
              {"organization_url", "/province/organizations/" + review.product.owner.id.text()},
              {"organization_waits", review.product.owner.status != "approved"},
              {"photos", photos_of(review.latest.thumbnails, review.latest.images)},
              {"missing", std::move(missing)},
              {"has_missing", !review.missing.empty()},
              {"submitted", show_moment(request, head.submitted_at)},
              {"age", show_duration(services, request, services.clock.now() - head.submitted_at)},
              {"waits", head.status == "pending"},
              {"public_url", head.gtin.empty() || !head.public_version ? "" : "/01/" + head.gtin}};
    add_review(view, services, request, "product", shown->names, review, head.latest_version, error);
    co_return page(services, request, "province/product", std::move(view), error == nullptr ? 200 : status_of(*error));
}

constexpr std::array columns{ListColumn{"cases.approvals.what", "what"},
                             ListColumn{"cases.approvals.name", "name"},
                             ListColumn{"province.organizations.name", "organization"},
                             ListColumn{"province.organizations.commune", "commune"},
                             ListColumn{"province.submitted", "submitted"},
                             ListColumn{"cases.approvals.age", "age"},
                             ListColumn{"risk.title", "risk.text"},
                             ListColumn{"risk.reasons", "risk.why"}};

json queue_line(Services const& services, Request const& request, CommuneNames const& communes,
                db::province_desk::Waiting const& waiting, Instant now)
{
    auto const say = words(services, request);
    bool const is_product = waiting.kind == "product";
    return {{"what", say("province.record." + waiting.kind)},
            {"name", waiting.name},
            {"url", (is_product ? "/province/products/" : "/province/organizations/") + waiting.id},
            {"organization", is_product ? waiting.org_name : ""},
            {"commune", name_of(communes, waiting.commune_code)},
            {"age", show_duration(services, request, now - waiting.submitted_at)},
            {"late", now - waiting.submitted_at > std::chrono::days{3}},
            {"submitted", show_moment(request, waiting.submitted_at)},
            {"is_change", waiting.is_change},
            {"lacks", !waiting.missing.empty()}};
}

/// What one page of the queue shows.
struct Queue {
    std::vector<db::province_desk::Waiting> lines = {};
    std::map<std::string, app::PendingChange> changes = {}; // of firms that are public already, by id
    CommuneNames communes = {};
    Risks risks = {};
};

Result<Queue> read_queue(db::Connection& c, Services const& services, Request const& request, std::string const& kind)
{
    Queue out;
    auto const areas = request.who.areas("province:read");
    auto const window = window_to_order(request);
    out.lines = db::province_desk::queue(c, areas, kind, window.first, window.count);
    out.risks = risks_wanted(c, request, areas, services.clock.now());
    if (by_risk(request))
        order_by_risk(out.lines, out.risks, list_window(request), [](auto const& line) { return line.org; });
    out.communes = commune_names(c, services);
    for (auto const& waiting : out.lines) {
        if (!waiting.is_change || waiting.kind != "organization") continue;
        if (auto change = app::pending_change(c, waiting.org)) out.changes[waiting.id] = *std::move(change);
    }
    return out;
}

/// Says on the line what was changed, and offers the change for approval with others when it is harmless.
void add_change(json& line, Services const& services, Request const& request, app::PendingChange const& change)
{
    auto const name = [&](std::string const& field) {
        return text(services, request, "province.field.organization." + field);
    };
    std::string all;
    for (auto const& field : change.fields) all += (all.empty() ? "" : ", ") + name(field);
    line["changed_fields"] = all;
    if (!change.serious.empty() || !request.who.may("approval:write")) return;
    line["choice"] = fmt::format("{}:{}", change.org.text(), change.version);
}

json outcome_view(Services const& services, Request const& request, std::vector<app::BulkOutcome> const& outcomes)
{
    json out = json::array();
    for (auto const& outcome : outcomes) {
        bool const good = outcome.fault.key.empty();
        out.push_back(
            {{"name", outcome.name},
             {"tone", good ? "good" : "warn"},
             {"text", good ? text(services, request, "cases.bulk.done")
                           : services.locale.text(request.language, outcome.fault.key, outcome.fault.values)}});
    }
    return out;
}

net::awaitable<http::Response> approvals_page(Services& services, Request const& request,
                                              std::vector<app::BulkOutcome> outcomes)
{
    std::string const kind{request.query_value("kind")};
    auto work = [&services, &request, kind](db::Connection& c) { return read_queue(c, services, request, kind); };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    json rows = json::array();
    bool has_choices = false;
    for (auto const& waiting : shown->lines) {
        auto line = queue_line(services, request, shown->communes, waiting, services.clock.now());
        if (auto const change = shown->changes.find(waiting.id); change != shown->changes.end())
            add_change(line, services, request, change->second);
        line["risk"] = risk_view(services, request, shown->risks, waiting.org);
        has_choices = has_choices || line.contains("choice");
        rows.push_back(std::move(line));
    }
    json view{
        {"title", text(services, request, "province.approvals.title")},
        {"section", "approvals"},
        {"has_choices", has_choices},
        {"outcomes", outcome_view(services, request, outcomes)},
        {"orders", order_tabs(services, request)},
        {"tabs", filter_tabs(services, request, "kind", "province.approvals.kind", {"", "organization", "product"})}};
    co_return co_await list_page(services, request, "province/approvals", std::move(view), std::move(rows), columns);
}

/// "ID:VERSION" of every ticked line.
std::vector<std::pair<OrganizationId, std::int64_t>> read_chosen(Request const& request)
{
    std::vector<std::pair<OrganizationId, std::int64_t>> out;
    for (auto const& word : request.form.all("choice")) {
        auto const colon = word.find(':');
        if (colon == std::string::npos || out.size() == limits::bulk_approvals_max) continue;
        out.emplace_back(OrganizationId{word.substr(0, colon)}, read_number(word.substr(colon + 1)));
    }
    return out;
}

} // namespace

net::awaitable<http::Response> show_approvals(Services& services, Request const& request)
{
    std::vector<app::BulkOutcome> none;
    co_return co_await approvals_page(services, request, std::move(none));
}

net::awaitable<http::Response> approve_harmless(Services& services, Request const& request)
{
    auto work = [actor = actor_of(services, request), who = request.who,
                 chosen = read_chosen(request)](db::Connection& c) -> Result<std::vector<app::BulkOutcome>> {
        return app::approve_harmless(c, actor, who, chosen);
    };
    auto const outcomes = co_await services.database.write(std::move(work));
    if (!outcomes) co_return page_problem(services, request, outcomes.error());
    if (services.wake_connector) services.wake_connector();
    co_return co_await approvals_page(services, request, *outcomes);
}

net::awaitable<http::Response> show_organization(Services& services, Request const& request)
{
    co_return co_await organization_page(services, request, nullptr);
}

net::awaitable<http::Response> decide_organization(Services& services, Request const& request)
{
    auto const decision = read_decision(services, request, "organization");
    if (!decision) co_return co_await organization_page(services, request, &decision.error());
    std::string const id{request.param("id")};
    auto work = [actor = actor_of(services, request), who = request.who, id, decision = *decision](db::Connection& c) {
        return app::decide(c, actor, who, OrganizationId{id}, decision);
    };
    auto const decided = co_await services.database.write(std::move(work));
    if (!decided) co_return co_await organization_page(services, request, &decided.error());
    if (services.wake_connector) services.wake_connector();
    co_return redirect("/province/organizations/" + http::percent_encode(id) + "?done=province_" + decision->word);
}

net::awaitable<http::Response> show_product(Services& services, Request const& request)
{
    co_return co_await product_page(services, request, nullptr);
}

net::awaitable<http::Response> decide_product(Services& services, Request const& request)
{
    auto const decision = read_decision(services, request, "product");
    if (!decision) co_return co_await product_page(services, request, &decision.error());
    std::string const id{request.param("id")};
    auto work = [actor = actor_of(services, request), who = request.who, id, decision = *decision](db::Connection& c) {
        return app::decide(c, actor, who, ProductId{id}, decision);
    };
    auto const decided = co_await services.database.write(std::move(work));
    if (!decided) co_return co_await product_page(services, request, &decided.error());
    if (services.wake_connector) services.wake_connector();
    co_return redirect("/province/products/" + http::percent_encode(id) + "?done=province_" + decision->word);
}

} // namespace nguon::server::pages::province
