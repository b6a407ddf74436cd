#include "server/web/navigation.hpp"

#include "server/http/router.hpp"
#include "server/service.hpp"
#include "server/services.hpp"
#include "server/web/page.hpp"

#include <array>
#include <span>

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

struct Place {
    std::string_view section; // "nav." + section is its sentence
    std::string_view url;     // the pattern of a GET route, whose access decides who sees it
    bool whole_province = false;
};

constexpr auto console_places = std::to_array<Place>({
    {"home", "/console"},
    {"products", "/console/products"},
    {"batches", "/console/batches"},
    {"ledger", "/console/ledger"},
    {"events", "/console/events"},
    {"trace", "/console/trace"},
    {"recalls", "/console/recalls"},
    {"places", "/console/places"},
    {"certificates", "/console/certificates"},
    {"needs", "/console/needs"},
    {"people", "/console/people"},
    {"complaints", "/console/complaints"},
    {"organization", "/console/organization"},
    {"members", "/console/members"},
});

constexpr auto province_places = std::to_array<Place>({
    {"province", "/province"},
    {"approvals", "/province/approvals"},
    {"organizations", "/province/organizations"},
    {"sync", "/province/sync"},
    {"alarms", "/province/alarms"},
    {"complaints", "/province/complaints"},
    {"inspections", "/province/inspections"},
    {"personal_requests", "/province/personal-requests"},
    {"data_requests", "/province/data-requests"},
    {"deadlines", "/province/deadlines"},
    {"certificates", "/province/certificates"},
    {"programme", "/province/programme", true},
    {"trace", "/province/trace"},
    {"recalls", "/province/recalls"},
    {"slips", "/province/slips"},
    {"accounts", "/province/accounts"},
    {"people", "/province/people"},
    {"audit", "/province/audit"},
});

/// The route behind a menu entry; nullptr when the service has none.
Route const* route_of(std::string_view url)
{
    static std::vector<Route> const routes = all_routes();
    for (auto const& route : routes) {
        if (route.method == Method::get && route.pattern == url) return &route;
    }
    return nullptr;
}

} // namespace

nlohmann::json navigation(Services const& services, Request const& request, std::string_view section)
{
    auto out = nlohmann::json::array();
    bool const province = request.path.starts_with("/province");
    std::span<Place const> const places{province ? std::span<Place const>{province_places} : console_places};
    for (auto const& place : places) {
        auto const* route = route_of(place.url);
        if (route == nullptr || !is_admitted(route->access, request.who)) continue;
        if (place.whole_province && !request.who.may(route->access.scope(), OrganizationId{})) continue;
        out.push_back({{"url", place.url},
                       {"text", text(services, request, "nav." + std::string{place.section})},
                       {"current", place.section == section}});
    }
    return out;
}

} // namespace nguon::server
