#include "server/pages/origin_view.hpp"

#include "core/gs1/check_digit.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/model/identifiers.hpp"
#include "server/app/links.hpp"
#include "server/http/problem.hpp"
#include "server/http/url.hpp"
#include "server/web/locale.hpp"
#include "server/web/page.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace nguon::server::pages {
namespace {

using epcis::PortalStage;
using nlohmann::json;

constexpr std::size_t steps_unfolded_max = 8;
constexpr std::int64_t late_hours = 24;
constexpr std::int64_t hours_a_day = 24;

class View {
public:
    View(Services const& services, Request const& request, Instant now)
        : services_{services}, request_{request}, today_{vietnam_date(now)}
    {
    }

    std::string say(std::string_view key, std::initializer_list<std::string> values = {}) const
    {
        return text(services_, request_, key, values);
    }
    std::string pick(epcis::ShownText const& shown) const { return request_.language == "en" ? shown.en : shown.vi; }
    std::string day(std::string const& iso) const
    {
        auto const date = parse_date(iso);
        return date ? format_date(request_.language, *date) : std::string{};
    }
    std::string day(Instant at) const { return format_date(request_.language, vietnam_date(at)); }
    std::string moment(Instant at) const { return format_time(request_.language, at); }
    std::string number(std::string const& canonical) const { return format_decimal(request_.language, canonical); }

    json verdict(app::Origin const& origin) const;
    json decision(app::Origin const& origin) const;
    std::string recall_ended(app::Origin const& origin) const;
    json facts(app::Origin const& origin) const;
    json steps(app::Origin const& origin) const;
    json certificates(app::Origin const& origin) const;
    json findings(app::Origin const& origin) const;
    json confirmations(app::Origin const& origin) const;

private:
    std::string lag(std::int64_t hours) const;
    json step(app::OriginStep const& step) const;
    json gap(std::string_view key) const { return {{"gap", say(key)}}; }

    Services const& services_;
    Request const& request_;
    Date today_;
};

struct Look {
    std::string_view css;
    std::string_view icon;
};

/// Colour is never alone: each state has its sign and its words.
Look look_of(app::Verdict verdict)
{
    using enum app::Verdict;
    switch (verdict) {
    case unit:
        return {"good", "✔"};
    case lot:
    case product_only:
    case sold:
        return {"good", "ℹ"};
    case expired:
    case suspended:
    case withdrawn:
    case void_code:
    case not_activated:
        return {"warn", "⚠"};
    case recalled:
        return {"bad", "✖"};
    case unknown:
    case unknown_lot:
    case unknown_unit:
        break;
    }
    return {"bad", "?"};
}

json View::verdict(app::Origin const& origin) const
{
    auto const state = origin.subject.verdict;
    auto const look = look_of(state);
    auto const key = "origin.verdict." + std::string{app::to_text(state)};
    json out{{"css", look.css}, {"icon", look.icon}, {"next", say(key + ".next")}, {"act", look.css != "good"}};
    if (state == app::Verdict::unit && origin.scans && origin.scans->count > 0) {
        out["text"] = say("origin.verdict.unit_again");
        out["detail"] = say("origin.scans", {format_number(request_.language, origin.scans->count),
                                             moment(origin.scans->first_at), moment(origin.scans->last_at)});
    } else if (state == app::Verdict::unit) {
        out["text"] = say("origin.verdict.unit_first");
    } else if (origin.decision && origin.decision->withdrawn) {
        out["text"] = say("origin.verdict.display_withdrawn");
    } else {
        out["text"] = say(key);
    }
    if (state == app::Verdict::sold && origin.subject.sold_at)
        out["detail"] = say("origin.sold_on", {day(*origin.subject.sold_at)});
    if (state == app::Verdict::expired) out["detail"] = say("origin.expired_on", {day(origin.batch.expires_on)});
    return out;
}

/// What was taken back, why, by whom and when, and whom to call: above everything else on the page.
json View::decision(app::Origin const& origin) const
{
    json out = json::array();
    if (!origin.decision) return out;
    auto const add = [&](std::string_view key, std::string const& value) {
        if (!value.empty()) out.push_back({{"label", say("origin.decision." + std::string{key})}, {"value", value}});
    };
    auto const& decision = *origin.decision;
    bool const of_lot = origin.subject.batch && origin.subject.verdict != app::Verdict::suspended;
    add("about", of_lot ? say("origin.decision.this_lot", {origin.batch.lot}) : std::string{});
    add("reason", decision.reason);
    add("by", decision.by);
    add("at", decision.at ? day(*decision.at) : std::string{});
    add("number", decision.number);
    add("notice", decision.notice);
    if (origin.organization_phone.empty()) return out;
    add("phone", origin.organization_phone);
    out.back()["url"] = "tel:" + to_international_phone(origin.organization_phone);
    return out;
}

/// That a recall of this lot is over, and why.
std::string View::recall_ended(app::Origin const& origin) const
{
    if (!origin.recall_ended) return {};
    return say("origin.recall_ended", {day(origin.recall_ended->at), origin.recall_ended->reason});
}

/// The law in nine lines: Decree 37/2026 Art. 23.5. What is missing is said.
json View::facts(app::Origin const& origin) const
{
    auto const& product = origin.product;
    auto const& batch = origin.batch;
    std::string standards;
    for (auto const& standard : product.applied_standards) standards += (standards.empty() ? "" : "; ") + standard;
    std::string address = origin.organization.address.line;
    if (!origin.organization_commune.empty()) address += (address.empty() ? "" : ", ") + origin.organization_commune;
    std::string lot = product.brand;
    auto const append = [&lot](std::string const& part) { lot += (lot.empty() ? "" : " · ") + part; };
    if (!batch.lot.empty()) append(say("origin.lot", {batch.lot}));
    if (!origin.subject.unit_code.empty()) append(say("origin.unit", {gs1::to_grouped_code(origin.subject.unit_code)}));

    json out = json::array();
    auto const add = [&](std::string_view key, std::string value) {
        bool const missing = value.empty();
        if (missing && !origin.subject.batch) return; // without a lot nothing is lacking yet
        out.push_back({{"label", say("origin.item." + std::string{key})},
                       {"value", missing ? say("origin.missing") : std::move(value)},
                       {"missing", missing}});
    };
    add("product_name", product.name);
    add("product_images", product.images.empty() ? "" : say("origin.picture_above"));
    add("organization_name", origin.organization.name);
    add("organization_address", address);
    add("origin", product.origin);
    add("cte_events", origin.steps.empty() ? "" : say("origin.steps_below", {std::to_string(origin.steps.size())}));
    add("lot_or_serial", origin.subject.batch ? lot : "");
    add("expiry_date", day(batch.expires_on));
    add("applied_standards", standards);
    return out;
}

std::string View::lag(std::int64_t hours) const
{
    if (hours < late_hours) return say("origin.declared_same_day");
    return say("origin.declared_after_days", {std::to_string(hours / hours_a_day)});
}

json View::step(app::OriginStep const& step) const
{
    json out{{"verb", pick(step.summary.verb)},
             {"time", day(step.summary.time.at)},
             {"time_iso", to_iso(step.summary.time)},
             {"organization", step.by_another ? step.organization : std::string{}},
             {"lag", lag(step.lag_hours)},
             {"mark", say("origin.mark." + (step.mark.empty() ? std::string{"self_declared"} : step.mark))},
             {"wrong", step.wrong},
             {"on_behalf", step.on_behalf}};
    std::string where = step.place;
    if (!step.commune.empty()) where += (where.empty() ? "" : ", ") + step.commune;
    out["where"] = where.empty() ? say("origin.place_missing") : where;
    json fields = json::array();
    if (step.repeats > 1)
        fields.push_back(
            {{"label", say("origin.households")},
             {"value", say("origin.households_total", {std::to_string(step.repeats), number(step.total)})}});
    for (auto const& quantity : step.summary.quantities) {
        auto const amount = pick(quantity.amount);
        if (step.repeats > 1 || amount.empty()) continue;
        fields.push_back({{"label", say(quantity.role == epcis::QuantityRole::used   ? "origin.amount_used"
                                        : quantity.role == epcis::QuantityRole::made ? "origin.amount_made"
                                                                                     : "origin.amount")},
                          {"value", amount}});
    }
    if (step.repeats == 1)
        for (auto const& field : step.summary.fields)
            fields.push_back({{"label", pick(field.label)}, {"value", pick(field.value)}});
    out["fields"] = std::move(fields);
    json photos = json::array();
    for (auto const& photo : step.summary.evidence) photos.push_back({{"url", "/f/" + photo}});
    out["photos"] = std::move(photos);
    return out;
}

/// The journey with what is missing in it shown as missing.
json View::steps(app::Origin const& origin) const
{
    auto const has = [&](PortalStage stage) {
        return std::ranges::any_of(origin.steps, [&](auto const& step) { return step.summary.stage == stage; });
    };
    json all = json::array();
    if (!origin.steps.empty() && !has(PortalStage::growing)) all.push_back(gap("origin.gap.growing"));
    for (auto const& one : origin.steps) all.push_back(step(one));
    if (!origin.steps.empty() && !has(PortalStage::processing)) all.push_back(gap("origin.gap.processing"));
    json first = json::array();
    json rest = json::array();
    for (std::size_t i = 0; i < all.size(); ++i) (i < steps_unfolded_max ? first : rest).push_back(all[i]);
    return {{"first", first}, {"rest", rest}, {"rest_count", rest.size()}, {"has_rest", !rest.empty()}};
}

json View::certificates(app::Origin const& origin) const
{
    json out = json::array();
    for (auto const& entry : origin.certificates) {
        auto const& paper = entry.certificate;
        bool const good = entry.state == CertificateState::valid || entry.state == CertificateState::expiring;
        json item{{"name", paper.name.empty() ? say("certificate.kind." + paper.kind) : paper.name},
                  {"number", paper.number},
                  {"issuer", paper.issuer},
                  {"until", day(paper.valid_to)},
                  {"state", say("certificate.state." + std::string{to_text(entry.state)})},
                  {"css", good ? (entry.state == CertificateState::valid ? "good" : "warn") : "bad"},
                  {"mark", say("origin.mark." + std::string{to_text(entry.mark.kind)})},
                  {"confirmed_by", entry.mark.confirmed_by}};
        json files = json::array();
        for (auto const& file : paper.files) files.push_back({{"url", "/f/" + file}});
        item["files"] = std::move(files);
        out.push_back(std::move(item));
    }
    return out;
}

json View::findings(app::Origin const& origin) const
{
    json out = json::array();
    for (auto const& finding : origin.findings)
        out.push_back({{"answer", finding.answer}, {"time", moment(finding.at)}});
    return out;
}

/// "Ai xác nhận điều này?": how many statements stand under each of the three marks, and who confirmed.
json View::confirmations(app::Origin const& origin) const
{
    std::array<std::int64_t, 3> counts{};
    std::string bodies;
    auto const count = [&](MarkKind kind) { ++counts[static_cast<std::size_t>(kind)]; };
    for (auto const& step : origin.steps) count(read_mark_kind(step.mark));
    for (auto const& entry : origin.certificates) {
        count(entry.mark.kind);
        auto const& body = entry.mark.confirmed_by;
        if (!body.empty() && bodies.find(body) == std::string::npos) bodies += (bodies.empty() ? "" : ", ") + body;
    }
    json out = json::array();
    for (auto const kind : {MarkKind::self_declared, MarkKind::evidenced, MarkKind::confirmed}) {
        auto const size = counts[static_cast<std::size_t>(kind)];
        if (size == 0) continue;
        auto const word = std::string{to_text(kind)};
        out.push_back({{"label", say("origin.mark." + word)},
                       {"text", say("origin.mark_count." + word, {std::to_string(size), bodies})}});
    }
    return out;
}

/// One address for a code that is shown under several.
std::string canonical_link(Services const& services, Request const& request)
{
    auto const reading = gs1::read_digital_link_path(request.path);
    if (!reading.valid()) return {};
    return "<link rel=\"canonical\" href=\"" + services.settings.public_url + app::anchor_of(reading.link.path()).path +
           "\">";
}

/// schema.org and the GS1 Web Vocabulary for search engines and programs. "<" must not end the script element.
std::string linked_data(Services const& services, app::Origin const& origin)
{
    json data{{"@context", "https://schema.org/"},
              {"@type", origin.subject.unit_code.empty() ? "SomeProducts" : "IndividualProduct"},
              {"name", origin.product.name},
              {"manufacturer", {{"@type", "Organization"}, {"name", origin.organization.name}}}};
    if (!origin.product.gtin.empty()) data["gtin"] = origin.product.gtin;
    if (!origin.product.brand.empty()) data["brand"] = origin.product.brand;
    if (!origin.product.thumbnails.empty())
        data["image"] = services.settings.public_url + "/f/" + origin.product.thumbnails.front();
    if (!origin.product.origin.empty()) data["countryOfOrigin"] = origin.product.origin;
    std::string escaped;
    for (char const c : data.dump()) {
        if (c == '<')
            escaped += "\\u003c";
        else
            escaped += c;
    }
    return "<script type=\"application/ld+json\">" + escaped + "</script>";
}

std::string masked_tax_line(View const& view, app::Origin const& origin)
{
    if (origin.organization.tax_code.empty()) return {};
    return view.say("origin.tax_code", {origin.organization.tax_code});
}

json organization_view(View const& view, app::Origin const& origin)
{
    auto const& organization = origin.organization;
    json out{{"name", organization.name},
             {"kind", view.say("organization.kind." + organization.kind)},
             {"tax", masked_tax_line(view, origin)},
             {"former_address", organization.address.former},
             {"phone", origin.organization_phone},
             {"website", organization.website}};
    if (!origin.organization_phone.empty())
        out["phone_url"] = "tel:" + to_international_phone(origin.organization_phone);
    if (origin.organization_approved_at)
        out["approved"] = view.say("origin.approved_on", {view.day(*origin.organization_approved_at)});
    return out;
}

/// The lot that the address names, to be corrected when it is unknown.
std::string asked_lot(Request const& request)
{
    auto const reading = gs1::read_digital_link_path(request.path);
    auto const lot = std::ranges::find(reading.link.elements, "10", &gs1::AiValue::ai);
    return lot == reading.link.elements.end() ? std::string{} : lot->value;
}

/// "7K3M-9QWX-2B4C"; what is no printed code stays as it is.
std::string grouped_if_ours(std::string const& typed)
{
    auto const code = gs1::read_printed_code(typed);
    return code ? gs1::to_grouped_code(*code) : typed;
}

} // namespace

std::string words_of_address(Services const& services, Request const& request, std::string const& path)
{
    constexpr std::string_view short_path = "/t/";
    if (path.starts_with(short_path))
        return grouped_if_ours(gs1::percent_decode(path.substr(short_path.size())).value_or(path));
    std::string out;
    for (auto const& [ai, value] : gs1::read_digital_link_path(path).link.elements) {
        auto const key = ai == "01" ? "barcode" : ai == "10" ? "lot" : ai == "21" ? "unit" : "";
        if (*key == '\0') continue;
        auto const shown = ai == "01"   ? std::string{gs1::short_gtin(value)}
                           : ai == "21" ? grouped_if_ours(value)
                                        : value;
        out += (out.empty() ? "" : " · ") + text(services, request, std::string{"origin."} + key, {shown});
    }
    return out.empty() ? path : out;
}

json origin_view(Services const& services, Request const& request, app::Origin const& origin, Instant now)
{
    View const view{services, request, now};
    auto const& product = origin.product;
    bool const has_lot = origin.subject.batch.has_value();
    bool const praised = origin.subject.verdict != app::Verdict::recalled; // nothing sells what must not be used
    json out{{"title", product.name},
             {"description", view.say("origin.description", {product.name, origin.organization.name})},
             {"verdict", view.verdict(origin)},
             {"decision", view.decision(origin)},
             {"has_decision", origin.decision.has_value()},
             {"recall_ended", view.recall_ended(origin)},
             {"product_name", product.name},
             {"brand", product.brand},
             {"product_description", product.description},
             {"facts", view.facts(origin)},
             {"items_present", has_lot ? view.say("origin.completeness", {std::to_string(origin.items_present),
                                                                          std::to_string(origin.items.size())})
                                       : std::string{}},
             {"only_product_information", has_lot && origin.steps.empty()},
             {"journey", view.steps(origin)},
             {"has_steps", !origin.steps.empty()},
             {"certificates", view.certificates(origin)},
             {"has_certificates", !origin.certificates.empty()},
             {"findings", view.findings(origin)},
             {"confirmations", view.confirmations(origin)},
             {"organization", organization_view(view, origin)},
             {"awaiting_approval", origin.awaiting_approval},
             {"record_illustrative", origin.illustrative},
             {"noindex", !origin.subject.unit_code.empty()},
             {"asked_lot", asked_lot(request)},
             {"ask_lot", origin.subject.verdict == app::Verdict::product_only ||
                             origin.subject.verdict == app::Verdict::unknown_lot},
             {"report_url", make_url("/report", {{"subject", request.path}, {"lang", request.query_value("lang")}})},
             {"head_html", canonical_link(services, request) + linked_data(services, origin)}};
    if (origin.label_check != app::LabelCheck::none)
        out["label_check"] = {{"passed", origin.label_check == app::LabelCheck::passed}};
    // Signed-in officers get a page of their own, so that of everybody else stays the same.
    if (request.who.is_person() && request.who.may("inspection:read", Side::desk))
        out["inspect_url"] = make_url("/province/inspect", {{"code", request.path}});
    if (!praised) out["organization"]["website"] = "";
    if (!product.thumbnails.empty()) out["photo"] = "/f/" + product.thumbnails.front();
    if (!product.net_weight.empty())
        out["net_weight"] = view.number(product.net_weight) + " " + view.say("unit." + product.weight_unit);
    if (!product.gtin.empty()) out["barcode"] = std::string{gs1::short_gtin(product.gtin)};
    if (origin.subject.batch) {
        auto const& batch = *origin.subject.batch;
        out["lot"] = batch.lot;
        out["made_on"] = view.day(batch.made_on);
        out["expires_on"] = view.day(batch.expires_on);
        out["code"] = gs1::to_grouped_code(origin.subject.unit_code.empty() ? batch.code : origin.subject.unit_code);
    }
    if (praised && product.ocop_stars > 0) {
        auto const until = parse_date(product.ocop_valid_to);
        bool const over = until && *until < vietnam_date(now);
        out["ocop"] = view.say(over ? "origin.ocop_over" : "origin.ocop",
                               {std::to_string(product.ocop_stars), view.day(product.ocop_valid_to)});
    }
    return out;
}

json unknown_view(Services const& services, Request const& request, app::Subject const& subject)
{
    auto const key = "origin.verdict." + std::string{app::to_text(subject.verdict)};
    auto const look = look_of(subject.verdict);
    return {{"title", text(services, request, "origin.unknown_title")},
            {"noindex", true},
            {"verdict",
             {{"css", look.css},
              {"icon", look.icon},
              {"text", text(services, request, key)},
              {"next", text(services, request, key + ".next")}}},
            {"report_url", make_url("/report", {{"subject", request.path}, {"lang", request.query_value("lang")}})},
            {"typed", words_of_address(services, request, request.path)}};
}

json faulty_view(Services& services, Request const& request, Error const& error)
{
    auto const errors = form_errors(services, request, error);
    std::string next;
    for (auto const& fault : errors["list"]) next += (next.empty() ? "" : " ") + fault["text"].get<std::string>();
    if (next.empty()) next = errors["detail"].get<std::string>();
    return {{"title", text(services, request, "origin.verdict.unreadable_title")},
            {"noindex", true},
            {"verdict",
             {{"css", "bad"},
              {"icon", "?"},
              {"text", text(services, request, "origin.verdict.unreadable")},
              {"next", next}}},
            {"report_url", make_url("/report", {{"subject", request.path}, {"lang", request.query_value("lang")}})},
            {"typed", words_of_address(services, request, request.path)}};
}

} // namespace nguon::server::pages
