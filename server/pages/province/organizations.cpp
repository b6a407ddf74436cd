#include "core/epcis/templates.hpp"
#include "core/gs1/check_digit.hpp"
#include "db/batches.hpp"
#include "db/certificates.hpp"
#include "db/events.hpp"
#include "db/places.hpp"
#include "db/province_desk.hpp"
#include "db/search_words.hpp"
#include "server/app/approvals.hpp"
#include "server/pages/province/risk_order.hpp"

namespace nguon::server::pages::province {
namespace {

constexpr std::size_t found_max = 200;
constexpr std::int64_t records_max = 100;

constexpr std::array columns{ListColumn{"province.organizations.name", "name"},
                             ListColumn{"province.organizations.kind", "kind"},
                             ListColumn{"province.organizations.tax_code", "tax_code"},
                             ListColumn{"province.organizations.commune", "commune"},
                             ListColumn{"province.state", "chip.text"},
                             ListColumn{"province.organizations.products", "products"},
                             ListColumn{"province.organizations.batches", "batches"},
                             ListColumn{"risk.title", "risk.text"},
                             ListColumn{"risk.reasons", "risk.why"}};

/// Everything that a firm keeps, for reading only.
struct Records {
    db::organizations::Head head = {};
    std::vector<db::products::Head> products = {};
    std::vector<db::batches::Head> batches = {};
    std::vector<db::places::Head> places = {};
    std::vector<db::certificates::Entry> certificates = {};
    std::vector<db::events::Stored> events = {};
    CommuneNames communes = {};
};

Result<Records> read_records(db::Connection& c, Services const& services, app::Actor const& actor, Principal const& who,
                             OrganizationId const& org)
{
    auto head = app::organization_within(c, who, "organization:read", org);
    if (!head) return head.error();
    app::note_read(c, actor, org, "organization", org.text());
    return Records{*std::move(head),
                   db::products::list(c, org, 0, records_max),
                   db::batches::list(c, org, 0, records_max),
                   db::places::list(c, org),
                   db::certificates::list(c, org),
                   db::events::of_organization(c, org, 0, static_cast<std::size_t>(records_max)),
                   commune_names(c, services)};
}

std::string dates_of(Request const& request, std::string const& from, std::string const& to)
{
    if (from.empty() && to.empty()) return {};
    return show_date(request, from) + " – " + show_date(request, to);
}

json batch_rows(Services const& services, Request const& request, Records const& records)
{
    json out = json::array();
    for (auto const& batch : records.batches) {
        out.push_back({{"lot", batch.lot},
                       {"product", batch.product_name},
                       {"dates", dates_of(request, batch.made_on, batch.expires_on)},
                       {"printed", batch.printed_at.has_value()},
                       {"url", "/t/" + batch.code},
                       {"chip", chip(services, request, "province.batch_status", batch.status)}});
    }
    return out;
}

json certificate_rows(Services const& services, Request const& request, Records const& records, Date today)
{
    json out = json::array();
    for (auto const& entry : records.certificates) {
        auto const& paper = entry.certificate;
        out.push_back(
            {{"name", paper.name.empty() ? paper.number : paper.name},
             {"number", paper.number},
             {"issuer", paper.issuer},
             {"dates", dates_of(request, paper.valid_from, paper.valid_to)},
             {"chip", chip(services, request, "province.certificate_state", to_text(state_on(paper, today)))}});
    }
    return out;
}

json event_rows(Services const& services, Request const& request, Records const& records)
{
    json out = json::array();
    for (auto const& event : records.events) {
        auto const* form = epcis::find_template(event.template_key);
        std::string const what{form == nullptr            ? std::string_view{}
                               : request.language == "en" ? form->title.en
                                                          : form->title.vi};
        out.push_back({{"what", what.empty() ? text(services, request, "province.record.event") : what},
                       {"time", show_moment(request, event.event_time.at)},
                       {"declared", show_moment(request, event.record_time)},
                       {"wrong", event.error_declared_at.has_value()}});
    }
    return out;
}

} // namespace

net::awaitable<http::Response> show_organizations(Services& services, Request const& request)
{
    struct Page {
        std::vector<db::province_desk::OrganizationLine> lines = {};
        CommuneNames communes = {};
        Risks risks = {};
    };
    std::string const query{request.query_value("query")};
    std::string const status{request.query_value("status")};
    auto work = [&services, &request, query, status](db::Connection& c) -> Result<Page> {
        auto const areas = request.who.areas("province:read");
        auto const window = window_to_order(request);
        std::optional<std::vector<std::string>> only;
        if (!query.empty()) {
            only.emplace();
            for (auto const& hit : db::search_words::find(c, std::nullopt, "organization", query, found_max))
                only->push_back(hit.entity_id);
        }
        Page out{db::province_desk::organizations(c, areas, status, only, window.first, window.count),
                 commune_names(c, services), risks_wanted(c, request, areas, services.clock.now())};
        if (by_risk(request))
            order_by_risk(out.lines, out.risks, list_window(request), [](auto const& line) { return line.id; });
        return out;
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    json rows = json::array();
    for (auto const& line : shown->lines) {
        rows.push_back({{"name", line.name},
                        {"url", "/province/organizations/" + line.id.text()},
                        {"kind", text(services, request, "province.organization_kind." + line.kind)},
                        {"tax_code", line.tax_code},
                        {"commune", name_of(shown->communes, line.commune_code)},
                        {"products", show_count(request, line.products)},
                        {"batches", show_count(request, line.batches)},
                        {"risk", risk_view(services, request, shown->risks, line.id)},
                        {"chip", chip(services, request, "province.organization_status", line.status)}});
    }
    json view{{"title", text(services, request, "province.organizations.title")},
              {"section", "organizations"},
              {"query", query},
              {"status", status},
              {"orders", order_tabs(services, request)},
              {"may_import", request.who.may("approval:write")},
              {"tabs", filter_tabs(services, request, "status", "province.organizations.status",
                                   {"", "pending", "approved", "returned", "suspended"})}};
    co_return co_await list_page(services, request, "province/organizations", std::move(view), std::move(rows),
                                 columns);
}

net::awaitable<http::Response> show_organization_records(Services& services, Request const& request)
{
    auto work = [&services, actor = actor_of(services, request), who = request.who,
                 id = OrganizationId{std::string{request.param("id")}}](db::Connection& c) {
        return read_records(c, services, actor, who, id);
    };
    auto const records = co_await services.database.write(std::move(work));
    if (!records) co_return page_problem(services, request, records.error());
    json products = json::array();
    for (auto const& product : records->products) {
        products.push_back({{"name", product.name},
                            {"url", "/province/products/" + product.id.text()},
                            {"code", product.gtin.empty() ? product.code : std::string{gs1::short_gtin(product.gtin)}},
                            {"chip", chip(services, request, "province.product_status", product.status)}});
    }
    json places = json::array();
    for (auto const& place : records->places)
        places.push_back(
            {{"name", place.name}, {"code", place.code}, {"commune", name_of(records->communes, place.commune_code)}});
    json view{{"title", text(services, request, "province.records.title", {records->head.name})},
              {"section", "organizations"},
              {"id", records->head.id.text()},
              {"products", std::move(products)},
              {"batches", batch_rows(services, request, *records)},
              {"places", std::move(places)},
              {"certificates", certificate_rows(services, request, *records, vietnam_date(services.clock.now()))},
              {"events", event_rows(services, request, *records)}};
    co_return page(services, request, "province/organization_records", std::move(view));
}

} // namespace nguon::server::pages::province
