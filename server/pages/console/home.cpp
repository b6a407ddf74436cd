#include "db/batches.hpp"
#include "db/certificates.hpp"
#include "db/complaints.hpp"
#include "db/deliveries.hpp"
#include "db/events.hpp"
#include "db/printed_codes.hpp"
#include "db/products.hpp"
#include "db/recalls.hpp"
#include "db/targets.hpp"
#include "server/app/organizations.hpp"
#include "server/pages/console/delivery_view.hpp"
#include "server/pages/console/desk.hpp"

#include <algorithm>

namespace nguon::server::pages::console {
namespace {

constexpr std::int64_t troubles_max = 5;
constexpr auto activation_time = std::chrono::hours{24 * 7}; // between printing labels and putting them on packs

/// What the home page is made of, read in one transaction.
struct Home {
    app::OrganizationView organization = {};
    std::vector<db::products::Head> products = {};
    std::vector<db::batches::Head> batches = {};
    bool has_events = false;
    std::vector<db::certificates::Entry> ending = {}; // soon, or over
    db::deliveries::Counts counts = {};
    std::vector<db::deliveries::View> troubles = {};
    std::int64_t complaints_asked = 0; // questions of the office that wait for an answer
    std::int64_t recalled_lots = 0;    // that wait for the enterprise's amounts
    std::int64_t units_forgotten = 0;  // printed and, after some days, not activated
};

void read_deliveries(db::Connection& c, OrganizationId const& org, Home& home)
{
    for (auto const& target : db::targets::list(c)) {
        auto const counts = db::deliveries::count(c, org, target.name);
        home.counts.held += counts.held;
        home.counts.pending += counts.pending + counts.in_flight;
        home.counts.delivered += counts.delivered;
        home.counts.refused += counts.refused + counts.parked;
        for (auto const state : {db::deliveries::State::refused, db::deliveries::State::parked}) {
            db::deliveries::Filter filter;
            filter.target = target.name;
            filter.org = org;
            filter.state = state;
            filter.limit = troubles_max;
            for (auto& view : db::deliveries::page(c, filter)) home.troubles.push_back(std::move(view));
        }
    }
}

Result<Home> read_home(db::Connection& c, OrganizationId const& org, Instant now)
{
    auto const today = vietnam_date(now);
    Home home;
    auto organization = app::show_organization(c, org);
    if (!organization) return organization.error();
    home.organization = *std::move(organization);
    home.products = db::products::list(c, org, 0, page_rows);
    home.batches = db::batches::list(c, org, 0, page_rows);
    home.has_events = !db::events::of_organization(c, org, 0, 1).empty();
    for (auto& entry : db::certificates::list(c, org)) {
        auto const state = state_on(entry.certificate, today);
        bool const ends = state == CertificateState::expiring || state == CertificateState::expired;
        if (ends && entry.head.status == "active") home.ending.push_back(std::move(entry));
    }
    home.complaints_asked = db::complaints::count_asked(c, org);
    read_deliveries(c, org, home);
    home.recalled_lots = db::recalls::waiting_of(c, org);
    home.units_forgotten = db::printed_codes::count_never_activated(c, org, now - activation_time);
    return home;
}

/// The way to the first label, ticked as far as it is gone; the first step not done is the one to do now.
json steps_of(Services const& services, Request const& request, Home const& home)
{
    auto const batch_url = home.batches.empty() ? std::string{"/console/batches/new"}
                                                : "/console/batches/" + home.batches.front().id.text();
    bool const printed =
        std::ranges::any_of(home.batches, [](auto const& batch) { return batch.printed_at.has_value(); });
    struct Step {
        std::string_view key;
        bool done;
        std::string url;
    };
    std::vector<Step> const steps{
        {"product", !home.products.empty(), "/console/products/new"},
        {"batch", !home.batches.empty(), "/console/batches/new"},
        {"events", home.has_events, home.batches.empty() ? batch_url : batch_url + "/events/new"},
        {"labels", printed, home.batches.empty() ? batch_url : batch_url + "/labels"},
    };
    json out = json::array();
    bool next_found = false;
    for (auto const& step : steps) {
        bool const now = !step.done && !next_found;
        next_found = next_found || now;
        out.push_back({{"title", text(services, request, "console.home.step." + std::string{step.key})},
                       {"text", text(services, request, "console.home.step." + std::string{step.key} + ".text")},
                       {"done", step.done},
                       {"now", now},
                       {"url", step.url}});
    }
    return out;
}

json certificates_of(Services const& services, Request const& request, Home const& home, Date today)
{
    json out = json::array();
    for (auto const& entry : home.ending) {
        auto const& certificate = entry.certificate;
        out.push_back(
            {{"title", certificate.name.empty()
                           ? text(services, request, "console.certificate.kind." + certificate.kind)
                           : certificate.name},
             {"number", certificate.number},
             {"valid_to", show_date(request, certificate.valid_to)},
             {"chip", chip(services, request, "console.certificate.state", to_text(state_on(certificate, today)))}});
    }
    return out;
}

json home_view(Services const& services, Request const& request, Home const& home, Date today)
{
    auto const& head = home.organization.head;
    auto steps = steps_of(services, request, home);
    bool const all_done = std::ranges::all_of(steps, [](json const& step) { return step["done"].get<bool>(); });
    json view{{"title", home.organization.latest.name},
              {"section", "home"},
              {"status", chip(services, request, "console.organization.status", head.status)},
              {"status_text", text(services, request, "console.organization.status." + head.status + ".text")},
              {"status_tone", head.status == "approved"  ? "good"
                              : head.status == "pending" ? "info"
                                                         : "bad"},
              {"status_reason", head.status == "approved" ? std::string{} : head.status_reason},
              {"may_fix", head.status == "returned"},
              {"approved", head.status == "approved"},
              {"steps", std::move(steps)},
              {"all_done", all_done},
              {"may_make", request.who.may("batch:write")},
              {"may_record", request.who.may("event:write")},
              {"certificates", certificates_of(services, request, home, today)},
              {"has_certificates", !home.ending.empty()}};
    bool const many_products = home.products.size() == static_cast<std::size_t>(page_rows);
    bool const many_batches = home.batches.size() == static_cast<std::size_t>(page_rows);
    auto const figure = [&](std::size_t count, bool more) {
        return show_count(request, static_cast<std::int64_t>(count)) + (more ? "+" : "");
    };
    view["products_count"] = figure(home.products.size(), many_products);
    view["batches_count"] = figure(home.batches.size(), many_batches);
    view["complaints_asked"] =
        home.complaints_asked > 0 && request.who.may("complaint:read")
            ? text(services, request, "cases.firm.asked", {show_count(request, home.complaints_asked)})
            : std::string{};
    view["delivered_count"] = show_count(request, home.counts.delivered);
    view["waiting_count"] = show_count(request, home.counts.held + home.counts.pending);
    view["refused_count"] = show_count(request, home.counts.refused);
    view["troubles"] = json::array();
    for (auto const& trouble : home.troubles) view["troubles"].push_back(delivery_view(services, request, trouble));
    view["has_troubles"] = !home.troubles.empty();
    view["held"] = home.counts.held > 0;
    view["held_count"] = show_count(request, home.counts.held);
    view["incomplete"] = json::array();
    for (auto const& product : home.products) {
        if (product.status == "returned" || (product.status == "published" && !product.missing.empty()))
            view["incomplete"].push_back({{"name", product.name},
                                          {"url", "/console/products/" + product.id.text()},
                                          {"chip", chip(services, request, "console.product.status", product.status)},
                                          {"reason", product.status == "returned" ? product.status_reason : ""}});
    }
    view["has_incomplete"] = !view["incomplete"].empty();
    view["recalled_lots"] = home.recalled_lots > 0 ? text(services, request, "recalls.home_waiting",
                                                          {show_count(request, home.recalled_lots)})
                                                   : std::string{};
    bool const may_activate = request.who.may("label:print") && home.units_forgotten > 0;
    view["units_forgotten"] = may_activate ? show_count(request, home.units_forgotten) : std::string{};
    return view;
}

} // namespace

net::awaitable<http::Response> show_home(Services& services, Request const& request)
{
    auto const now = services.clock.now();
    auto const today = vietnam_date(now);
    auto work = [org = request.who.org, now](db::Connection& c) { return read_home(c, org, now); };
    auto const home = co_await services.database.read(std::move(work));
    if (!home) co_return page_problem(services, request, home.error());
    co_return console_page(services, request, "console/home", home_view(services, request, *home, today));
}

} // namespace nguon::server::pages::console
